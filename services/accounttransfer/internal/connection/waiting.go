package connection

import (
	"example.com/handover/pkg/text"
	"example.com/handover/services/accounttransfer/internal/process"
)

// Waiting says who must act before the connection goes on; nil when nobody outside has to.
func (c *Connection) Waiting() *process.Waiting {
	if c.State == Ended {
		return nil
	}
	for _, cond := range c.conditions() {
		if b, blocked := c.Blocks[cond]; blocked && !b.Final {
			return &process.Waiting{Owner: b.Blocked.Owner, Text: b.Blocked.Text}
		}
	}
	switch inv := c.Current(); {
	case c.Contract.Revoking() != nil && c.Withdrawing():
		return &process.Waiting{Owner: process.Customer, Text: text.New("wait.revoking")}
	case c.Withdrawing():
		return &process.Waiting{Owner: process.AWS, Text: text.New("wait.withdrawing")}
	case inv != nil && inv.State == Requested && !inv.Cancel:
		return &process.Waiting{Owner: process.Customer, Text: text.New("step.accept-invitation"), Until: inv.AcceptBy}
	case c.State == Effective && c.Contract.Pending() != nil:
		return &process.Waiting{Owner: process.Customer, Text: text.New("step.accept-service-term")}
	}
	return nil
}
