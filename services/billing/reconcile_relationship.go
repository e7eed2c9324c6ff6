package billing

import (
	"context"

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

// work takes one step and opens the period that it asks for, in one transaction. It looks the agreement up as well, under
// the locks of both, so that no older terms are put over newer ones: an
// event that was applied beside the transfer's, each not seeing the other, is made up for here.
func (r *relationshipReconciler) work(ctx context.Context, c *store.Claim[relationship.Relationship]) error {
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
			begun, more := rel.Advance(now)
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
	_, err := r.tables.periods.Create(tx, p.ID, p, facts...)
	if errs.KindOf(err) == errs.Exists {
		return nil // the month has its period
	}
	return err
}
