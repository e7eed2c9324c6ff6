package cases

import (
	"time"

	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
)

// The mail that tells Operations of a wait that takes longer than planned, and its schedule.
const (
	overlongMail = "escalation-operations"
	overlongPlan = "operations-escalation"
)

// Wanted are the mails to Operations about a case that has stood still for too long, until it moves.
func (c *Case) Wanted() []intent.Wish {
	w := c.work()
	if w == nil || !c.Escalated {
		return nil
	}
	params := []string{
		"case", c.ID, "kind", string(c.Kind), "title", c.Title, "owner", string(w.Owner), "since", c.ChangedAt.UTC().Format(time.RFC3339),
	}
	if c.Record != nil {
		params = append(params, "number", c.Record.Number)
	}
	return []intent.Wish{{
		Key: "remind/escalated/" + c.ChangedAt.UTC().Format(time.RFC3339), Kind: intent.Reminder, Name: overlongMail, Plan: overlongPlan,
		To: "OPERATIONS", Title: text.New("overlong.title", params...), Body: text.New("overlong.body", params...), Where: w.Text,
	}}
}
