package billing

import (
	"cmp"
	"context"
	"slices"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
	"example.com/handover/services/billing/internal/period"
	"example.com/handover/services/billing/internal/relationship"
)

// relationshipReconciler begins a relationship, opens the period of each month, and ends it.
type relationshipReconciler struct {
	tables *tables
	policy period.Policy
}

type relationshipClaim = store.Claim[relationship.Relationship]

func (r *relationshipReconciler) work(ctx context.Context, c *relationshipClaim) error {
	switch relationship.NextAction(c.Doc, c.Now()) {
	case relationship.Bound:
		return r.bound(ctx, c)
	case relationship.Open:
		return r.openMonth(ctx, c)
	case relationship.End:
		now := c.Now()
		return c.Finish(ctx, func(rel *relationship.Relationship) ([]fact.Fact, error) { return rel.Finish(now), nil })
	case relationship.None:
	}
	return c.Finish(ctx, nil)
}

// bound brings every period to the end, and to who pays, that has come to be known.
func (r *relationshipReconciler) bound(ctx context.Context, c *relationshipClaim) error {
	bounds := c.Doc.Bounds()
	return r.tables.db.InTx(ctx, func(tx *store.Tx) error {
		periods, err := r.tables.periodsOf(tx, c.ID)
		if err != nil {
			return err
		}
		rows := []store.Locked{r.tables.relationships.Row(c.ID)}
		for _, row := range periods {
			rows = append(rows, r.tables.periods.Row(row.ID))
		}
		if err := tx.Lock(rows...); err != nil {
			return err
		}
		for _, row := range periods {
			_, err := r.tables.periods.Update(tx, anyCustomer(), row.ID, "", func(p *period.Period) ([]fact.Fact, error) {
				facts, err := p.Bound(bounds.End, tx.Now())
				if err == nil && bounds.Answered() {
					facts = append(facts, p.PayerKnown(tx.Now())...)
				}
				return facts, err
			})
			if err != nil {
				return err
			}
		}
		return c.FinishTx(tx, func(rel *relationship.Relationship) ([]fact.Fact, error) { return rel.Bounded(bounds) })
	})
}

// periodsOf returns all periods of a relationship, ordered by their ids.
func (t *tables) periodsOf(tx *store.Tx, relationshipID string) ([]store.Row[period.Period], error) {
	q := store.Query{Where: []store.Cond{store.Eq("relationship", relationshipID)}}
	var all []store.Row[period.Period]
	for {
		page, err := t.periods.ListTx(tx, anyCustomer(), q)
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

// openMonth opens the period of the month that begins, in one transaction. It looks the agreement up as well, under
// the locks of both, so that no older terms are put over newer ones: an
// event that was applied beside the connection's, each not seeing the other, is made up for here.
func (r *relationshipReconciler) openMonth(ctx context.Context, c *relationshipClaim) error {
	now := c.Now()
	return r.tables.db.InTx(ctx, func(tx *store.Tx) error {
		agreement, err := r.tables.agreementOf(tx, c.Doc.OrderID, c.ID)
		if err != nil {
			return err
		}
		var month calendar.Month
		err = c.FinishTx(tx, func(rel *relationship.Relationship) (facts []fact.Fact, err error) {
			if agreement != nil {
				if facts, err = rel.Agree(*agreement); err != nil {
					return nil, err
				}
			}
			begun, more := rel.OpenMonth(now)
			month = begun
			return append(facts, more...), nil
		})
		if err != nil || month.IsZero() {
			return err
		}
		return r.open(tx, c.Doc, month)
	})
}

func (r *relationshipReconciler) open(tx *store.Tx, rel *relationship.Relationship, month calendar.Month) error {
	p, facts := period.New(period.Subject{RelationshipID: rel.ID, CustomerID: rel.CustomerID, OrderID: rel.OrderID}, month, r.policy)
	p.Final = rel.IsLast(month)
	_, err := r.tables.periods.Create(tx, p.ID, p, facts...)
	if errs.KindOf(err) == errs.Exists {
		return nil // the month has its period
	}
	return err
}
