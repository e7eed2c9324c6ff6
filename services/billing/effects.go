package billing

import (
	"bytes"
	"context"
	"time"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/blob"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/notice"
	"example.com/handover/services/billing/internal/invoice"
	"example.com/handover/services/billing/internal/invoicepdf"
	"example.com/handover/services/billing/internal/period"
	"example.com/handover/services/billing/internal/statement"
)

// Classes of blobs.
const (
	classInvoices = "invoices"  // documents, kept as long as law requires
	classVendor   = "aws-bills" // what AWS answered, for evidence
)

// reasonInternal is the reason of what only a programmer can mend.
const reasonInternal = "INTERNAL"

// lookLimit bounds the reading of a month, which may have many pages of costs.
const lookLimit = 10 * time.Minute

// periodWork does what a period asks of AWS, of the other services and of the other tables.
type periodWork struct {
	tables      *tables
	blobs       blob.Store
	vendor      *vendor
	parties     *parties
	rules       statement.Rules
	paymentDays int
}

type (
	periodAttempt = kit.Attempt[period.Period]
	periodRecord  = kit.Record[period.Period]
)

// effects are the acts of a period. What is saved together with other rows an act saves by itself; to issue is safe to repeat,
// for the invoice has an id that follows from its period's.
func (w *periodWork) effects(notices *notice.Peers) *kit.Effects[period.Period] {
	want := func(a period.Action) func(*period.Period) []intent.Want {
		return func(p *period.Period) []intent.Want { return p.Want(a) }
	}
	return &kit.Effects[period.Period]{
		Ledger: func(p *period.Period) *intent.Ledger { return &p.Intents },
		Dates:  period.Date, Tick: period.Tick,
		All: []kit.Effect[period.Period]{
			{Name: "look", Look: true, Wanted: want(period.Look), Do: w.look, Outcome: vendorOutcome, Refused: lookRefused, Limit: lookLimit},
			{Name: "rate", Look: true, Wanted: want(period.Rate), Do: w.rate, Outcome: intent.OfOwn},
			{Name: "issue", Wanted: want(period.Issue), Do: w.issue, Outcome: intent.OfOwn},
			notice.Effect(notices, notice.Set[period.Period]{
				Wanted: period.Wanted, Kept: func(p *period.Period) *intent.Wishes { return &p.Wishes },
			}),
		},
	}
}

func lookRefused(p *period.Period, _ kit.Intended, o intent.Outcome, now time.Time) ([]fact.Fact, error) {
	if o.Reason == reasonInternal {
		return nil, errs.New(errs.Internal, reasonInternal, "the month was not read: %s", o.Message) // the suite's own fault
	}
	return p.LookRefused(o.Reason, now)
}

// obstruct records that the period cannot go on.
func obstruct(o *period.Obstacle) periodRecord {
	return func(p *period.Period, now time.Time) ([]fact.Fact, error) { return p.Obstruct(o.Code, o.Why, now) }
}

// vendorOutcome reads the errors of a look: AWS's, or those of the service that says how to get to AWS.
func vendorOutcome(err error) intent.Outcome {
	if _, own := errs.As(err); own {
		return intent.OfOwn(err)
	}
	return aws.OutcomeOf(err)
}

// invoiceWork gives an invoice its document and has it sent.
type invoiceWork struct{ blobs blob.Store }

func (w *invoiceWork) effects(notices *notice.Peers) *kit.Effects[invoice.Invoice] {
	return &kit.Effects[invoice.Invoice]{
		Ledger: func(i *invoice.Invoice) *intent.Ledger { return &i.Intents },
		Tick:   invoice.Tick,
		All: []kit.Effect[invoice.Invoice]{
			{Name: "document", Wanted: invoice.WantDocument, Do: w.document, Outcome: intent.OfOwn},
			notice.Effect(notices, notice.Set[invoice.Invoice]{
				Wanted: invoice.Wanted, Kept: func(i *invoice.Invoice) *intent.Wishes { return &i.Wishes },
			}),
		},
	}
}

// document makes the document. Making it twice makes the same bytes.
func (w *invoiceWork) document(ctx context.Context, a kit.Attempt[invoice.Invoice]) (kit.Record[invoice.Invoice], error) {
	content, err := invoicepdf.Make(a.Doc)
	if err != nil {
		return nil, err
	}
	if err := w.blobs.Put(ctx, classInvoices, documentKey(a.ID), invoicepdf.ContentType, bytes.NewReader(content)); err != nil {
		return nil, err
	}
	return func(i *invoice.Invoice, _ time.Time) ([]fact.Fact, error) { return i.Documented(blob.Hash(content)) }, nil
}
