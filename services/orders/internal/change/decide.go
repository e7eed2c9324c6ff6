package change

import (
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/text"
	"example.com/handover/services/orders/internal/review"
)

// Outcome is what can be decided.
type Outcome string

// The outcomes.
const (
	Accept Outcome = "ACCEPT"
	Refuse Outcome = "REFUSE"
)

// Outcomes returns every outcome, for exhaustive tables.
func Outcomes() []Outcome { return []Outcome{Accept, Refuse} }

// Decision is what Operations decided.
type Decision = review.Decision[Outcome]

// Reasons of refusals, as the contract names them.
const (
	ReasonNotOffered        = "CHANGE_NOT_OFFERED"
	ReasonWithoutEffect     = "CHANGE_WITHOUT_EFFECT"
	ReasonMonthRefused      = "MONTH_REFUSED"
	ReasonCurrencyNotServed = "CURRENCY_NOT_SERVED"
	ReasonFieldRequired     = "FIELD_REQUIRED"
	ReasonContactUnknown    = "CONTACT_UNKNOWN"
	ReasonRoleDenied        = "ROLE_DENIED" // shared by all services
)

// The roles that can mend, or that decide what may be asked for.
const (
	roleOperator = "OPERATOR"
	roleCustomer = "CUSTOMER"
)

// Ahead is how many months ahead a change can be ordered.
const Ahead = 12

// Held is what a change is held against.
type Held struct {
	AgreementID string

	Terms  Terms                      // as they are
	Serves func(currency string) bool // whether the seller invoices in it
	End    time.Time                  // first instant that AWS bills no more; zero: open

	People People                     // who are its own contacts
	Usual  People                     // and who are the customer's
	Knows  func(personID string) bool // whether the customer has such a person, who can be reached
}

// Against refuses what cannot be asked for: with CHANGE_NOT_OFFERED, ROLE_DENIED, FIELD_REQUIRED, CURRENCY_NOT_SERVED,
// CONTACT_UNKNOWN, CHANGE_WITHOUT_EFFECT and MONTH_REFUSED.
func (a Asked) Against(h Held, role string, now time.Time) error {
	switch {
	case a.Kind == Payer:
		return notOffered("the payer of an agreement", text.New("remedy.change_payer"), roleOperator)
	case a.Kind == FurtherOrganization:
		instead := text.New("remedy.order_organization", "agreement", h.AgreementID)
		return notOffered("how many organizations an agreement has", instead, roleCustomer).WithMeta("like_agreement_id", h.AgreementID)
	case a.Kind == Contacts:
		return a.peopleAgainst(h, now)
	case a.Kind == Discount && role != roleOperator:
		return errs.New(errs.Denied, ReasonRoleDenied, "only Operations orders a discount").
			WithRemedy(errs.Remedy{Who: roleOperator, Text: text.New("remedy.ask_for_discount")})
	case a.Value() == "":
		return errs.InvalidField(a.field(), ReasonFieldRequired, "say what it is to be").
			WithRemedy(errs.Remedy{Who: roleCustomer, Text: text.New("remedy.fill_in_request")})
	case !a.Served(h):
		return notServed(a.CurrencyCode)
	case a.Value() == h.Terms.Of(a.Kind):
		return errs.New(errs.Precondition, ReasonWithoutEffect, "the agreement has %s already", a.Value()).
			WithField(a.field(), ReasonWithoutEffect, "is so already").
			WithRemedy(errs.Remedy{Who: roleCustomer, Text: text.New("remedy.ask_for_other")})
	}
	return monthAgainst(a.From, h.End, now)
}

// Served reports whether the seller invoices in the currency that is asked for, if one is.
func (a Asked) Served(h Held) bool { return a.Kind != Currency || h.Serves(a.CurrencyCode) }

// field is the one of a request that holds the value.
func (a Asked) field() string {
	return map[Kind]string{SupportOption: "support_option", Currency: "currency_code", Discount: "discount_percent"}[a.Kind]
}

// Decide records a decision, and from which month an accepted change holds: the one that is given, or the one that was asked for, or this
// one when that is over. Refused with FIELD_REQUIRED, CURRENCY_NOT_SERVED and MONTH_REFUSED.
func (c *Change) Decide(d Decision, from calendar.Month, h Held) error {
	if d.Outcome == Refuse && d.Reason == "" {
		return errs.InvalidField("reason", ReasonFieldRequired, "say why").
			WithRemedy(errs.Remedy{Who: roleOperator, Text: text.New("remedy.give_reason")})
	}
	next := *c
	next.Decision, next.LapsesAt, next.Phase = d, time.Time{}, Over
	if d.Outcome == Accept {
		if next.Phase = Accepted; from.IsZero() {
			from = laterMonth(c.From, calendar.MonthOf(d.DecidedAt))
		}
		if next.From = from; !c.Served(h) {
			return notServed(c.CurrencyCode)
		}
		if err := monthAgainst(from, h.End, d.DecidedAt); err != nil {
			return err
		}
	}
	*c = next
	return nil
}

// monthAgainst refuses a month that is over, because it may be invoiced, one that is far away, and one that is billed no more.
func monthAgainst(from calendar.Month, end, now time.Time) error {
	this := calendar.MonthOf(now)
	refuse := func(why string) error {
		return errs.InvalidField("from_month", ReasonMonthRefused, "%s: %s", from, why).
			WithRemedy(errs.Remedy{Who: roleOperator, Text: text.New("remedy.choose_month",
				"from", this.String(), "until", this.AddMonths(Ahead).String())})
	}
	switch {
	case from.Compare(this) < 0:
		return refuse("the month is over, and what is invoiced does not change")
	case from.Compare(this.AddMonths(Ahead)) > 0:
		return refuse("the month is too far away")
	case Ends(from, end):
		return refuse("the agreement has ended by then")
	}
	return nil
}

// Ends reports whether nothing of a month is billed because of an end; zero: there is none.
func Ends(month calendar.Month, end time.Time) bool {
	return !end.IsZero() && !month.Start().Before(end)
}

func laterMonth(a, b calendar.Month) calendar.Month {
	if a.Compare(b) < 0 {
		return b
	}
	return a
}

// notOffered is the refusal of what no order changes; the remedy says what is done instead.
func notOffered(what string, remedy text.Text, who string) *errs.Error {
	return errs.New(errs.Precondition, ReasonNotOffered, "%s is not changed by an order", what).
		WithField("kind", ReasonNotOffered, "is not offered").
		WithRemedy(errs.Remedy{Who: who, Text: remedy})
}

func notServed(currency string) error {
	return errs.InvalidField("currency_code", ReasonCurrencyNotServed, "the seller does not invoice in %s", currency).
		WithRemedy(errs.Remedy{Who: roleOperator, Text: text.New("remedy.ask_currencies")})
}
