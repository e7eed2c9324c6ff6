package billing

import (
	"context"
	"slices"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	"example.com/handover/services/billing/internal/costs"
	"example.com/handover/services/billing/internal/period"
	"example.com/handover/services/billing/internal/rating"
	"example.com/handover/services/billing/internal/relationship"
	"example.com/handover/services/billing/internal/vendorinvoices"
)

// vendor looks at AWS through the payer that receives its bills.
type vendor struct {
	db        *store.DB
	payers    accounttransferv1.PayerServiceClient
	perSecond float64 // looks in one payer account, over all replicas
	costs     *costs.Client
	invoices  *vendorinvoices.Client
	plans     rating.Plans // AWS's support plans
}

// month is what AWS shows of a month.
type month struct {
	bill    period.Bill
	charges []rating.Charge
	pages   map[string][]any // what AWS answered, by service
	notYet  text.Text        // why AWS is not thought to have finished; empty: it has
}

// see reads a month through a payer: the invoices first, because there is nothing to collect before they are there.
func (v *vendor) see(ctx context.Context, payer aws.Payer, rel *relationship.Relationship, m calendar.Month) (month, error) {
	invoiced := rel.AccountID
	if rel.Basis == relationship.Membership {
		invoiced = payer.AccountID // a member is on the bill of its organization
	}
	invoices, err := v.invoices.List(ctx, payer, invoiced, m)
	if err != nil {
		return month{}, err
	}
	if len(invoices.Invoices) == 0 {
		return month{notYet: text.New("hold.vendor_invoice_missing")}, nil
	}
	out := month{bill: period.Bill{Invoices: invoices.Invoices}, pages: map[string][]any{"invoicing": invoices.Pages}}
	if rel.Basis == relationship.Membership {
		err = v.members(ctx, payer, rel.Parts(m), m, &out)
	} else {
		err = v.transferred(ctx, payer, rel.AccountID, m, &out)
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
// relationship, and for the whole organization, which AWS's invoices are over. An organization that is the customer's own, whose master
// account is the payer, is collected whole.
func (v *vendor) members(ctx context.Context, payer aws.Payer, parts []relationship.Part, m calendar.Month, out *month) error {
	for _, scope := range scopesOf(parts, payer.AccountID) {
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
	out.bill.Whole, err = rating.Classify(whole.Charges, v.plans)
	return err
}

// scopesOf says what is read for the parts of a month: an organization whose master account is among them at once, and nothing of it
// twice.
func scopesOf(parts []relationship.Part, master string) []costs.Scope {
	var scopes []costs.Scope
	for _, p := range parts {
		scope := costs.Scope{LinkedAccountIDs: p.AccountIDs, From: p.From, Until: p.Until}
		if slices.Contains(p.AccountIDs, master) {
			scope.LinkedAccountIDs = nil
			return []costs.Scope{scope}
		}
		scopes = append(scopes, scope)
	}
	return scopes
}

// take keeps the charges that were found beside those that are there, or why there are none yet.
func (out *month) take(found costs.Costs, plans rating.Plans, err error) error {
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
	out.bill.Groups, err = rating.Classify(out.charges, plans)
	return err
}

// enter draws a permit for a look in the payer's account and asks how to get into it, which is kept nowhere.
func (v *vendor) enter(ctx context.Context, payerID string) (aws.Payer, error) {
	resp, err := v.payers.GetPayer(ctx, &accounttransferv1.GetPayerRequest{PayerId: payerID})
	if err != nil {
		return aws.Payer{}, err
	}
	p := resp.GetPayer()
	if err := v.db.Admit(ctx, p.GetAccountId(), "costs", v.perSecond, max(1, int(2*v.perSecond))); err != nil {
		return aws.Payer{}, err
	}
	return aws.Payer{AccountID: p.GetAccountId(), RoleARN: p.GetRoleArn(), ExternalID: p.GetExternalId()}, nil
}
