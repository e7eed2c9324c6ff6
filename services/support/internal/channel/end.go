package channel

import (
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
	"example.com/handover/services/support/internal/cases"
)

// End follows the end of its agreement: a channel that serves is taken away by people, in this case; one that nobody has set up ends at
// once, and its case is to be resolved.
func (c *Channel) End(caseID string) []fact.Fact {
	switch c.State {
	case Ready:
		c.State, c.EndCaseID = Ending, caseID
		return []fact.Fact{{Name: FactEnding, Audience: fact.Customer}}
	case SettingUp:
		c.State = Ended
		return []fact.Fact{{Name: FactEnded, Audience: fact.Customer}}
	case Failed, Replaced, Ending, Ended:
	}
	return nil
}

// Removal is the case in which people take the channel away, and what it is about; replaced says that another agreement has taken the
// place of the one that ended.
func (c *Channel) Removal(replaced bool) (cases.Opening, text.Text) {
	key := "channel_removal.resold"
	switch {
	case replaced:
		key = "channel_removal.replaced"
	case c.Kind == PartnerLed:
		key = "channel_removal.partner_led"
	}
	about := text.New(key, "customer", c.CustomerID)
	return cases.Opening{ID: c.EndCaseID, CustomerID: c.CustomerID, Correlation: c.OrderID, SubjectID: c.ID}, about
}
