package change_test

import (
	"slices"
	"testing"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/errs"
	"example.com/handover/services/orders/internal/catalogue"
	"example.com/handover/services/orders/internal/change"
)

func now() time.Time { return time.Date(2026, time.May, 31, 23, 59, 59, 0, time.UTC) }

func may() calendar.Month { return calendar.Month{Year: 2026, Month: time.May} }

// held is an agreement that is billed in EUR with the reseller's support, of a seller that invoices in EUR and USD.
func held() change.Held {
	return change.Held{
		Terms:  change.Terms{SupportOption: catalogue.PartnerLed, CurrencyCode: "EUR"},
		Serves: func(currency string) bool { return slices.Contains([]string{"EUR", "USD"}, currency) },

		AgreementID: "agr_1", People: change.People{Billing: "per_1"}, Usual: change.People{Primary: "per_2", Technical: "per_2"},
		Knows: func(personID string) bool { return slices.Contains([]string{"per_1", "per_2", "per_3"}, personID) },
	}
}

func contacts(p change.People) change.Asked { return change.Asked{Kind: change.Contacts, People: &p} }

// TestWhatCanBeAsked is each kind with what is refused of it, and by whom it is asked.
func TestWhatCanBeAsked(t *testing.T) {
	resold, dollars, off := change.Asked{Kind: change.SupportOption, SupportOption: catalogue.Resold},
		change.Asked{Kind: change.Currency, CurrencyCode: "USD"}, change.Asked{Kind: change.Discount, DiscountPercent: "5"}
	partnerLed := change.Asked{Kind: change.SupportOption, SupportOption: catalogue.PartnerLed}
	from := func(m calendar.Month) change.Asked { a := dollars; a.From = m; return a }
	for name, tt := range map[string]struct {
		asked  change.Asked
		role   string
		reason string
	}{
		"support":                     {resold, "CUSTOMER", ""},
		"support, by the partner":     {resold, "PARTNER", ""},
		"support as it is":            {partnerLed, "CUSTOMER", "CHANGE_WITHOUT_EFFECT"},
		"no support option":           {change.Asked{Kind: change.SupportOption, CurrencyCode: "USD"}, "CUSTOMER", "FIELD_REQUIRED"},
		"currency":                    {dollars, "CUSTOMER", ""},
		"currency as it is":           {change.Asked{Kind: change.Currency, CurrencyCode: "EUR"}, "CUSTOMER", "CHANGE_WITHOUT_EFFECT"},
		"currency that is not served": {change.Asked{Kind: change.Currency, CurrencyCode: "JPY"}, "OPERATOR", "CURRENCY_NOT_SERVED"},
		"no currency":                 {change.Asked{Kind: change.Currency}, "OPERATOR", "FIELD_REQUIRED"},
		"discount":                    {off, "OPERATOR", ""},
		"discount, by the customer":   {off, "CUSTOMER", "ROLE_DENIED"},
		"discount, by the partner":    {off, "PARTNER", "ROLE_DENIED"},
		"no discount where none is":   {change.Asked{Kind: change.Discount, DiscountPercent: "0.00"}, "OPERATOR", "CHANGE_WITHOUT_EFFECT"},
		"payer":                       {change.Asked{Kind: change.Payer}, "OPERATOR", "CHANGE_NOT_OFFERED"},
		"further organization":        {change.Asked{Kind: change.FurtherOrganization}, "CUSTOMER", "CHANGE_NOT_OFFERED"},
		"contacts":                    {contacts(change.People{Technical: "per_3"}), "CUSTOMER", ""},
		"contacts, by the partner":    {contacts(change.People{Technical: "per_3"}), "PARTNER", ""},
		"the customer's own contacts": {contacts(change.People{}), "OPERATOR", ""},
		"contacts as they are":        {contacts(change.People{Billing: "per_1"}), "CUSTOMER", "CHANGE_WITHOUT_EFFECT"},
		"no contacts":                 {change.Asked{Kind: change.Contacts}, "CUSTOMER", "FIELD_REQUIRED"},
		"somebody unknown":            {contacts(change.People{Primary: "per_9"}), "CUSTOMER", "CONTACT_UNKNOWN"},
		"contacts from another month": {
			change.Asked{Kind: change.Contacts, People: &change.People{Primary: "per_3"}, From: may().Next()}, "CUSTOMER", "MONTH_REFUSED",
		},
		"this month":           {from(may()), "CUSTOMER", ""},
		"a month that is over": {from(may().AddMonths(-1)), "OPERATOR", "MONTH_REFUSED"},
		"in twelve months":     {from(may().AddMonths(12)), "CUSTOMER", ""},
		"in thirteen months":   {from(may().AddMonths(13)), "CUSTOMER", "MONTH_REFUSED"},
	} {
		err := change.Ask(tt.asked, now()).Against(held(), tt.role, now())
		if errs.ReasonOf(err) != tt.reason {
			t.Errorf("%s: %v, want %q", name, err, tt.reason)
		}
		if e, _ := errs.As(err); err != nil && e.Remedy == nil && e.Reason != "FIELD_REQUIRED" {
			t.Errorf("%s: nobody is named who can mend it", name)
		}
	}
}

// TestAsked: what is not of the kind is left out, a percentage is spelt in one way, and without a month it is the next one.
func TestAsked(t *testing.T) {
	everything := change.Asked{SupportOption: catalogue.Resold, CurrencyCode: "USD", DiscountPercent: "05.50", Reason: "Because."}
	people := everything
	people.Kind, people.People = change.Contacts, &change.People{Primary: "per_3", Billing: "per_1"}
	if a := change.Ask(people, now()); a.Value() != "PRIMARY=per_3 BILLING=per_1" || a.From != may() || a.CurrencyCode != "" {
		t.Errorf("contacts are asked for as %v", a)
	}
	for kind, want := range map[change.Kind]string{
		change.SupportOption: "RESOLD", change.Currency: "USD", change.Discount: "5.5", change.Payer: "", change.FurtherOrganization: "",
	} {
		everything.Kind = kind
		a := change.Ask(everything, now())
		if a.Value() != want || a.From != may().Next() || a.Reason != "Because." {
			t.Errorf("%s: asked is %v", kind, a)
		}
		if after := held().Terms.With(a); after.Of(kind) != want || want == "" && after != held().Terms {
			t.Errorf("%s: the terms are %v", kind, after)
		}
	}
	for percent, want := range map[string]string{"0": "0", "0.00": "0", "00.10": "0.1", "100": "100", "7": "7"} {
		if got := change.Ask(change.Asked{Kind: change.Discount, DiscountPercent: percent}, now()).Value(); got != want {
			t.Errorf("%s is spelt %s", percent, got)
		}
	}
	off := held().Terms.With(change.Asked{Kind: change.Discount, DiscountPercent: "5"})
	if none := off.With(change.Asked{Kind: change.Discount, DiscountPercent: "0"}); none != held().Terms {
		t.Errorf("a discount that has ended leaves %v", none)
	}
}

// TestDecide: a month that is over while nobody decides becomes the present one, and what cannot be billed is not accepted.
func TestDecide(t *testing.T) {
	june := may().Next()
	asked := change.Change{
		Asked: change.Asked{Kind: change.Currency, CurrencyCode: "USD", From: june}, Phase: change.Review, LapsesAt: june.End(),
	}
	accept := change.Decision{Outcome: change.Accept, DecidedAt: now()}
	late := change.Decision{Outcome: change.Accept, DecidedAt: june.Next().Start()}
	ends, poor := held(), held()
	ends.End, poor.Serves = june.Start(), func(string) bool { return false }
	for name, tt := range map[string]struct {
		d      change.Decision
		from   calendar.Month
		h      change.Held
		want   calendar.Month
		reason string
	}{
		"as asked for":              {accept, calendar.Month{}, held(), june, ""},
		"at once":                   {accept, may(), held(), may(), ""},
		"later":                     {accept, june.Next(), held(), june.Next(), ""},
		"after the month":           {late, calendar.Month{}, held(), june.Next(), ""},
		"for a month that is over":  {late, june, held(), june, "MONTH_REFUSED"},
		"after the end":             {accept, june, ends, june, "MONTH_REFUSED"},
		"before the end":            {accept, may(), ends, may(), ""},
		"no longer served":          {accept, june, poor, june, "CURRENCY_NOT_SERVED"},
		"refused":                   {change.Decision{Outcome: change.Refuse, Reason: "No."}, calendar.Month{}, poor, june, ""},
		"refused, nobody knows why": {change.Decision{Outcome: change.Refuse}, calendar.Month{}, held(), june, "FIELD_REQUIRED"},
	} {
		c := asked
		err := c.Decide(tt.d, tt.from, tt.h)
		if errs.ReasonOf(err) != tt.reason || tt.reason != "" && c != asked {
			t.Errorf("%s: %v, %v", name, err, c)
		}
		if tt.reason == "" && (c.From != tt.want || c.Phase == change.Review || !c.LapsesAt.IsZero()) {
			t.Errorf("%s: decided is %v", name, c)
		}
	}
}

// TestWhoHearsOfOtherContacts: those whom we write to from now on, and those whom we wrote to in that role until now, each once.
func TestWhoHearsOfOtherContacts(t *testing.T) {
	gone := held()
	gone.People = change.People{Primary: "per_9", Billing: "per_1"} // per_9 was removed, so that mails go to per_2
	for name, tt := range map[string]struct {
		h    change.Held
		next change.People
		want []string
	}{
		"a technical contact":     {held(), change.People{Technical: "per_3", Billing: "per_1"}, []string{"per_2", "per_3"}},
		"in the place of nobody":  {held(), change.People{Billing: "per_3"}, []string{"per_1", "per_3"}},
		"the customer's again":    {held(), change.People{}, []string{"per_1"}},
		"by name, and so already": {held(), change.People{Primary: "per_2", Billing: "per_1"}, nil},
		"all of them": {
			held(), change.People{Primary: "per_3", Technical: "per_3", Billing: "per_3"}, []string{"per_2", "per_3", "per_1"},
		},
		"for one who was removed": {gone, change.People{Primary: "per_3", Billing: "per_1"}, []string{"per_2", "per_3"}},
		"of the one who is gone":  {gone, change.People{Billing: "per_1"}, nil},
	} {
		if got := tt.h.Told(tt.next); !slices.Equal(got, tt.want) {
			t.Errorf("%s: told are %v, want %v", name, got, tt.want)
		}
	}
}
