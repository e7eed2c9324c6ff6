package billing_test

import (
	"bytes"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit/kittest"
	"example.com/handover/pkg/sim/aws/state"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/billing"
)

// previews sends a basis and charges, so many in a message.
func (a *alone) previews(
	t *testing.T, b *billingv1.StatementBasis, each int, charges ...*billingv1.StatementCharge,
) (*billingv1.Statement, error) {
	t.Helper()
	s, err := a.billing.PreviewStatement(a.operator(t))
	must(t, err)
	must(t, s.Send(&billingv1.PreviewStatementRequest{Basis: b}))
	for len(charges) > 0 {
		n := min(each, len(charges))
		if s.Send(&billingv1.PreviewStatementRequest{Charges: charges[:n]}) != nil {
			break // the answer says why
		}
		charges = charges[n:]
	}
	resp, err := s.CloseAndRecv()
	return resp.GetStatement(), err
}

func basis(rules ...*billingv1.PriceRule) *billingv1.StatementBasis {
	return &billingv1.StatementBasis{
		Month: &typev1.Month{Year: 2026, Month: 3}, Pricebook: &billingv1.Pricebook{CurrencyCode: "USD", Rules: rules},
	}
}

func charged(account, service, recordType, amount string) *billingv1.StatementCharge {
	return &billingv1.StatementCharge{AccountId: account, Service: service, RecordType: recordType, Amount: amount, CurrencyCode: "USD"}
}

func ofUsage(percent string) *billingv1.PriceRule {
	return &billingv1.PriceRule{
		Category: billingv1.ChargeCategory_CHARGE_CATEGORY_USAGE, Percent: percent, FromMonth: &typev1.Month{Year: 2026, Month: 1},
	}
}

// TestPreviewIsTheMonth: what was invoiced, and what the preview makes of the same charges in another order, are the same bytes.
func TestPreviewIsTheMonth(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.transferred()
	rel := r.billed(bound())
	must(t, r.aws.SetPaymentCurrency(t.Context(), payerAccount, "EUR", "0.9215"))
	_, err := r.books.UpdatePricebook(r.operator(t), r.revised(t, rel, &billingv1.Pricebook{
		Rules: []*billingv1.PriceRule{ofUsage("3.3")},
	}, "rules"))
	must(t, err)
	r.at(time.Date(2026, 3, 10, 0, 0, 0, 0, time.UTC))
	lines := []state.Usage{
		{Service: "Amazon EC2", Amount: "50.005"},
		{Service: "Amazon S3", Amount: "0.0000001"},
		{Service: "Amazon EC2", RecordType: "Reseller Program Discount", Amount: "-4.00"},
		{Service: "Amazon EC2", RecordType: "Odd", Amount: "7.125"},
		{Service: "Tax", RecordType: "Tax", Amount: "3.85"},
		{Service: "Scanner", BillingEntity: "AWS Marketplace", Amount: "9.994"},
	}
	r.uses(customerAccount, time.March, lines...)
	p := r.period(rel.GetRelationshipId(), time.March)
	r.at(gateOf(time.March))
	done := r.steps(p.GetPeriodId())
	if done.GetState() != invoiced {
		t.Fatalf("March is %v", done)
	}
	month, err := billing.StatementOf(t.Context(), r.env.DB, p.GetPeriodId())
	must(t, err)

	b := basis(ofUsage("3.3"))
	b.VendorInvoices = done.GetVendorInvoices()
	var charges []*billingv1.StatementCharge
	for i := range lines {
		l := lines[len(lines)-1-i]
		c := charged(customerAccount, l.Service, l.RecordType, l.Amount)
		if c.BillingEntity = l.BillingEntity; c.RecordType == "" {
			c.RecordType = "Usage"
		}
		charges = append(charges, c)
	}
	preview, err := r.previews(t, b, 2, charges...)
	must(t, err)
	want, got := serialized(t, month), serialized(t, preview)
	if !bytes.Equal(want, got) || len(preview.GetLines()) != 3 || len(preview.GetAccounts()) != 1 {
		t.Errorf("the month is\n%v\nthe preview\n%v", month, preview)
	}
	if after := r.steps(p.GetPeriodId()); after.GetEtag() != done.GetEtag() {
		t.Errorf("the preview has changed the month: %v", after)
	}
}

func serialized(t *testing.T, m proto.Message) []byte {
	t.Helper()
	data, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	must(t, err)
	return data
}

// revised is a change of the standard pricebook behind a relationship.
func (a *alone) revised(
	t *testing.T, rel *billingv1.Relationship, to *billingv1.Pricebook, paths ...string,
) *billingv1.UpdatePricebookRequest {
	t.Helper()
	found, err := a.books.ListPricebooks(a.operator(t), &billingv1.ListPricebooksRequest{SellerId: rel.GetSellerId()})
	must(t, err)
	return &billingv1.UpdatePricebookRequest{
		PricebookId: found.GetPricebooks()[0].GetPricebookId(), Pricebook: to, UpdateMask: &fieldmaskpb.FieldMask{Paths: paths},
	}
}

// TestPreviewTakesAMonth: 100,000 charges, and not one more; nobody but an operator sees what comes of them.
func TestPreviewTakesAMonth(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	many := make([]*billingv1.StatementCharge, 100_000)
	for i := range many {
		many[i] = charged(customerAccount, "Amazon EC2", "Usage", "0,011")
	}
	s, err := a.previews(t, basis(), 5000, many...)
	if err != nil || s.GetTotal().GetAmount() != "1100.00" || s.GetLines()[0].GetChargeCount() != 100_000 {
		t.Errorf("of 100,000: %v, %v", s, err)
	}
	_, err = a.previews(t, basis(), 5000, append(many, many[0])...)
	refused(t, err, codes.InvalidArgument, "CHARGES_TOO_MANY")
	_, err = a.previews(t, nil, 1, many[0])
	refused(t, err, codes.InvalidArgument, "STREAM_INVALID")
	_, err = a.previews(t, basis(), 1, charged("", "Amazon EC2", "Usage", "1.000,5"))
	refused(t, err, codes.InvalidArgument, "AMOUNT_INVALID")

	customer, err := a.billing.PreviewStatement(a.As(t, kittest.Customer("customer-1", id.New("cus"))))
	must(t, err)
	_ = customer.Send(&billingv1.PreviewStatementRequest{Basis: basis()})
	if resp, err := customer.CloseAndRecv(); err == nil {
		t.Errorf("a customer is answered %v", resp)
	}
}

// TestHoldsOfAPreview: each says why and who mends it.
func TestHoldsOfAPreview(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	s, err := a.previews(t, basis(ofUsage("-10")), 10,
		charged(customerAccount, "Amazon EC2", "Usage", "10"), charged(customerAccount, "Amazon EC2", "Strange Discount", "-1"))
	must(t, err)
	if len(s.GetHolds()) != 2 || s.GetHolds()[0].GetCode() != billingv1.HoldCode_HOLD_CODE_DISCOUNT_UNKNOWN ||
		s.GetHolds()[1].GetCode() != billingv1.HoldCode_HOLD_CODE_MARGIN_TOO_LOW {
		t.Fatalf("held by %v", s.GetHolds())
	}
	for _, h := range s.GetHolds() {
		if h.GetMessage() == "" || h.GetRemedy().GetWhat() == "" || h.GetRemedy().GetWhere() == "" {
			t.Errorf("%v", h)
		}
	}
}

// TestMarginIsAccepted: a month below cost is held until Operations corrects the prices or accepts them, for the figures that it read.
func TestMarginIsAccepted(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.transferred()
	rel := r.billed(bound())
	_, err := r.books.UpdatePricebook(r.operator(t), r.revised(t, rel, &billingv1.Pricebook{
		Rules: []*billingv1.PriceRule{ofUsage("-10")},
	}, "rules"))
	must(t, err)
	r.at(time.Date(2026, 3, 10, 0, 0, 0, 0, time.UTC))
	r.uses(customerAccount, time.March, state.Usage{Service: "Amazon EC2", Amount: "420"})
	p := r.period(rel.GetRelationshipId(), time.March)
	r.at(gateOf(time.March))
	got := r.steps(p.GetPeriodId())
	if got.GetHold().GetCode() != billingv1.HoldCode_HOLD_CODE_MARGIN_TOO_LOW || got.GetMargin().GetAmount() != "-42.00" {
		t.Fatalf("March is %v", got)
	}
	release := &billingv1.ReleasePeriodRequest{PeriodId: p.GetPeriodId(), Reason: "a gift", AcceptHold: true}
	_, err = r.billing.ReleasePeriod(r.operator(t), release)
	refused(t, err, codes.InvalidArgument, "FIELD_REQUIRED")
	release.Etag = got.GetEtag()
	_, err = r.billing.ReleasePeriod(r.operator(t), release)
	must(t, err)
	if got = r.steps(p.GetPeriodId()); got.GetState() != invoiced || got.GetPriceTotal().GetAmount() != "378.00" {
		t.Errorf("March is %v", got)
	}
}
