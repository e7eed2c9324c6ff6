package agreement

import (
	"maps"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/optional"
	"example.com/handover/pkg/text"
	"example.com/handover/services/orders/internal/party"
)

// Edit holds the new values of a change; nil leaves a field as it is.
type Edit struct {
	CurrencyCode *string
	TermPolicy   *Policy
	ExternalID   *string
	Labels       *map[string]string
}

// Revise changes the currency of the invoices, from the month that is under way on when AWS bills already, after the account manager has
// checked it (BIL-016 to BIL-018), how the end of the minimum term is counted, and the caller's own marks. A draft's currency is
// changed in its order; the marks are the caller's in every state. Refused with STATE_REFUSES, with CHANGE_OPEN while a change is open,
// with CURRENCY_NOT_SERVED for what the seller does not invoice in, and with what reviseTerm says.
func (a *Agreement) Revise(e Edit, seller party.Seller, now time.Time) ([]fact.Fact, error) {
	next := *a
	facts, err := next.reviseCurrency(e.CurrencyCode, seller, now)
	if err != nil {
		return nil, err
	}
	counted, err := next.reviseTerm(e.TermPolicy)
	if err != nil {
		return nil, err
	}
	facts = append(facts, counted...)
	optional.Set(&next.ExternalID, e.ExternalID)
	optional.Set(&next.Labels, e.Labels)
	if next.ExternalID != a.ExternalID || !maps.Equal(next.Labels, a.Labels) {
		facts = append(facts, saying("agreement.tagged", tell(FactUpdated)))
	}
	*a = next
	return facts, nil
}

func (a *Agreement) reviseCurrency(code *string, seller party.Seller, now time.Time) ([]fact.Fact, error) {
	switch {
	case code == nil || *code == a.CurrencyCode && (a.State == Provisioning || a.State == Active):
		return nil, nil
	case a.State != Provisioning && a.State != Active:
		remedy := a.instead()
		if a.State == Draft {
			remedy.Text = text.New("remedy.draft_currency")
		}
		return nil, errs.New(errs.Precondition, ReasonStateRefuses, "the currency of an agreement in state %s cannot be changed", a.State).
			WithMeta("state", string(a.State)).WithRemedy(remedy)
	case a.ChangeOrderID != "":
		return nil, a.changeOpen()
	case !seller.Sells(*code):
		return nil, errs.InvalidField("agreement.currency_code", ReasonCurrencyNotServed, "the seller does not invoice in %s", *code).
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.ask_currencies")})
	}
	if start := a.Connection.Start; len(a.TermsHistory) > 0 || !start.IsZero() && !now.Before(start) {
		next := a.terms()
		next.CurrencyCode = *code
		a.date(next, calendar.MonthOf(now), "")
	}
	a.CurrencyCode = *code
	return []fact.Fact{saying("agreement.currency_changed", tell(FactUpdated, "currency", a.CurrencyCode))}, nil
}
