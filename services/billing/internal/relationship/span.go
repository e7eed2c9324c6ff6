package relationship

import (
	"slices"

	"example.com/handover/pkg/calendar"
)

// span are terms with the months that are billed on them.
type span struct {
	Dated
	to calendar.Month // first month on the next ones; zero: there are none
}

func (s span) has(m calendar.Month) bool {
	return s.From.Compare(m) <= 0 && (s.to.IsZero() || m.Compare(s.to) < 0)
}

// spans are the terms on which some month is billed, oldest first. Those that others have replaced before their first month are none.
func (a *Agreement) spans() []span {
	var out []span
	for _, d := range a.Terms {
		out = slices.DeleteFunc(out, func(s span) bool { return s.From.Compare(d.From) >= 0 })
		if n := len(out); n > 0 {
			out[n-1].to = d.From
		}
		out = append(out, span{Dated: d})
	}
	return out
}

// firstIn is the first month from one on that the relationship is billed for on terms.
func (r *Relationship) firstIn(s span, from calendar.Month) (calendar.Month, bool) {
	first := from
	for _, m := range []calendar.Month{s.From, firstMonth(r.StartAt)} {
		if first.Compare(m) < 0 {
			first = m
		}
	}
	return first, s.has(first) && r.Covers(first)
}

// left is the first month on terms that is still to be invoiced: one that is open, or one that has no period yet.
func (r *Relationship) left(s span, open []calendar.Month) (first calendar.Month, ok bool) {
	if r.State != Ended {
		first, ok = r.firstIn(s, r.NextMonth)
	}
	for _, m := range open {
		if s.has(m) && (!ok || m.Compare(first) < 0) {
			first, ok = m, true
		}
	}
	return first, ok
}

// BillsStill reports whether a month is still to be invoiced in a currency; the open ones are those that have a period and no invoice.
func (r *Relationship) BillsStill(currency string, open []calendar.Month) bool {
	return r.Agreement != nil && slices.ContainsFunc(r.Agreement.spans(), func(s span) bool {
		_, ok := r.left(s, open)
		return ok && s.CurrencyCode == currency
	})
}

// Due are terms on which a month is still to be invoiced.
type Due struct {
	Dated
	First calendar.Month // the first of these months
}

// Changed are the terms that another order than the first one has brought, and on which a month is still to be invoiced; the open ones are
// those that have a period and no invoice.
func (r *Relationship) Changed(open []calendar.Month) (out []Due) {
	if r.Agreement == nil {
		return nil
	}
	for _, s := range r.Agreement.spans() {
		if first, ok := r.left(s, open); ok && !s.From.IsZero() {
			out = append(out, Due{Dated: s.Dated, First: first})
		}
	}
	return out
}
