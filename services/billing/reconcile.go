package billing

import (
	"cmp"
	"context"
	"slices"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/notice"
	"example.com/handover/pkg/store"
	"example.com/handover/services/billing/internal/period"
	"example.com/handover/services/billing/internal/pricebook"
	"example.com/handover/services/billing/internal/relationship"
)

// relationshipWork begins a relationship, opens the period of each month, ends it, and has Operations told of prices that are missing.
type relationshipWork struct {
	tables *tables
	policy period.Policy
}

type (
	relationshipAttempt = kit.Attempt[relationship.Relationship]
	relationshipRecord  = kit.Record[relationship.Relationship]
)

// effects are the acts of a relationship. What is saved together with periods an act saves by itself, and is safe to repeat.
func (r *relationshipWork) effects(notices *notice.Peers) *kit.Effects[relationship.Relationship] {
	want := func(a relationship.Action) func(*relationship.Relationship) []intent.Want {
		return func(rel *relationship.Relationship) []intent.Want { return rel.Want(a) }
	}
	return &kit.Effects[relationship.Relationship]{
		Ledger: func(rel *relationship.Relationship) *intent.Ledger { return &rel.Intents },
		All: []kit.Effect[relationship.Relationship]{
			{Name: "bound", Look: true, Wanted: want(relationship.Bound), Do: r.bound, Outcome: intent.OfOwn},
			{Name: "open", Look: true, Wanted: want(relationship.Open), Do: r.openMonth, Outcome: intent.OfOwn},
			{Name: "end", Look: true, Wanted: want(relationship.End), Do: r.end, Outcome: intent.OfOwn},
			{Name: "prices", Look: true, Wanted: relationship.WantPrices, Do: r.prices, Outcome: intent.OfOwn},
			notice.Effect(notices, notice.Set[relationship.Relationship]{
				Wanted: relationship.Wanted, Kept: func(rel *relationship.Relationship) *intent.Wishes { return &rel.Wishes },
			}),
		},
	}
}

func (r *relationshipWork) end(context.Context, relationshipAttempt) (relationshipRecord, error) {
	return func(rel *relationship.Relationship, now time.Time) ([]fact.Fact, error) { return rel.Finish(now), nil }, nil
}

// prices looks whether there is a pricebook for what was agreed on from a month on.
func (r *relationshipWork) prices(ctx context.Context, a relationshipAttempt) (relationshipRecord, error) {
	open, err := openMonths(func(q store.Query) (store.Page[period.Period], error) {
		return r.tables.periods.List(ctx, anyCustomer(), q)
	}, a.ID)
	if err != nil {
		return nil, err
	}
	l := relationship.Look{Served: a.Doc.Prices.Asked, Due: a.Doc.Changed(open)}
	for _, d := range l.Due {
		terms := a.Doc.Agreement.In(d.First)
		book, own, err := r.tables.bookOf(ctx, a.Doc, d.First, &terms)
		if err != nil {
			return nil, err
		}
		m := relationship.Missing{From: d.From, CurrencyCode: d.CurrencyCode, Own: own}
		if book.Doc != nil {
			_, m.Support = book.Doc.Rule(pricebook.PartnerLedSupport, d.First)
			if m.Support = d.PartnerLedSupport && !m.Support; !m.Support {
				continue
			}
		}
		l.Missing = append(l.Missing, m)
	}
	return func(rel *relationship.Relationship, now time.Time) ([]fact.Fact, error) {
		return rel.PricesSeen(l, now), nil
	}, nil
}

// bound brings every period to the end, to who pays, and to the terms, that have come to be known: those that are known under the lock, for
// an event may have been applied since the attempt began.
func (r *relationshipWork) bound(ctx context.Context, a relationshipAttempt) (relationshipRecord, error) {
	return nil, r.tables.db.InTx(ctx, func(tx *store.Tx) error {
		periods, err := r.tables.periodsOf(tx, a.ID)
		if err != nil {
			return err
		}
		rows := []store.Locked{r.tables.relationships.Row(a.ID)}
		for _, row := range periods {
			rows = append(rows, r.tables.periods.Row(row.ID))
		}
		if err := tx.Lock(rows...); err != nil {
			return err
		}
		rel, err := r.tables.relationships.GetForUpdate(tx, anyCustomer(), a.ID)
		if err != nil {
			return err
		}
		bounds := rel.Doc.Bounds()
		for _, row := range periods {
			_, err := r.tables.periods.Update(tx, anyCustomer(), row.ID, "", func(p *period.Period) ([]fact.Fact, error) {
				return bring(p, bounds, tx.Now())
			})
			if err != nil {
				return err
			}
		}
		_, err = r.tables.relationships.Update(tx, anyCustomer(), a.ID, "", func(rel *relationship.Relationship) ([]fact.Fact, error) {
			return rel.Bounded(bounds)
		})
		return err
	})
}

// bring brings a period to the bounds of its relationship.
func bring(p *period.Period, b relationship.Bounds, now time.Time) ([]fact.Fact, error) {
	facts, err := p.Bound(b.End, now)
	if err != nil {
		return nil, err
	}
	if b.Answered() {
		facts = append(facts, p.PayerKnown(now)...)
	}
	if b.Agreement != nil {
		terms := b.Agreement.In(p.Month)
		facts = append(facts, p.TermsKnown(basisOf(&terms, bookRow{}))...)
	}
	return facts, nil
}

// periodsOf returns all periods of a relationship, ordered by their ids.
func (t *tables) periodsOf(tx *store.Tx, relationshipID string) ([]store.Row[period.Period], error) {
	return everyPeriod(func(q store.Query) (store.Page[period.Period], error) {
		return t.periods.ListTx(tx, anyCustomer(), q)
	}, store.Eq("relationship", relationshipID))
}

// everyPeriod reads a list to its end, and orders it by the ids.
func everyPeriod(
	list func(store.Query) (store.Page[period.Period], error), where ...store.Cond,
) (all []store.Row[period.Period], err error) {
	q := store.Query{Where: where}
	for {
		page, err := list(q)
		if err != nil {
			return nil, err
		}
		all = append(all, page.Rows...)
		if page.Next == "" {
			break
		}
		q.Token = page.Next
	}
	slices.SortFunc(all, func(a, b store.Row[period.Period]) int { return cmp.Compare(a.ID, b.ID) })
	return all, nil
}

// openMonths are the months of a relationship that have a period and no invoice.
func openMonths(list func(store.Query) (store.Page[period.Period], error), relationshipID string) ([]calendar.Month, error) {
	var states []string
	for _, s := range period.States() {
		if s != period.Invoiced && s != period.Voided {
			states = append(states, string(s))
		}
	}
	all, err := everyPeriod(list, store.Eq("relationship", relationshipID), store.In("state", states...))
	if err != nil {
		return nil, err
	}
	months := make([]calendar.Month, 0, len(all))
	for _, row := range all {
		months = append(months, row.Doc.Month)
	}
	return months, nil
}

// openMonth opens the period of the month that begins, in one transaction. It looks the agreement up as well, under
// the locks of both, so that no older terms are put over newer ones: an
// event that was applied beside the connection's, each not seeing the other, is made up for here.
func (r *relationshipWork) openMonth(ctx context.Context, a relationshipAttempt) (relationshipRecord, error) {
	return nil, r.tables.db.InTx(ctx, func(tx *store.Tx) error {
		agreement, err := r.tables.agreementOf(tx, a.Doc.OrderID, a.ID)
		if err != nil {
			return err
		}
		var month calendar.Month
		row, err := r.tables.relationships.Update(tx, anyCustomer(), a.ID, "", func(
			rel *relationship.Relationship,
		) (facts []fact.Fact, err error) {
			if agreement != nil {
				if facts, err = rel.Agree(*agreement); err != nil {
					return nil, err
				}
			}
			begun, more := rel.OpenMonth(a.Now)
			month = begun
			return append(facts, more...), nil
		})
		if err != nil || month.IsZero() {
			return err
		}
		return r.open(tx, row.Doc, month)
	})
}

func (r *relationshipWork) open(tx *store.Tx, rel *relationship.Relationship, month calendar.Month) error {
	p, facts := period.New(period.Subject{RelationshipID: rel.ID, CustomerID: rel.CustomerID, OrderID: rel.OrderID}, month, r.policy)
	p.Final = rel.IsLast(month)
	_, err := r.tables.periods.Create(tx, p.ID, p, facts...)
	if errs.KindOf(err) == errs.Exists {
		return nil // the month has its period
	}
	return err
}
