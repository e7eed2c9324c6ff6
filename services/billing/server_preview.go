package billing

import (
	"errors"
	"io"

	"google.golang.org/grpc"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/money"
	"example.com/handover/pkg/text"
	"example.com/handover/pkg/wire"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/billing/internal/period"
	"example.com/handover/services/billing/internal/statement"
)

// mostCharges bounds what one preview holds in memory.
const mostCharges = 100_000

// Reasons of refusals of a preview, as the contract names them.
const (
	reasonChargesTooMany = "CHARGES_TOO_MANY"
	reasonStreamInvalid  = "STREAM_INVALID"
)

// PreviewStatement reads the stream to its end and computes: it touches no table.
func (s *billingServer) PreviewStatement(
	stream grpc.ClientStreamingServer[billingv1.PreviewStatementRequest, billingv1.PreviewStatementResponse],
) error {
	in := statement.Input{Rules: s.rules}
	for first := true; ; first = false {
		req, err := stream.Recv()
		if errors.Is(err, io.EOF) && !first {
			break
		}
		if errors.Is(err, io.EOF) {
			return errs.New(errs.Invalid, reasonStreamInvalid, "the stream has no message")
		}
		if err != nil {
			return err
		}
		if first != (req.GetBasis() != nil) {
			return errs.InvalidField("basis", reasonStreamInvalid, "the basis is in the first message, and in no other")
		}
		if err := receive(&in, req); err != nil {
			return err
		}
	}
	computed, err := statement.Compute(in)
	if err != nil {
		return err
	}
	return stream.SendAndClose(&billingv1.PreviewStatementResponse{Statement: toStatement(s.words(stream.Context()), computed)})
}

// receive adds one message to what the statement is computed of.
func receive(in *statement.Input, req *billingv1.PreviewStatementRequest) error {
	if b := req.GetBasis(); b != nil {
		if err := fromBasis(in, b); err != nil {
			return err
		}
	}
	if len(in.Charges)+len(req.GetCharges()) > mostCharges {
		return errs.InvalidField("charges", reasonChargesTooMany, "a statement has at most %d charges", mostCharges)
	}
	for _, c := range req.GetCharges() {
		amount, err := statement.Amount(c.GetCurrencyCode(), c.GetAmount())
		if err != nil {
			return err
		}
		in.Charges = append(in.Charges, statement.Charge{
			Account: c.GetAccountId(), Service: c.GetService(), RecordType: c.GetRecordType(), Entity: statement.EntityOf(c.GetBillingEntity()),
			Amount: amount,
		})
	}
	return nil
}

func fromBasis(in *statement.Input, b *billingv1.StatementBasis) error {
	book, err := fromPricebook(b.GetPricebook(), "")
	if err != nil {
		return err
	}
	if err := book.Prices(); err != nil {
		return err
	}
	in.Month, in.Book = wire.FromMonth(b.GetMonth()), &book
	in.Terms = statement.Terms{PartnerLedSupport: b.GetPartnerLedSupport(), Discount: b.GetDiscountPercent()}
	for _, v := range b.GetVendorInvoices() {
		invoice, err := fromVendorInvoice(v)
		if err != nil {
			return err
		}
		in.Invoices = append(in.Invoices, invoice)
	}
	return nil
}

func fromVendorInvoice(v *billingv1.VendorInvoice) (statement.VendorInvoice, error) {
	out := statement.VendorInvoice{
		ID: v.GetVendorInvoiceId(), Entity: statement.EntityOf(v.GetEntity()), IssuedAt: wire.FromTime(v.GetIssueTime()),
	}
	var err error
	if out.Total, err = fromMoney(v.GetTotal()); err != nil {
		return out, err
	}
	if out.Tax, err = fromMoney(v.GetTax()); v.GetTax() != nil && err != nil {
		return out, err
	}
	if v.GetExchangeCurrencyCode() == "" {
		return out, nil
	}
	out.Quote = &statement.Quote{To: v.GetExchangeCurrencyCode()}
	if v.GetExchangeRate() != "" {
		out.Quote.Rate, err = money.ParseRate(v.GetExchangeRate())
		return out, err
	}
	return out, nil
}

func fromMoney(m *typev1.Money) (money.Money, error) {
	return statement.Amount(m.GetCurrencyCode(), m.GetAmount())
}

// toStatement shows a statement with what it costs: for operators alone.
func toStatement(words text.Words, s statement.Statement) *billingv1.Statement {
	out := &billingv1.Statement{
		ExactTotal: toMoney(s.Exact), Total: toMoney(s.Total), Cost: toMoney(s.Cost), Margin: toMoney(s.Margin),
		Exchanges: toExchanges(s.Exchanges),
	}
	for _, l := range s.Lines {
		out.Lines = append(out.Lines, &billingv1.StatementLine{
			Category: wire.Value[billingv1.ChargeCategory](string(l.Category)), Description: l.Description,
			ExactAmount: toMoney(l.Exact), Amount: toMoney(l.Price), ChargeCount: int32(l.Charges),
		})
	}
	for _, a := range s.Accounts {
		out.Accounts = append(out.Accounts, &billingv1.StatementAccount{
			AccountId: a.ID, Cost: toMoney(a.Cost), Price: toMoney(a.Price), Margin: toMoney(a.Margin), BelowFloor: a.Below,
		})
	}
	for _, h := range s.Holds {
		out.Holds = append(out.Holds, &billingv1.StatementHold{
			Code: wire.Value[billingv1.HoldCode](h.Code), Message: words.Say(h.Why), Remedy: toWaiting(words, period.Mend(h.Code, h.Why)),
		})
	}
	for _, w := range s.Warnings {
		out.Warnings = append(out.Warnings, &billingv1.StatementWarning{
			Code: wire.Value[billingv1.StatementWarningCode](w.Code), Subject: w.Subject,
		})
	}
	return out
}
