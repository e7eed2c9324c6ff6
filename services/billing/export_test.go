package billing

import (
	"context"
	"errors"
	"time"

	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/calendar"
	suite "example.com/handover/pkg/config"
	"example.com/handover/pkg/event"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/billing/internal/costs"
	"example.com/handover/services/billing/internal/invoice"
	"example.com/handover/services/billing/internal/period"
	"example.com/handover/services/billing/internal/pricebook"
	"example.com/handover/services/billing/internal/relationship"
	"example.com/handover/services/billing/internal/vendorinvoices"
)

// HearConnection has the service hear of a connection, as if AccountTransfer had told of it.
func HearConnection(ctx context.Context, db *store.DB, c *accounttransferv1.Connection) error {
	return hear(ctx, db, observeConnection(openTables(db, text.Bare{})), &accounttransferv1.ConnectionEvent{Connection: c})
}

// HearAgreement has the service hear of an agreement, as if Orders had told of it.
func HearAgreement(ctx context.Context, db *store.DB, a *ordersv1.Agreement) error {
	return hear(ctx, db, observeAgreement(openTables(db, text.Bare{})), &ordersv1.AgreementEvent{Agreement: a})
}

// HearCustomer has the service hear of a customer, as if Orders had told of it.
func HearCustomer(ctx context.Context, db *store.DB, c *ordersv1.Customer) error {
	return hear(ctx, db, observeCustomer(openTables(db, text.Bare{})), &ordersv1.CustomerEvent{Customer: c})
}

// BoundLate has an attempt bring the periods of a relationship to its bounds that has read it, and then lost it to a change of its end.
func BoundLate(ctx context.Context, db *store.DB, relationshipID string, end time.Time) error {
	w := &relationshipWork{tables: openTables(db, text.Bare{})}
	row, err := w.tables.relationships.Get(ctx, anyCustomer(), relationshipID)
	if err != nil {
		return err
	}
	before := *row.Doc
	before.EndAt = end
	_, err = w.bound(ctx, relationshipAttempt{ID: relationshipID, Doc: &before})
	return err
}

func hear(ctx context.Context, db *store.DB, handle func(*store.Tx, event.Message) error, state proto.Message) error {
	body, err := proto.Marshal(state)
	if err != nil {
		return err
	}
	m := event.Message{Type: string(state.ProtoReflect().Descriptor().FullName()), Body: body}
	return db.InTx(ctx, func(tx *store.Tx) error { return handle(tx, m) })
}

// ErrUndone ends a transaction that gave a number, and undoes it.
var ErrUndone = errors.New("undone")

// GiveNumber gives a seller's next number and commits, or undoes it.
func GiveNumber(ctx context.Context, db *store.DB, sellerID string, year int, undo bool) (number string, err error) {
	err = db.InTx(ctx, func(tx *store.Tx) error {
		if number, err = nextNumber(tx, sellerID, year); err != nil || !undo {
			return err
		}
		return ErrUndone
	})
	return number, err
}

// ReadTermsAfter locks a relationship and then reads the terms of its order, which locks too late.
func ReadTermsAfter(ctx context.Context, db *store.DB, relationshipID, orderID string) error {
	t := openTables(db, text.Bare{})
	return db.InTx(ctx, func(tx *store.Tx) error {
		if _, err := t.relationships.GetForUpdate(tx, anyCustomer(), relationshipID); err != nil {
			return err
		}
		_, err := t.agreementOf(tx, orderID, relationshipID)
		return err
	})
}

// PeriodFor is a period as a role sees it; the empty one stands for an event.
func PeriodFor(ctx context.Context, role auth.Role, p *period.Period) *billingv1.Period {
	if role == "" {
		event, _ := periodKind(text.Bare{}).Public(store.Meta{}, p).(*billingv1.PeriodEvent)
		return event.GetPeriod()
	}
	return toPeriod(text.Bare{}, store.Row[period.Period]{Doc: p}, depthOf(auth.With(ctx, auth.Principal{Role: role})))
}

// Store keeps a pricebook and a period.
func Store(ctx context.Context, db *store.DB, b pricebook.Pricebook, p period.Period) error {
	t := openTables(db, text.Bare{})
	return db.InTx(ctx, func(tx *store.Tx) error {
		if _, err := t.pricebooks.Create(tx, b.ID, &b); err != nil {
			return err
		}
		_, err := t.periods.Create(tx, p.ID, &p)
		return err
	})
}

// Revise changes a pricebook.
func Revise(ctx context.Context, db *store.DB, id string, e pricebook.Edit) error {
	return db.InTx(ctx, func(tx *store.Tx) error {
		_, err := openTables(db, text.Bare{}).pricebooks.Update(
			tx, sharedTerms(), id, "", func(b *pricebook.Pricebook) ([]fact.Fact, error) { return b.Revise(e) },
		)
		return err
	})
}

// StillHolds reports whether the prices of a period rest on what holds now.
func StillHolds(ctx context.Context, db *store.DB, p period.Period) (holds bool, err error) {
	err = db.InTx(ctx, func(tx *store.Tx) (err error) {
		rel, err := openTables(db, text.Bare{}).stillHolds(tx, &p)
		holds = rel != nil
		return err
	})
	return holds, err
}

// Step does the one next thing of a period through a payer, which may manage a customer's own organization, as the driver of its
// effects would with its peers at hand.
func Step(
	ctx context.Context, db *store.DB, clients *aws.Clients, payer aws.Payer, ownedBy, periodID string,
) (period.Action, error) {
	rules, err := defaults().rules()
	if err != nil {
		return "", err
	}
	w := &periodWork{
		tables: openTables(db, text.Bare{}), paymentDays: 30, rules: rules,
		vendor: &vendor{costs: costs.New(clients), invoices: vendorinvoices.New(clients), plans: defaults().plans()},
	}
	row, err := w.tables.periods.Get(ctx, anyCustomer(), periodID)
	if err != nil {
		return "", err
	}
	now := row.UpdatedAt
	err = db.InTx(ctx, func(tx *store.Tx) error { now = tx.Now(); return nil })
	if err != nil {
		return "", err
	}
	action := period.NextAction(row.Doc, now)
	record, err := w.step(ctx, action, account{payer, ownedBy}, periodAttempt{ID: periodID, Doc: row.Doc, Now: now})
	if err != nil {
		return action, err
	}
	return action, db.InTx(ctx, func(tx *store.Tx) error {
		_, err := w.tables.periods.Update(tx, anyCustomer(), periodID, "", func(p *period.Period) ([]fact.Fact, error) {
			var facts []fact.Fact
			if record != nil {
				if facts, err = record(p, now); err != nil {
					return nil, err
				}
			}
			more, err := period.Tick(p, "", now)
			return append(facts, more...), err
		})
		return err
	})
}

func (w *periodWork) step(ctx context.Context, action period.Action, payer account, a periodAttempt) (periodRecord, error) {
	rel, err := w.tables.relationships.Get(ctx, anyCustomer(), a.Doc.RelationshipID)
	if err != nil {
		return nil, err
	}
	switch action {
	case period.Look:
		others, err := w.tables.othersOf(ctx, rel)
		if err != nil {
			return nil, err
		}
		seen, err := w.vendor.see(ctx, payer, rel.Doc, a.Doc.Month, others)
		if o := vendorOutcome(err); o.Refuses() {
			return func(p *period.Period, now time.Time) ([]fact.Fact, error) {
				return lookRefused(p, kit.Intended{}, o, now)
			}, nil
		}
		if err == nil && !seen.notYet.IsZero() {
			return func(p *period.Period, now time.Time) ([]fact.Fact, error) {
				return p.NotYet(seen.notYet, a.Doc.Asked, now)
			}, nil
		}
		if err != nil {
			return nil, err
		}
		return nil, w.collect(ctx, a.ID, seen, a.Doc.Asked, a.Now)
	case period.Rate:
		return w.rate(ctx, a)
	case period.Issue:
		terms, _ := rel.Doc.Billable(a.Doc.Month)
		draft := draftOf(a.Doc, rel.Doc, terms)
		draft.Issuer, draft.BillTo = invoice.Party{Name: "Example Reseller AG"}, invoice.Party{Name: "Example Customer"}
		return nil, w.tables.db.InTx(ctx, func(tx *store.Tx) error { return w.issueTx(tx, a.Doc, draft) })
	default:
		return nil, nil
	}
}

// StatementOf is the statement that a period was priced with, as the preview shows one.
func StatementOf(ctx context.Context, db *store.DB, periodID string) (*billingv1.Statement, error) {
	row, err := openTables(db, text.Bare{}).periods.Get(ctx, anyCustomer(), periodID)
	if err != nil || row.Doc.Priced == nil {
		return nil, err
	}
	return toStatement(text.Bare{}, *row.Doc.Priced), nil
}

// Charges counts the charges that are kept of a period.
func Charges(ctx context.Context, db *store.DB, periodID string) (n int, err error) {
	err = db.InTx(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query("SELECT count(*) FROM charges JOIN collections ON number = collection WHERE period = $1", periodID)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		if !rows.Next() {
			return rows.Err()
		}
		return rows.Scan(&n)
	})
	return n, err
}

// Keep keeps a pricebook.
func Keep(ctx context.Context, db *store.DB, b pricebook.Pricebook) error {
	return db.InTx(ctx, func(tx *store.Tx) error {
		_, err := openTables(db, text.Bare{}).pricebooks.Create(tx, b.ID, &b)
		return err
	})
}

// CheckSettings reads the section services.billing as a start would.
func CheckSettings(yaml string) error { return suite.Decode([]byte(yaml), defaults()) }

// Scopes are what is read for a month of a membership, through a payer that is a customer's own.
func Scopes(
	rel *relationship.Relationship, m calendar.Month, payerAccount, customerID string, others []*relationship.Relationship,
) ([]costs.Scope, error) {
	return scopesOf(rel, m, account{aws.Payer{AccountID: payerAccount}, customerID}, others)
}
