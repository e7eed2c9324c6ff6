package accountrequest

import (
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/mailaddress"
)

// Mailbox is the mailbox of the root user of an account: personal data, kept in its own table and never put into a fact, a log or
// another document.
type Mailbox struct {
	ID         string `json:"id"`
	CustomerID string `json:"customer_id"`
	Address    string `json:"address,omitempty"`
	Held       bool   `json:"held,omitempty"` // no other request may have the same address
	Erased     bool   `json:"erased,omitempty"`
}

// What AWS takes as an address.
const (
	shortestAddress = 6
	longestAddress  = 64
)

// NewMailbox returns a mailbox whose existence somebody has confirmed (XFR-NA-14, XFR-NA-15). Refused with MAILBOX_NOT_CONFIRMED and
// ROOT_EMAIL_INVALID.
func NewMailbox(m Mailbox, confirmed bool) (*Mailbox, error) {
	address, err := checked(m.Address, confirmed)
	if err != nil {
		return nil, err
	}
	m.Address, m.Held = address, true
	return &m, nil
}

// checked returns an address as AWS takes it, which knows no other characters than ASCII.
func checked(given string, confirmed bool) (string, error) {
	address, err := mailaddress.ASCII(given)
	switch {
	case err != nil || len(address) < shortestAddress || len(address) > longestAddress:
		return "", errs.InvalidField("root_email", ReasonRootEmailInvalid,
			"AWS takes addresses of %d to %d characters, with a full domain", shortestAddress, longestAddress).
			WithRemedy(customerMends("remedy.other-mailbox"))
	case !confirmed:
		return "", errs.InvalidField("mailbox_confirmed", ReasonMailboxNotConfirmed, "confirm that the mailbox exists and is read").
			WithRemedy(customerMends("remedy.confirm-mailbox"))
	}
	return address, nil
}

// Key is what two spellings of one address have in common; empty: it holds none.
func (m *Mailbox) Key() string {
	if !m.Held {
		return ""
	}
	return mailaddress.Key(m.Address)
}

// Revise gives a mailbox another address. The refusals are those of NewMailbox.
func (m *Mailbox) Revise(address string, confirmed bool) error {
	address, err := checked(address, confirmed)
	if err != nil {
		return err
	}
	m.Address, m.Erased = address, false
	return nil
}

// Hold notes whether the address is kept from other requests.
func (m *Mailbox) Hold(held bool) ([]fact.Fact, error) {
	m.Held = held && !m.Erased
	return nil, nil
}

// Erase blanks the address and keeps the id.
func (m *Mailbox) Erase() ([]fact.Fact, error) {
	*m = Mailbox{ID: m.ID, CustomerID: m.CustomerID, Erased: true}
	return nil, nil
}

// AddressInUse is the refusal of an address that another request, or an account, has. It does not say whose.
func AddressInUse() error {
	return errs.New(errs.Precondition, ReasonRootEmailInUse, "the address is in use").
		WithField("root_email", ReasonRootEmailInUse, "is in use").WithRemedy(customerMends("remedy.other-mailbox"))
}
