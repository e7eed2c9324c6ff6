package billing

import (
	"context"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/store"
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
}

// sight is what AWS shows of a month.
type sight struct {
	period.Sight
	charges []rating.Charge
	pages   map[string][]any // what AWS answered, by service
	notYet  string           // why AWS is not thought to have finished; empty: it has
}

// see reads a month: the invoices first, because there is nothing to collect before they are there.
func (v *vendor) see(ctx context.Context, rel *relationship.Relationship, m calendar.Month) (sight, error) {
	payer, err := v.enter(ctx, rel.PayerID)
	if err != nil {
		return sight{}, err
	}
	invoices, err := v.invoices.List(ctx, payer, rel.SourceAccountID, m)
	if err != nil {
		return sight{}, later(err)
	}
	if len(invoices.Invoices) == 0 {
		return sight{notYet: "AWS has not invoiced the month"}, nil
	}
	view, err := v.costs.View(ctx, payer, rel.SourceAccountID, m)
	if err != nil {
		return sight{}, later(err)
	}
	if view == "" {
		return sight{notYet: "AWS has no billing view of the month"}, nil
	}
	found, err := v.costs.Read(ctx, payer, view, m)
	switch {
	case aws.Classify(err).Code == "DataUnavailable":
		return sight{notYet: "AWS has no costs of the month"}, nil
	case err != nil:
		return sight{}, later(err)
	case !found.Final:
		return sight{notYet: "AWS still estimates the costs of the month"}, nil
	}
	groups, err := rating.Classify(found.Charges)
	return sight{
		Sight: period.Sight{Invoices: invoices.Invoices, Groups: groups}, charges: found.Charges,
		pages: map[string][]any{"invoicing": invoices.Pages, "cost_explorer": found.Pages},
	}, err
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

// later says whether a failure of AWS passes by itself. What AWS refuses is a failure that somebody must look at.
func later(cause error) error {
	o := aws.Classify(cause)
	kind := errs.Unavailable
	if o.Class == aws.Refused || o.Class == aws.Denied {
		kind = errs.Precondition
	}
	return errs.Wrap(cause, kind, "AWS_"+string(o.Class), "AWS did not show it for now")
}
