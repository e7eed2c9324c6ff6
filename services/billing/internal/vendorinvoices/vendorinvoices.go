// Package vendorinvoices is Billing's view of AWS Invoicing: the invoices that AWS sends a payer for an organization and
// a month, through the unmodified SDK.
//
// It owns no decision: what an invoice must agree with is package period's.
package vendorinvoices

import (
	"cmp"
	"context"
	"slices"
	"strings"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/invoicing"
	"github.com/aws/aws-sdk-go-v2/service/invoicing/types"

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

// Invoices are those of a month.
type Invoices struct {
	Invoices []statement.VendorInvoice // ordered by their ids
	Pages    []any                     // what AWS answered, for evidence
}

// List returns the invoices and credit memos of a payer for one organization and month, all pages of them: another one's,
// or the payer's own. AWS lists them by the payer and says for whom each is.
func (c *Client) List(ctx context.Context, payer aws.Payer, sourceAccountID string, m calendar.Month) (Invoices, error) {
	cfg, err := c.clients.Config(payer)
	if err != nil {
		return Invoices{}, err
	}
	year, month := int32(m.Year), int32(m.Month)
	pages := invoicing.NewListInvoiceSummariesPaginator(invoicing.NewFromConfig(cfg), &invoicing.ListInvoiceSummariesInput{
		Selector: &types.InvoiceSummariesSelector{ResourceType: types.ListInvoiceSummariesResourceTypeAccountId, Value: &payer.AccountID},
		Filter:   &types.InvoiceSummariesFilter{BillingPeriod: &types.BillingPeriod{Year: &year, Month: &month}},
	})
	var found Invoices
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return Invoices{}, err
		}
		var ours []types.InvoiceSummary
		for _, s := range page.InvoiceSummaries {
			if s.InvoiceType == types.InvoiceTypePaymentReceipt || !isOver(s, payer.AccountID, sourceAccountID) {
				continue
			}
			ours = append(ours, s)
			v, err := invoiceOf(s)
			if err != nil {
				return Invoices{}, errs.Wrap(err, errs.Internal, "ANSWER_UNREADABLE", "invoice %s makes no sense", sdk.ToString(s.InvoiceId))
			}
			found.Invoices = append(found.Invoices, v)
		}
		found.Pages = append(found.Pages, ours) // other customers' are none of this one's business
	}
	slices.SortFunc(found.Invoices, func(a, b statement.VendorInvoice) int { return strings.Compare(a.ID, b.ID) })
	return found, nil
}

// isOver reports whether an invoice is over the organization of an account. One over the payer's own names no other.
func isOver(s types.InvoiceSummary, payerID, accountID string) bool {
	if len(s.BillSourceAccounts) == 0 {
		return accountID == payerID
	}
	return slices.Contains(s.BillSourceAccounts, accountID)
}

// invoiceOf reads a summary. Tax is the difference of AWS's two totals.
func invoiceOf(s types.InvoiceSummary) (statement.VendorInvoice, error) {
	v := statement.VendorInvoice{
		ID: sdk.ToString(s.InvoiceId), Entity: statement.AWS, IssuedAt: sdk.ToTime(s.IssuedDate).UTC(), Quote: quoteOf(s),
	}
	if s.Entity != nil {
		v.Entity = statement.EntityOf(string(s.Entity.BillingEntity))
	}
	base := s.BaseCurrencyAmount
	if base == nil {
		base = &types.InvoiceCurrencyAmount{} // refused as an amount below
	}
	total, err := money.Parse(sdk.ToString(base.CurrencyCode), sdk.ToString(base.TotalAmount))
	if err != nil {
		return v, err
	}
	if v.Total, err = money.Parse(sdk.ToString(base.CurrencyCode), sdk.ToString(base.TotalAmountBeforeTax)); err != nil {
		return v, err
	}
	if v.Tax, err = total.Sub(v.Total); err != nil {
		return v, err
	}
	if s.InvoiceType == types.InvoiceTypeCreditMemo && !strings.HasPrefix(v.Total.Amount(), "-") {
		v.Total, v.Tax = v.Total.Neg(), v.Tax.Neg() // it gives back, whichever sign it shows
	}
	return v, nil
}

// quoteOf is AWS's own conversion to another currency; nil when the invoice is paid in that of its amounts. A rate that is missing or
// nonsense is one of zero, which converts nothing.
func quoteOf(s types.InvoiceSummary) *statement.Quote {
	paid := s.PaymentCurrencyAmount
	if paid == nil {
		return nil
	}
	to, from, rate := sdk.ToString(paid.CurrencyCode), "", ""
	if s.BaseCurrencyAmount != nil {
		from = sdk.ToString(s.BaseCurrencyAmount.CurrencyCode)
	}
	if x := paid.CurrencyExchangeDetails; x != nil {
		to, rate = cmp.Or(sdk.ToString(x.TargetCurrencyCode), to), sdk.ToString(x.Rate)
	}
	if to == "" || to == from {
		return nil
	}
	parsed, err := money.ParseRate(rate)
	if err != nil {
		parsed = money.Rate{}
	}
	return &statement.Quote{To: to, Rate: parsed}
}
