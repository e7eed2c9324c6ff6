// Package channel is the way in which a customer's people get support: asked for once, set up by people in a case, and
// ready when they have resolved it.
//
// It owns what a channel becomes of its case. It does not own the case (package cases).
package channel

import (
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
	"example.com/handover/services/support/internal/cases"
)

// State is where a channel stands.
type State string

// The states. FAILED, REPLACED and ENDED are never left: another channel is another try.
const (
	SettingUp State = "SETTING_UP"
	Ready     State = "READY"
	Failed    State = "FAILED"
	Replaced  State = "REPLACED" // another one of its order serves
	Ending    State = "ENDING"   // its agreement has ended; it serves until people have taken it away
	Ended     State = "ENDED"
)

// Kind is who supports.
type Kind string

// The kinds.
const (
	PartnerLed Kind = "PARTNER_LED" // the reseller, with a portal of its own
	Resold     Kind = "RESOLD"      // AWS, sold by the reseller
)

// Channel is the stored document.
type Channel struct {
	ID           string    `json:"id"`
	CustomerID   string    `json:"customer_id"`
	OrderID      string    `json:"order_id"` // also the correlation of its events
	Kind         Kind      `json:"kind"`
	State        State     `json:"state"`
	CaseID       string    `json:"case_id"` // in which people set it up
	PortalURL    string    `json:"portal_url,omitempty"`
	AccountSysID string    `json:"account_sys_id,omitempty"` // of the customer in ServiceNow
	ReadyAt      time.Time `json:"ready_at,omitzero"`
	Instead      bool      `json:"instead,omitempty"`     // another one of its order served when it was asked for
	EndCaseID    string    `json:"end_case_id,omitempty"` // in which people take it away
}

// Wanted is what somebody asks for.
type Wanted struct {
	ID, CustomerID, OrderID string
	Kind                    Kind
}

// New asks for a channel, with the case in which people set it up, instead of another one that serves or as the first of its order.
// Refused with CHANNEL_KIND_INVALID.
func New(w Wanted, caseID string, instead bool) (*Channel, []fact.Fact, error) {
	if w.Kind != PartnerLed && w.Kind != Resold {
		return nil, nil, errs.InvalidField("kind", ReasonChannelKindInvalid, "say who supports: %s or %s", PartnerLed, Resold)
	}
	c := &Channel{ID: w.ID, CustomerID: w.CustomerID, OrderID: w.OrderID, Kind: w.Kind, State: SettingUp, CaseID: caseID, Instead: instead}
	return c, []fact.Fact{{
		Name: FactRequested, Audience: fact.Customer,
		Details: map[string]string{"kind": string(w.Kind), "case_id": caseID},
	}}, nil
}

// AskedAs reports whether the channel is what was asked for: none of it changes afterwards.
func (c *Channel) AskedAs(w Wanted) bool {
	return w == Wanted{ID: c.ID, CustomerID: c.CustomerID, OrderID: c.OrderID, Kind: c.Kind}
}

// Opening is the case in which people set the channel up, and what it is about.
func (c *Channel) Opening() (cases.Opening, text.Text) {
	key := "channel_setup.resold"
	switch {
	case c.Kind == PartnerLed && c.Instead:
		key = "channel_setup.partner_led_instead"
	case c.Kind == PartnerLed:
		key = "channel_setup.partner_led"
	case c.Instead:
		key = "channel_setup.resold_instead"
	}
	about := text.New(key, "customer", c.CustomerID)
	return cases.Opening{ID: c.CaseID, CustomerID: c.CustomerID, Correlation: c.OrderID, SubjectID: c.ID}, about
}

// Follow brings a channel to where its cases are. The portal is the reseller's; customers whom AWS supports have none.
func (c *Channel) Follow(k *cases.Case, portalURL string, now time.Time) ([]fact.Fact, error) {
	switch {
	case c.State == Ending && k.ID == c.EndCaseID && (k.State == cases.Resolved || k.State.Ended()): // whoever cancels it leaves the access
		c.State, c.PortalURL = Ended, ""
		return []fact.Fact{{Name: FactEnded, Audience: fact.Customer}}, nil
	case c.State != SettingUp || k.ID != c.CaseID:
		return nil, nil
	case k.Resolution != nil && (k.State == cases.Resolved || k.State == cases.Closed):
		c.State, c.ReadyAt = Ready, now
		if k.Record != nil {
			c.AccountSysID = k.Record.AccountSysID
		}
		if c.Kind == PartnerLed {
			c.PortalURL = portalURL
		}
		return []fact.Fact{{Name: FactReady, Audience: fact.Customer}}, nil
	case k.State.Ended():
		c.State = Failed
		return []fact.Fact{{
			Name: FactFailed, Audience: fact.Operator,
			Details: map[string]string{"case_id": c.CaseID},
		}}, nil
	}
	return nil, nil
}

// Replaceable reports whether another channel of its order can take its place: it serves, or nobody has set it up yet.
func (c *Channel) Replaceable() bool { return c.State == Ready || c.State == SettingUp }

// Replace ends a channel in whose place another one of its order serves.
func (c *Channel) Replace() []fact.Fact {
	if !c.Replaceable() {
		return nil
	}
	c.State, c.PortalURL = Replaced, ""
	return []fact.Fact{{Name: FactReplaced, Audience: fact.Customer}}
}
