// Package change is other terms of an agreement in force, which somebody orders: what can be asked for and from which month on, who may
// ask, and what Operations can decide.
//
// It owns the terms, the months and the decision. How the order goes that carries it out is package order's, and what the months cost
// Billing's.
package change

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/services/orders/internal/catalogue"
	"example.com/handover/services/orders/internal/review"
)

// Kind is what is to change.
type Kind string

// The kinds.
const (
	SupportOption       Kind = "SUPPORT_OPTION"
	Currency            Kind = "CURRENCY"
	Discount            Kind = "DISCOUNT"
	Payer               Kind = "PAYER"                // not offered
	FurtherOrganization Kind = "FURTHER_ORGANIZATION" // not offered: it is a purchase of its own
	Contacts            Kind = "CONTACTS"             // at once
)

// Kinds returns every kind, for exhaustive tables.
func Kinds() []Kind {
	return []Kind{SupportOption, Currency, Discount, Payer, FurtherOrganization, Contacts}
}

// Reviewed reports whether Operations must accept what is asked for: the reseller's own support needs roles and channels, and a currency
// prices.
func (k Kind) Reviewed() bool { return k == SupportOption || k == Currency }

// Param is what mails and the fields of a request call the value of a kind, but for a currency and a discount in requests.
func (k Kind) Param() string { return strings.ToLower(string(k)) }

// Terms are what an agreement is billed on.
type Terms struct {
	SupportOption   catalogue.SupportOption `json:"support_option,omitempty"`
	CurrencyCode    string                  `json:"currency_code"`              // ISO 4217, of the invoices
	DiscountPercent string                  `json:"discount_percent,omitempty"` // off the usage as it is billed; empty: none
}

// Asked is what somebody asks for.
type Asked struct {
	Kind            Kind                    `json:"kind"`
	SupportOption   catalogue.SupportOption `json:"support_option,omitempty"`
	CurrencyCode    string                  `json:"currency_code,omitempty"`
	DiscountPercent string                  `json:"discount_percent,omitempty"`
	People          *People                 `json:"people,omitempty"`
	From            calendar.Month          `json:"from"` // first month that is billed with it
	Reason          string                  `json:"reason"`
}

// Ask tidies what somebody asks for: what is not of the kind is left out, a percentage has no idle zeros, and without a month it is the
// next one, or this one for what changes at once.
func Ask(a Asked, now time.Time) Asked {
	out := Asked{Kind: a.Kind, From: a.From, Reason: a.Reason}
	switch a.Kind {
	case SupportOption:
		out.SupportOption = a.SupportOption
	case Currency:
		out.CurrencyCode = a.CurrencyCode
	case Discount:
		out.DiscountPercent = tidy(a.DiscountPercent)
	case Contacts:
		if out.People = a.People; out.From.IsZero() {
			out.From = calendar.MonthOf(now)
		}
	case Payer, FurtherOrganization:
	}
	if out.From.IsZero() {
		out.From = calendar.MonthOf(now).Next()
	}
	return out
}

// tidy spells a percentage in one way: "5.00" as "5", "00" as "0".
func tidy(percent string) string {
	if percent == "" {
		return ""
	}
	whole, cents, _ := strings.Cut(percent, ".")
	whole, cents = cmp.Or(strings.TrimLeft(whole, "0"), "0"), strings.TrimRight(cents, "0")
	if cents == "" {
		return whole
	}
	return whole + "." + cents
}

// Value is what is asked for, in one word.
func (a Asked) Value() string {
	if a.People != nil {
		return a.People.String()
	}
	return cmp.Or(string(a.SupportOption), a.CurrencyCode, a.DiscountPercent)
}

// Of is what terms say of a kind, in the same words.
func (t Terms) Of(k Kind) string {
	switch k {
	case SupportOption:
		return string(t.SupportOption)
	case Currency:
		return t.CurrencyCode
	case Discount:
		return cmp.Or(t.DiscountPercent, "0")
	case Payer, FurtherOrganization, Contacts:
	}
	return ""
}

// With are the terms after what is asked for.
func (t Terms) With(a Asked) Terms {
	switch a.Kind {
	case SupportOption:
		t.SupportOption = a.SupportOption
	case Currency:
		t.CurrencyCode = a.CurrencyCode
	case Discount:
		if t.DiscountPercent = a.DiscountPercent; t.DiscountPercent == "0" {
			t.DiscountPercent = ""
		}
	case Payer, FurtherOrganization, Contacts:
	}
	return t
}

// Dated are the terms from a month on.
type Dated struct {
	Terms
	From    calendar.Month `json:"from,omitzero"` // zero: from the beginning
	OrderID string         `json:"order_id"`      // that brought them; empty: Operations has set the currency
}

// Add adds terms that hold from a month on to a history, which begins with those that held before.
func Add(history []Dated, before, next Dated) []Dated {
	if len(history) == 0 {
		history = []Dated{before}
	}
	return append(slices.Clone(history), next)
}

// Brought reports whether a history has what an order brings.
func Brought(history []Dated, orderID string) bool {
	return slices.ContainsFunc(history, func(d Dated) bool { return d.OrderID == orderID })
}

// Without takes what an order was to bring out of a history. Where nothing is left but what held from the beginning, there is none.
func Without(history []Dated, orderID string) []Dated {
	left := slices.DeleteFunc(slices.Clone(history), func(d Dated) bool { return d.OrderID == orderID })
	if len(left) == 1 && left[0].From.IsZero() {
		return nil
	}
	return left
}

// Phase is how far a change is.
type Phase string

// The phases. OVER is never left.
const (
	Review   Phase = "REVIEW"   // Operations must decide
	Accepted Phase = "ACCEPTED" // its month has not begun
	Over     Phase = "OVER"     // the order has ended
)

// Phases returns every phase, for exhaustive tables.
func Phases() []Phase { return []Phase{Review, Accepted, Over} }

// Change is the part of an order that asks for other terms.
type Change struct {
	Asked
	Changes   string           `json:"changes,omitempty"` // the order that has brought the agreement
	Before    string           `json:"before,omitempty"`  // what was agreed, in the words of Value
	Phase     Phase            `json:"phase"`
	Decision  Decision         `json:"decision,omitzero"`
	TakenBack review.TakenBack `json:"taken_back,omitzero"`  // the zero value: nobody has
	LapsesAt  time.Time        `json:"lapses_at,omitzero"`   // when it ends, because nobody has reviewed it; zero: never
	ChannelID string           `json:"channel_id,omitempty"` // the support channel that was asked for; empty: none
	Told      string           `json:"told,omitempty"`       // the people who have a mail about other contacts, by id
}
