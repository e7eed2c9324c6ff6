package change

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/text"
)

// People are whom mails about one agreement go to, by id. Empty: whoever has that role for the customer.
type People struct {
	Primary   string `json:"primary,omitempty"`
	Technical string `json:"technical,omitempty"`
	Billing   string `json:"billing,omitempty"`
}

// asCustomer is what the people of an agreement are called where none is its own.
const asCustomer = "CUSTOMER"

// String names them in one word.
func (p People) String() string {
	var all []string
	for _, each := range p.roles() {
		if each.id != "" {
			all = append(all, each.role+"="+each.id)
		}
	}
	return cmp.Or(strings.Join(all, " "), asCustomer)
}

type roleOf struct{ role, field, id string }

func (p People) roles() []roleOf {
	return []roleOf{
		{"PRIMARY", "contacts.primary_person_id", p.Primary},
		{"TECHNICAL", "contacts.technical_person_id", p.Technical},
		{"BILLING", "contacts.billing_person_id", p.Billing},
	}
}

// Or are these people, and others where there is none, or one whom nobody knows any more.
func (p People) Or(others People, knows func(personID string) bool) People {
	known := func(id, other string) string {
		if id != "" && knows(id) {
			return id
		}
		return other
	}
	return People{
		Primary: known(p.Primary, others.Primary), Technical: known(p.Technical, others.Technical), Billing: known(p.Billing, others.Billing),
	}
}

// Told are the people who hear of a change: those who were written to in a role that has changed hands, and those who are from now on.
func (h Held) Told(next People) (ids []string) {
	before, after := h.People.Or(h.Usual, h.Knows).roles(), next.Or(h.Usual, h.Knows).roles()
	for i := range before {
		if before[i].id == after[i].id {
			continue
		}
		for _, id := range []string{before[i].id, after[i].id} {
			if id != "" && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// peopleAgainst refuses people whom the customer does not have, those who are there already, and another month than this one: whom we write
// to is changed at once.
func (a Asked) peopleAgainst(h Held, now time.Time) error {
	if a.People == nil {
		return errs.InvalidField("contacts", ReasonFieldRequired, "say who it is to be").
			WithRemedy(errs.Remedy{Who: roleCustomer, Text: text.New("remedy.fill_in_request")})
	}
	for _, each := range a.People.roles() {
		if each.id != "" && !h.Knows(each.id) {
			return errs.InvalidField(each.field, ReasonContactUnknown, "it is no person of this customer").
				WithRemedy(errs.Remedy{Who: roleCustomer, Text: text.New("remedy.choose_person")})
		}
	}
	if *a.People == h.People {
		return errs.New(errs.Precondition, ReasonWithoutEffect, "the contacts are these already").
			WithField("contacts", ReasonWithoutEffect, "is so already").
			WithRemedy(errs.Remedy{Who: roleCustomer, Text: text.New("remedy.ask_for_other")})
	}
	if this := calendar.MonthOf(now); a.From != this {
		return errs.InvalidField("from_month", ReasonMonthRefused, "contacts are changed at once").
			WithRemedy(errs.Remedy{Who: roleCustomer, Text: text.New("remedy.choose_month", "from", this.String(), "until", this.String())})
	}
	return nil
}
