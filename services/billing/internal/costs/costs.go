// Package costs is Billing's view of AWS Cost Explorer: all charges of a month that a billing view shows, or those of some
// accounts of the payer's own organization, once they are final. It finds the view in AWS Billing, reads every page through the
// unmodified SDK, and keeps what AWS answered.
//
// It owns no decision: what a charge is for is package statement's, and when to look is package period's.
package costs

import (
	"context"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/billing"
	billingtypes "github.com/aws/aws-sdk-go-v2/service/billing/types"
	"github.com/aws/aws-sdk-go-v2/service/costexplorer"
	"github.com/aws/aws-sdk-go-v2/service/costexplorer/types"

	"example.com/handover/pkg/accountid"
	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/money"
	"example.com/handover/services/billing/internal/statement"
)

// Client calls AWS in the accounts of payers.
type Client struct {
	clients *aws.Clients
}

// New returns a client that uses the given credentials.
func New(clients *aws.Clients) *Client { return &Client{clients} }

// View returns the ARN of the billing view that shows what AWS charges the payer for an organization in a month; empty
// when there is none.
func (c *Client) View(ctx context.Context, payer aws.Payer, sourceAccountID string, m calendar.Month) (string, error) {
	cfg, err := c.clients.Config(payer)
	if err != nil {
		return "", err
	}
	first, last := m.Start(), m.End() // AWS wants both within the month
	pages := billing.NewListBillingViewsPaginator(billing.NewFromConfig(cfg), &billing.ListBillingViewsInput{
		BillingViewTypes: []billingtypes.BillingViewType{billingtypes.BillingViewTypeBillingTransfer},
		SourceAccountId:  &sourceAccountID,
		ActiveTimeRange:  &billingtypes.ActiveTimeRange{ActiveAfterInclusive: &first, ActiveBeforeInclusive: &last},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return "", err
		}
		for _, v := range page.BillingViews {
			return sdk.ToString(v.Arn), nil
		}
	}
	return "", nil
}

// Costs are the charges of a month.
type Costs struct {
	Final   bool // AWS will not change them any more by itself
	Charges []statement.Charge
	Pages   []any // what AWS answered, for evidence
}

// Scope is whose part of what the payer can see is read. The zero value is the payer's own organization.
type Scope struct {
	ViewARN          string    // a billing view of the payer; empty: its primary one, the bill of its organization
	LinkedAccountIDs []string  // these accounts in it; none: all
	Except           []string  // not these accounts
	From, Until      time.Time // these days of the month, the second exclusive; zero: from its first, to its last one
}

// Read returns all charges of a month by account, service and record type, seller by seller. AWS groups by two things at once, so that it
// is asked once for each seller and record type. Costs that AWS still estimates are not final, and so are not read to the end.
func (c *Client) Read(ctx context.Context, payer aws.Payer, of Scope, m calendar.Month) (Costs, error) {
	r, err := c.reader(payer, of, m)
	if err != nil {
		return Costs{}, err
	}
	sums, err := r.groups(ctx, part{}, types.DimensionBillingEntity, types.DimensionRecordType)
	if err != nil || !r.costs.Final {
		return Costs{Pages: r.costs.Pages}, err
	}
	for _, sum := range sums {
		if err := r.part(ctx, part{sum.Keys[0], sum.Keys[1]}, sum.Metrics[metric]); err != nil {
			return Costs{}, err
		}
		if !r.costs.Final {
			return Costs{Pages: r.costs.Pages}, nil
		}
	}
	return r.costs, nil
}

// Totals returns what AWS charges for the payer's own organization in a month, as one charge per seller and record type.
func (c *Client) Totals(ctx context.Context, payer aws.Payer, m calendar.Month) (Costs, error) {
	r, err := c.reader(payer, Scope{}, m)
	if err != nil {
		return Costs{}, err
	}
	groups, err := r.groups(ctx, part{}, types.DimensionBillingEntity, types.DimensionRecordType)
	if err != nil {
		return Costs{}, err
	}
	for _, g := range groups {
		amount, err := amountOf(g.Metrics[metric])
		if err != nil {
			return Costs{}, err
		}
		r.costs.Charges = append(r.costs.Charges, statement.Charge{RecordType: g.Keys[1], Entity: statement.EntityOf(g.Keys[0]), Amount: amount})
	}
	return r.costs, nil
}

func (c *Client) reader(payer aws.Payer, of Scope, m calendar.Month) (*reader, error) {
	cfg, err := c.clients.Config(payer)
	if err != nil {
		return nil, err
	}
	return &reader{api: costexplorer.NewFromConfig(cfg), scope: of, month: m, costs: Costs{Final: true}}, nil
}

// part reads the charges of one billing entity and record type. They must add up to what AWS had said of it, but for its
// rounding: what moves between two calls is not final.
func (r *reader) part(ctx context.Context, of part, all types.MetricValue) error {
	groups, err := r.groups(ctx, of, types.DimensionLinkedAccount, types.DimensionService)
	if err != nil || !r.costs.Final {
		return err
	}
	rest, err := amountOf(all)
	if err != nil {
		return err
	}
	for _, g := range groups {
		amount, err := amountOf(g.Metrics[metric])
		if err != nil {
			return err
		}
		if rest, err = rest.Sub(amount); err != nil {
			return err
		}
		if amount.IsZero() {
			continue // AWS lists free usage too
		}
		r.costs.Charges = append(r.costs.Charges, statement.Charge{
			Account: accountOf(g.Keys[0]), Service: g.Keys[1], RecordType: of.recordType, Entity: statement.EntityOf(of.entity), Amount: amount,
		})
	}
	r.costs.Final, err = settled(rest)
	return err
}

// accountOf is an account's number; empty for AWS's word for none.
func accountOf(key string) string {
	if accountid.Valid(key) {
		return key
	}
	return ""
}

// settled reports whether what is left of a seller's sum is rounding alone: Cost Explorer may round each group by itself,
// and so the groups need not add up to the last digit. From half a cent on it is a charge that has moved.
func settled(rest money.Money) (bool, error) {
	half, err := money.Parse(rest.Currency(), "0.005")
	if err != nil {
		return false, err
	}
	above, err := rest.Cmp(half)
	if err != nil {
		return false, err
	}
	below, err := rest.Cmp(half.Neg())
	return above < 0 && below > 0, err
}

func amountOf(v types.MetricValue) (money.Money, error) {
	m, err := statement.Amount(sdk.ToString(v.Unit), sdk.ToString(v.Amount))
	if err != nil {
		return m, unreadable(err, "an amount is %q %q", sdk.ToString(v.Amount), sdk.ToString(v.Unit))
	}
	return m, nil
}

// unreadable is the error for an answer of AWS that makes no sense: to ask again does not help.
func unreadable(cause error, format string, args ...any) error {
	return errs.Wrap(cause, errs.Internal, "ANSWER_UNREADABLE", format, args...)
}

func day(t time.Time) *string {
	s := t.Format(time.DateOnly)
	return &s
}
