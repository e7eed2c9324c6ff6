package cases

import (
	"slices"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/fact"
)

// Party is a side of a case.
type Party string

// The parties.
const (
	Reseller Party = "RESELLER"
	Customer Party = "CUSTOMER"
	Platform Party = "PLATFORM"
	AWS      Party = "AWS"
)

const (
	commentsKept    = 100
	commentsWaiting = 50              // most that may wait for ServiceNow
	overlap         = 2 * time.Minute // entries of this age may still turn up behind a newer one
)

// Comment is one thing that was said.
type Comment struct {
	ID      string    `json:"id"` // ours "cmt_…"; of ServiceNow's people the sys_id of their entry
	Text    string    `json:"text"`
	Side    Party     `json:"side"`
	At      time.Time `json:"at"`
	Sent    bool      `json:"sent,omitempty"`    // ServiceNow has it
	Own     bool      `json:"own,omitempty"`     // it was said here, and not in ServiceNow
	Refused bool      `json:"refused,omitempty"` // ServiceNow does not take it
}

func (m Comment) waits() bool { return m.Own && !m.Sent && !m.Refused }

// Say adds a comment, which ServiceNow gets. Refused with CASE_CLOSED, and with STATE_REFUSES while too many wait.
func (c *Case) Say(commentID, text string, by call.Actor, now time.Time) ([]fact.Fact, error) {
	if err := c.going("commented"); err != nil {
		return nil, err
	}
	waiting := 0
	for _, m := range c.Comments {
		if m.waits() {
			waiting++
		}
	}
	if waiting >= commentsWaiting {
		return nil, c.stateRefuses("%d comments wait for ServiceNow already", waiting)
	}
	side := sideOf(by)
	c.keep(Comment{ID: commentID, Text: text, Side: side, At: now, Own: true})
	c.moved(now)
	return []fact.Fact{c.said(side)}, nil
}

func (c *Case) said(side Party) fact.Fact {
	return c.tell(FactCommented, "side", string(side))
}

func sideOf(by call.Actor) Party {
	switch {
	case outside(by):
		return Customer
	case by.Role == "SERVICE" && by.OnBehalfOf == "":
		return Platform
	default:
		return Reseller
	}
}

// hear adds what ServiceNow's people said since the journal was last read.
func (c *Case) hear(journal Journal) []fact.Fact {
	var facts []fact.Fact
	since := c.Record.HeardTo.Add(-overlap)
	for _, e := range journal {
		if e.At.Before(since) || c.comment(e.ID) != nil {
			continue
		}
		c.keep(Comment{ID: e.ID, Text: e.Text, Side: Reseller, At: e.At, Sent: true})
		facts = append(facts, c.said(Reseller))
		if e.At.After(c.Record.HeardTo) {
			c.Record.HeardTo = e.At
		}
	}
	return facts
}

// keep adds a comment in the order of time. Of too many the oldest goes, but none that ServiceNow is still to get.
func (c *Case) keep(m Comment) {
	c.Comments = append(c.Comments, m)
	slices.SortStableFunc(c.Comments, func(a, b Comment) int { return a.At.Compare(b.At) })
	if len(c.Comments) > commentsKept {
		oldest := slices.IndexFunc(c.Comments, func(m Comment) bool { return !m.waits() })
		c.Comments = slices.Delete(c.Comments, oldest, oldest+1)
	}
}

func (c *Case) comment(id string) *Comment {
	i := slices.IndexFunc(c.Comments, func(m Comment) bool { return m.ID == id })
	if i < 0 {
		return nil
	}
	return &c.Comments[i]
}
