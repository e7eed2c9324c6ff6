package transfer

import (
	"time"

	"example.com/handover/pkg/fact"
)

// SupportChannel is the way to support that people of the reseller set up for the customer.
type SupportChannel struct {
	ID        string   `json:"id"`                  // chosen before support is asked
	Requested bool     `json:"requested,omitempty"` // support has it
	Failed    bool     `json:"failed,omitempty"`    // it was not set up: the next try has another id
	Ask       Patience `json:"ask,omitzero"`
}

// IntendChannel keeps the id of the channel, before support is asked for it: the given one, or the one that was kept
// before. Refused when the step does not want one, or has one.
func (t *Transfer) IntendChannel(id string) ([]fact.Fact, error) {
	if !t.wantsChannel() {
		return nil, t.stateRefuses("given a support channel")
	}
	switch {
	case t.Channel == nil:
		t.Channel = &SupportChannel{ID: id}
	case t.Channel.Failed:
		*t.Channel = SupportChannel{ID: id, Ask: t.Channel.Ask}
	}
	return nil, nil
}

func (t *Transfer) wantsChannel() bool {
	s := t.work(ChannelReady)
	return s != nil && s.State == Open && (t.Channel == nil || t.Channel.Failed || !t.Channel.Requested)
}

// ChannelRequested notes that support has the channel and that its people are at it.
func (t *Transfer) ChannelRequested(id string) ([]fact.Fact, error) {
	if t.Channel == nil || t.Channel.ID != id || t.Channel.Requested || t.State.Ended() {
		return nil, nil
	}
	t.Channel.Requested, t.Channel.Ask = true, Patience{}
	return []fact.Fact{tell(FactChannelRequested, "The support channel was asked for.", "channel_id", id)}, nil
}

// ChannelNotRequested notes that support did not answer, or will not for now.
func (t *Transfer) ChannelNotRequested(id string, why Absence, now time.Time) ([]fact.Fact, error) {
	if t.Channel != nil && t.Channel.ID == id && !t.State.Ended() {
		t.Channel.Ask.wait(why, now)
	}
	return nil, nil
}

// NoChannel notes that there is no order to set up a channel for.
func (t *Transfer) NoChannel(now time.Time) ([]fact.Fact, error) {
	if !t.wantsChannel() {
		return nil, nil
	}
	return t.broken(t.stepFor(ChannelReady), Failure{CodeChannelFailed, "a channel is set up for an order, and there is none"}, Blocked{
		Owner: Reseller, What: "Set up the support of the customer by hand, then skip the step.", Where: "TransferService.SkipStep",
	}, now), nil
}

// ObserveChannel brings the channel to what support says: it is ready, or failed. Another channel than ours changes
// nothing.
func (t *Transfer) ObserveChannel(id string, ready bool, now time.Time) ([]fact.Fact, error) {
	if t.Channel == nil || t.Channel.ID != id || t.Channel.Failed || t.State.Ended() {
		return nil, nil
	}
	if s := t.stepFor(ChannelReady); s == nil || s.State.closed() {
		return nil, nil
	}
	t.Channel.Requested = true // its event may be faster than the answer of our call
	if ready {
		facts := []fact.Fact{tell(FactChannelReady, "The support channel is ready.", "channel_id", id)}
		facts = append(facts, t.observed(ChannelReady, now)...)
		return append(facts, t.advance(now)...), nil
	}
	t.Channel.Failed = true
	s := t.work(ChannelReady)
	if s == nil {
		return nil, nil
	}
	return t.broken(s, Failure{CodeChannelFailed, "the support channel was not set up"}, Blocked{
		Owner: Reseller, What: "Find out why its case was ended; then retry the step to ask for another channel, or skip it.",
		Where: "TransferService.RetryStep, TransferService.SkipStep",
	}, now), nil
}

// channelTimers asks for the channel while its step is open. One that has failed is asked for again only when
// Operations says so: people worked on it.
func (t *Transfer) channelTimers() []timer {
	if !t.wantsChannel() {
		return nil
	}
	at := immediately
	if t.Channel != nil {
		at = t.Channel.Ask.next()
	}
	return []timer{{at: at, kind: SetUpChannel}}
}
