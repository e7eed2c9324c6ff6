package journey

import (
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/services/accounttransfer/internal/journey/templates"
	"example.com/handover/services/accounttransfer/internal/process"
)

// Channel is the way to support that people of the reseller set up for the customer.
type Channel struct {
	ID        string `json:"id"`                  // chosen before support is asked
	Requested bool   `json:"requested,omitempty"` // support has it
	Failed    bool   `json:"failed,omitempty"`    // it was not set up: the next try has another id
}

// EffectChannel is the effect by which support is asked for a channel.
const EffectChannel = "set-up-channel"

// ChannelWanted is when support is asked for a channel: while its step is open, and none is asked for. One that has failed is
// asked for again only when Operations says so: people worked on it.
func (t *Transfer) ChannelWanted() []intent.Want {
	s := t.Working(templates.ChannelReady)
	if !t.underWay() || s == nil || s.State != process.Open || t.Channel != nil && t.Channel.Requested && !t.Channel.Failed {
		return nil
	}
	return intent.Now()
}

// IntendChannel keeps the id of the channel, before support is asked for it.
func (t *Transfer) IntendChannel(id string) { t.Channel = &Channel{ID: id} }

// ChannelRequested notes that support has the channel and that its people are at it.
func (t *Transfer) ChannelRequested() []fact.Fact {
	if t.Channel == nil || t.Channel.Requested || t.State.Ended() {
		return nil
	}
	t.Channel.Requested = true
	return []fact.Fact{tell(FactChannelRequested, "channel_id", t.Channel.ID)}
}

// NoChannel notes that there is no order to set up a channel for.
func (t *Transfer) NoChannel(now time.Time) []fact.Fact {
	s := t.Working(templates.ChannelReady)
	if s == nil {
		return nil
	}
	return s.Fail(process.Failure{Code: CodeChannelFailed, Text: instruct("failure.NO_ORDER")},
		process.Blocked{Owner: process.Reseller, Text: instruct("remedy.channel-by-hand")}, now)
}

// ObserveChannel brings the channel to what support says: it is ready, or failed. Another channel than ours changes
// nothing.
func (t *Transfer) ObserveChannel(id string, ready bool, now time.Time) []fact.Fact {
	s := t.For(templates.ChannelReady)
	if t.Channel == nil || t.Channel.ID != id || t.Channel.Failed || t.State.Ended() || s == nil || s.State.Closed() {
		return nil
	}
	t.Channel.Requested = true // its event may be faster than the answer of our call
	if ready {
		facts := []fact.Fact{tell(FactChannelReady, "channel_id", id)}
		return append(facts, t.Observe(process.Report{Condition: templates.ChannelReady, Met: true}, now)...)
	}
	t.Channel.Failed = true
	if !t.underWay() || !s.State.Active() {
		return nil
	}
	return s.Fail(failure(CodeChannelFailed), process.Blocked{Owner: process.Reseller, Text: instruct("remedy.channel-failed")}, now)
}
