package billing

import (
	"context"
	"slices"
	"time"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	"example.com/handover/services/billing/internal/costs"
	"example.com/handover/services/billing/internal/period"
	"example.com/handover/services/billing/internal/relationship"
	"example.com/handover/services/billing/internal/statement"
	"example.com/handover/services/billing/internal/vendorinvoices"
)

// vendor looks at AWS through the payer that receives its bills.
type vendor struct {
	db        *store.DB
	payers    accounttransferv1.PayerServiceClient
	perSecond float64 // looks in one payer account, over all replicas
	costs     *costs.Client
	invoices  *vendorinvoices.Client
	plans     statement.Plans // AWS's support plans
}

// account is a payer's, and how to get into it.
type account struct {
	aws.Payer
	customerID string // whose own organization it manages; empty: it is for all customers
}

// month is what AWS shows of a month.
type month struct {
	bill    period.Bill
	charges []statement.Charge
	pages   map[string][]any // what AWS answered, by service
	notYet  text.Text        // why AWS is not thought to have finished; empty: it has
}

// see reads a month through a payer: the invoices first, because there is nothing to collect before they are there. Others are the
// relationships of the same payer.
func (v *vendor) see(
	ctx context.Context, payer account, rel *relationship.Relationship, m calendar.Month, others []*relationship.Relationship,
) (month, error) {
	invoiced := rel.AccountID
	if rel.Basis == relationship.Membership {
		invoiced = payer.AccountID // a member is on the bill of its organization
	}
	invoices, err := v.invoices.List(ctx, payer.Payer, invoiced, m)
	if err != nil {
		return month{}, err
	}
	if len(invoices.Invoices) == 0 {
		return month{notYet: text.New("hold.vendor_invoice_missing")}, nil
	}
	out := month{bill: period.Bill{Invoices: invoices.Invoices}, pages: map[string][]any{"invoicing": invoices.Pages}}
	if rel.Basis == relationship.Membership {
		var scopes []costs.Scope
		if scopes, err = scopesOf(rel, m, payer, others); err == nil {
			err = v.members(ctx, payer.Payer, scopes, m, &out)
		}
	} else {
		err = v.transferred(ctx, payer.Payer, rel.AccountID, m, &out)
	}
	return out, err
}

// transferred collects what AWS charges for a transferred organization, through the billing view that the payer has of it.
func (v *vendor) transferred(ctx context.Context, payer aws.Payer, accountID string, m calendar.Month, out *month) error {
	view, err := v.costs.View(ctx, payer, accountID, m)
	if err != nil {
		return err
	}
	if view == "" {
		out.notYet = text.New("hold.vendor_view_missing")
		return nil
	}
	found, err := v.costs.Read(ctx, payer, costs.Scope{ViewARN: view}, m)
	return out.take(found, v.plans, err)
}

// members collects what AWS charges for accounts of the payer's own organization, each on the days on which it belongs to the
// relationship, and for the whole organization, which AWS's invoices are over.
func (v *vendor) members(ctx context.Context, payer aws.Payer, scopes []costs.Scope, m calendar.Month, out *month) error {
	for _, scope := range scopes {
		found, err := v.costs.Read(ctx, payer, scope, m)
		if err := out.take(found, v.plans, err); err != nil || !out.notYet.IsZero() {
			return err
		}
	}
	whole, err := v.costs.Totals(ctx, payer, m)
	switch {
	case err != nil:
		return err
	case !whole.Final:
		out.notYet = text.New("hold.vendor_estimates")
		return nil
	}
	out.pages["cost_explorer"] = append(out.pages["cost_explorer"], whole.Pages...)
	out.bill.Whole, err = statement.Classify(whole.Charges, v.plans)
	return err
}

// scopesOf says what is read for a month of a membership. An organization that is the customer's own, whose master account is the
// payer, is read at once, and nothing of it twice; that of a payer that others have, too, never is.
func scopesOf(
	rel *relationship.Relationship, m calendar.Month, payer account, others []*relationship.Relationship,
) ([]costs.Scope, error) {
	var scopes []costs.Scope
	for _, p := range rel.Parts(m, others...) {
		if !slices.Contains(p.AccountIDs, payer.AccountID) {
			scopes = append(scopes, costs.Scope{LinkedAccountIDs: p.AccountIDs, From: p.From, Until: p.Until})
			continue
		}
		if payer.customerID == "" || payer.customerID != rel.CustomerID {
			return nil, errs.New(errs.Precondition, "ACCOUNT_IS_PAYER", "account %s is a payer, and not of this customer alone", payer.AccountID)
		}
		return besides(p, relationship.PartsBeside(rel, m, others)), nil
	}
	return scopes, nil
}

// besides is the whole organization on the days of a part, on each day without the accounts that others bill then.
func besides(whole relationship.Part, others []relationship.Part) (scopes []costs.Scope) {
	turns := []time.Time{whole.From, whole.Until}
	for _, o := range others {
		for _, at := range []time.Time{o.From, o.Until} {
			if at.After(whole.From) && at.Before(whole.Until) {
				turns = append(turns, at)
			}
		}
	}
	slices.SortFunc(turns, time.Time.Compare)
	turns = slices.CompactFunc(turns, time.Time.Equal)
	for i := range len(turns) - 1 {
		s := costs.Scope{From: turns[i], Until: turns[i+1]}
		for _, o := range others {
			if !o.From.After(s.From) && !o.Until.Before(s.Until) {
				s.Except = append(s.Except, o.AccountIDs...)
			}
		}
		scopes = append(scopes, s)
	}
	return scopes
}

// take keeps the charges that were found beside those that are there, or why there are none yet.
func (out *month) take(found costs.Costs, plans statement.Plans, err error) error {
	switch {
	case aws.Classify(err).Code == "DataUnavailable":
		out.notYet = text.New("hold.vendor_costs_missing")
		return nil
	case err != nil:
		return err
	case !found.Final:
		out.notYet = text.New("hold.vendor_estimates")
		return nil
	}
	out.charges = append(out.charges, found.Charges...)
	out.pages["cost_explorer"] = append(out.pages["cost_explorer"], found.Pages...)
	out.bill.Groups, err = statement.Classify(out.charges, plans)
	return err
}

// enter draws a permit for a look in the payer's account and asks how to get into it, which is kept nowhere.
func (v *vendor) enter(ctx context.Context, payerID string) (account, error) {
	resp, err := v.payers.GetPayer(ctx, &accounttransferv1.GetPayerRequest{PayerId: payerID})
	if err != nil {
		return account{}, err
	}
	p := resp.GetPayer()
	if err := v.db.Admit(ctx, p.GetAccountId(), "costs", v.perSecond, max(1, int(2*v.perSecond))); err != nil {
		return account{}, err
	}
	return account{aws.Payer{AccountID: p.GetAccountId(), RoleARN: p.GetRoleArn(), ExternalID: p.GetExternalId()}, p.GetCustomerId()}, nil
}
