// Package invoicing is the part of AWS Invoicing that lists invoices and hands out their documents. Its operations have
// the signatures of the SDK client.
//
// It owns the shapes and exceptions; which invoices there are, and over what, is bill's to say.
package invoicing

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/invoicing"
	"github.com/aws/aws-sdk-go-v2/service/invoicing/types"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/sim/aws/bill"
	"example.com/handover/pkg/sim/aws/identity"
	"example.com/handover/pkg/sim/aws/page"
	"example.com/handover/pkg/sim/aws/state"
)

// Backend answers the operations. The caller is taken from the context (identity.From).
type Backend struct {
	state    *state.State
	settings bill.Settings
}

// New returns a backend over a state.
func New(s *state.State, settings bill.Settings) *Backend {
	return &Backend{state: s, settings: settings.WithDefaults()}
}

// ListInvoiceSummaries lists the invoices that the caller has received, for itself and for the organizations it pays
// for. Only invoices that are issued are there.
func (b *Backend) ListInvoiceSummaries(ctx context.Context, in *sdk.ListInvoiceSummariesInput) (*sdk.ListInvoiceSummariesOutput, error) {
	caller := identity.From(ctx).Account
	if err := check(in, caller); err != nil {
		return nil, err
	}
	out := &sdk.ListInvoiceSummariesOutput{}
	err := b.state.View(func(tx *state.Tx) error {
		invoices, err := wanted(bill.Open(tx, b.settings), in, caller)
		if err != nil {
			return err
		}
		filter := *in
		filter.MaxResults, filter.NextToken = nil, nil
		list, err := page.Name(caller, "ListInvoiceSummaries", filter)
		if err != nil {
			return err
		}
		rows, next, err := page.Cut(invoices, place, page.Size(in.MaxResults, b.settings.Invoices), in.NextToken, list)
		out.NextToken = next
		for _, i := range rows {
			s, shapeErr := summary(i)
			err = errors.Join(err, shapeErr)
			out.InvoiceSummaries = append(out.InvoiceSummaries, s)
		}
		return err
	})
	if _, wrong := errors.AsType[*page.TokenError](err); wrong {
		err = invalid(types.ValidationExceptionReasonInvalidNextToken, "nextToken", "The token is not valid for this request.")
	}
	return out, err
}

// GetInvoicePDF answers whoever received the invoice. There is no document behind the address.
func (b *Backend) GetInvoicePDF(ctx context.Context, in *sdk.GetInvoicePDFInput) (*sdk.GetInvoicePDFOutput, error) {
	out := &sdk.GetInvoicePDFOutput{}
	err := b.state.View(func(tx *state.Tx) error {
		i, ok, err := received(bill.Open(tx, b.settings), aws.ToString(in.InvoiceId), identity.From(ctx).Account)
		switch {
		case err != nil:
			return err
		case !ok:
			return notFound("The invoice was not found.", aws.ToString(in.InvoiceId))
		}
		const life = time.Hour
		out.InvoicePDF = &types.InvoicePDF{
			InvoiceId:                 aws.String(i.ID),
			DocumentUrl:               aws.String("https://invoices.aws.invalid/" + i.ID + ".pdf"),
			DocumentUrlExpirationDate: aws.Time(tx.Now().Add(life)),
		}
		return nil
	})
	return out, err
}

func place(i bill.Invoice) string { return i.IssuedAt.UTC().Format(time.RFC3339) + " " + i.ID }

// wanted returns the invoices that an input chooses.
func wanted(book bill.Book, in *sdk.ListInvoiceSummariesInput, caller string) ([]bill.Invoice, error) {
	if in.Selector.ResourceType == types.ListInvoiceSummariesResourceTypeInvoiceId {
		i, ok, err := received(book, *in.Selector.Value, caller)
		if err != nil || !ok {
			return nil, err
		}
		return chosen([]bill.Invoice{i}, in.Filter), nil
	}
	if in.Filter != nil && in.Filter.BillingPeriod != nil {
		p := in.Filter.BillingPeriod
		all, err := book.Invoices(caller, calendar.Month{Year: int(*p.Year), Month: time.Month(*p.Month)})
		return chosen(all, in.Filter), err
	}
	all, err := book.AllInvoices(caller)
	return chosen(all, in.Filter), err
}

// received returns an invoice of that id if it was sent to the account.
func received(book bill.Book, id, account string) (bill.Invoice, bool, error) {
	i, ok, err := book.Invoice(id)
	return i, ok && i.Payer == account, err
}

func chosen(all []bill.Invoice, f *types.InvoiceSummariesFilter) []bill.Invoice {
	if f == nil {
		return all
	}
	var out []bill.Invoice
	for _, i := range all {
		if fits(i, *f) {
			out = append(out, i)
		}
	}
	return out
}

func fits(i bill.Invoice, f types.InvoiceSummariesFilter) bool {
	if f.InvoicingEntity != nil && *f.InvoicingEntity != bill.InvoicingEntity {
		return false
	}
	if p := f.BillingPeriod; p != nil && (i.Month != calendar.Month{Year: int(*p.Year), Month: time.Month(*p.Month)}) {
		return false
	}
	if t := f.TimeInterval; t != nil && (i.IssuedAt.Before(*t.StartDate) || !i.IssuedAt.Before(*t.EndDate)) {
		return false
	}
	return f.ReceiverRole == "" || f.ReceiverRole == roleOf(i)
}
