package billing_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/kit/kittest"
	"example.com/handover/pkg/rpc"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/billing"
)

// nobody lets the service look for AWS and its peers where nobody answers.
const nobody = `
platform: {peers: {orders: '127.0.0.1:1', accounttransfer: '127.0.0.1:1', notifications: '127.0.0.1:1'}}
services: {billing: {aws: {endpoint: 'http://127.0.0.1:1', static_access_key: AKIARESELLER00000000, timeout: 1s}}}
`

// alone is the service in a process of its own.
type alone struct {
	*kittest.Suite
	env     *kit.Env
	billing billingv1.BillingServiceClient
	books   billingv1.PricebookServiceClient
	reports billingv1.ReportServiceClient
}

func startAlone(t *testing.T) *alone {
	t.Helper()
	a, service := &alone{}, billing.Service()
	service = service.Around(func(_ context.Context, e *kit.Env, setUp func() error) error {
		a.env = e
		return setUp()
	})
	a.Suite = kittest.Start(t, kittest.Options{Config: nobody}, service)
	c := a.Conn()
	a.billing, a.books, a.reports = billingv1.NewBillingServiceClient(
		c,
	), billingv1.NewPricebookServiceClient(c), billingv1.NewReportServiceClient(c)
	return a
}

func (a *alone) operator(t *testing.T) context.Context {
	t.Helper()
	return a.As(t, kittest.Operator("operator-1"))
}

// journey is a connection that starts in March, and the agreement of its order.
func journey() (*accounttransferv1.Connection, *ordersv1.Agreement) {
	order, customer := id.New("ord"), id.New("cus")
	start := timestamppb.New(time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC))
	connection := &accounttransferv1.Connection{
		ConnectionId: id.New("con"), TransferId: id.New("trf"), OrderId: order, CustomerId: customer, PayerId: id.New("pay"),
		AccountId: "123456789012",
		Basis:     accounttransferv1.ConnectionBasis_CONNECTION_BASIS_BILLING_TRANSFER,
		State:     accounttransferv1.ConnectionState_CONNECTION_STATE_EFFECTIVE, StartTime: start,
	}
	return connection, &ordersv1.Agreement{
		AgreementId: id.New("agr"), TransferId: connection.GetTransferId(), OrderId: order, CustomerId: customer,
		SellerId: id.New("sel"), CurrencyCode: "EUR",
		SupportOption: ordersv1.SupportOption_SUPPORT_OPTION_PARTNER_LED, State: ordersv1.AgreementState_AGREEMENT_STATE_PROVISIONING,
	}
}

func (a *alone) hearAgreement(t *testing.T, agreement *ordersv1.Agreement) {
	t.Helper()
	if err := billing.HearAgreement(t.Context(), a.env.DB, agreement); err != nil {
		t.Fatal(err)
	}
}

func (a *alone) relationships(t *testing.T, orderID string) []*billingv1.Relationship {
	t.Helper()
	resp, err := a.billing.ListRelationships(a.operator(t), &billingv1.ListRelationshipsRequest{OrderId: orderID})
	if err != nil {
		t.Fatal(err)
	}
	return resp.GetRelationships()
}

func (a *alone) periods(t *testing.T, relationshipID string) []*billingv1.Period {
	t.Helper()
	resp, err := a.billing.ListPeriods(a.operator(t), &billingv1.ListPeriodsRequest{RelationshipId: relationshipID})
	if err != nil {
		t.Fatal(err)
	}
	return resp.GetPeriods()
}

// refused fails unless err is a refusal with this code and reason.
func refused(t *testing.T, err error, code codes.Code, reason string) {
	t.Helper()
	if status.Code(err) != code || errs.ReasonOf(rpc.FromStatus(err)) != reason {
		t.Errorf("refused with %v, want %s %s", err, code, reason)
	}
}

// TestEitherOrder: whether the connection or the agreement is heard of first, one relationship comes of both.
func TestEitherOrder(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	for _, first := range []string{"connection", "agreement"} {
		connection, agreement := journey()
		if first == "connection" {
			a.hearConnection(t, connection)
			a.hearAgreement(t, agreement)
		} else {
			a.hearAgreement(t, agreement)
			a.hearConnection(t, connection)
		}
		a.hearConnection(t, connection) // once more: nothing new
		found := a.relationships(t, connection.GetOrderId())
		if len(found) != 1 {
			t.Fatalf("%s first: %d relationships", first, len(found))
		}
		r := found[0]
		if strings.TrimPrefix(r.GetRelationshipId(), "rel") != strings.TrimPrefix(connection.GetConnectionId(), "con") ||
			r.GetAgreementId() != agreement.GetAgreementId() || r.GetCurrencyCode() != "EUR" || !r.GetPartnerLedSupport() ||
			r.GetState() != billingv1.RelationshipState_RELATIONSHIP_STATE_PENDING {
			t.Errorf("%s first: %v", first, r)
		}
	}
	proposed, _ := journey()
	proposed.StartTime, proposed.State = nil, accounttransferv1.ConnectionState_CONNECTION_STATE_PROPOSED
	a.hearConnection(t, proposed)
	if n := len(a.relationships(t, proposed.GetOrderId())); n != 0 {
		t.Errorf("%d relationships of a connection that does not bind", n)
	}
}

// TestMonthByMonth: the relationship begins with AWS's start, every month opens a period, and a withdrawal ends it.
func TestMonthByMonth(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	connection, agreement := journey()
	a.hearConnection(t, connection)
	a.hearAgreement(t, agreement)
	relationshipID := a.relationships(t, connection.GetOrderId())[0].GetRelationshipId()
	a.pass(t, time.Date(2026, time.April, 1, 0, 0, 0, 0, time.UTC))
	kittest.Until(t, "two periods", func() bool { return len(a.periods(t, relationshipID)) == 2 })
	march := a.periods(t, relationshipID)[1]
	if march.GetMonth().GetMonth() != 3 {
		march = a.periods(t, relationshipID)[0]
	}
	kittest.Until(t, "March is over", func() bool {
		p, err := a.billing.GetPeriod(a.operator(t), &billingv1.GetPeriodRequest{PeriodId: march.GetPeriodId()})
		return err == nil && p.GetPeriod().GetState() == billingv1.PeriodState_PERIOD_STATE_WAITING_FOR_VENDOR
	})
	if gate := march.GetGateTime().AsTime(); !gate.Equal(time.Date(2026, time.April, 5, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("the gate opens at %v", gate)
	}

	connection.State = accounttransferv1.ConnectionState_CONNECTION_STATE_ENDING
	connection.EndTime = timestamppb.New(calendar.MonthOf(a.env.Business.Now()).Next().Start())
	a.hearConnection(t, connection)
	a.pass(t, time.Date(2026, time.June, 10, 0, 0, 0, 0, time.UTC))
	kittest.Until(t, "it has ended", func() bool {
		return a.relationships(t, connection.GetOrderId())[0].GetState() == billingv1.RelationshipState_RELATIONSHIP_STATE_ENDED
	})
	if n := len(a.periods(t, relationshipID)); n != 2 {
		t.Errorf("%d periods, want March and April", n)
	}
	if _, err := a.billing.SetPricing(a.operator(t), &billingv1.SetPricingRequest{RelationshipId: relationshipID}); err != nil {
		t.Errorf("prices of months that are not invoiced: %v", err)
	}
}

// TestBetweenTwoLooks: what was accepted and withdrawn before anybody heard of it is billed for the months between.
func TestBetweenTwoLooks(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	for end, months := range map[time.Month]int{time.March: 0, time.April: 1} {
		connection, agreement := journey()
		a.hearAgreement(t, agreement)
		connection.State = accounttransferv1.ConnectionState_CONNECTION_STATE_ENDING
		connection.EndTime = timestamppb.New(time.Date(2026, end, 1, 0, 0, 0, 0, time.UTC))
		a.hearConnection(t, connection)
		found := a.relationships(t, connection.GetOrderId())
		if len(found) != months || months > 0 && found[0].GetEndTime().AsTime().Month() != end {
			t.Errorf("until %s: %v", end, found)
		}
	}
}

// TestTermsAreLocked: terms are read under their lock, which is taken together with the relationship's, so that terms which
// change meanwhile are not lost.
func TestTermsAreLocked(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	connection, agreement := journey()
	a.hearConnection(t, connection)
	a.hearAgreement(t, agreement)
	relationshipID := a.relationships(t, connection.GetOrderId())[0].GetRelationshipId()
	if err := billing.ReadTermsAfter(t.Context(), a.env.DB, relationshipID, connection.GetOrderId()); err == nil ||
		errs.ReasonOf(err) != "INTERNAL" {
		t.Errorf("the terms are read after the relationship is locked: %v", err)
	}
}

// pass moves business time.
func (a *alone) pass(t *testing.T, to time.Time) {
	t.Helper()
	if err := a.env.Business.Set(to); err != nil {
		t.Fatal(err)
	}
}

// TestHold: an operator makes a period stand still and lets it go on.
func TestHold(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	connection, _ := journey()
	a.hearConnection(t, connection)
	a.pass(t, time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC))
	relationshipID := a.relationships(t, connection.GetOrderId())[0].GetRelationshipId()
	kittest.Until(t, "March has begun", func() bool { return len(a.periods(t, relationshipID)) == 1 })
	p := a.periods(t, relationshipID)[0]

	_, err := a.billing.ReleasePeriod(a.operator(t), &billingv1.ReleasePeriodRequest{PeriodId: p.GetPeriodId(), Reason: "now"})
	refused(t, err, codes.FailedPrecondition, "PERIOD_NOT_HELD")
	_, err = a.billing.RunPeriod(a.operator(t), &billingv1.RunPeriodRequest{PeriodId: p.GetPeriodId()})
	refused(t, err, codes.FailedPrecondition, "STATE_REFUSES")
	_, err = a.billing.HoldPeriod(a.operator(t), &billingv1.HoldPeriodRequest{PeriodId: p.GetPeriodId(), Reason: "a dispute", Etag: "9"})
	refused(t, err, codes.Aborted, "ETAG_MISMATCH")
	_, err = a.reports.GetReconciliation(a.operator(t), &billingv1.GetReconciliationRequest{PeriodId: p.GetPeriodId()})
	refused(t, err, codes.FailedPrecondition, "STATE_REFUSES")
	held, err := a.billing.HoldPeriod(a.operator(t), &billingv1.HoldPeriodRequest{PeriodId: p.GetPeriodId(), Reason: "a dispute"})
	if err != nil || held.GetPeriod().GetHold().GetCode() != billingv1.HoldCode_HOLD_CODE_REQUESTED ||
		held.GetEvents()[0].GetName() != "held" {
		t.Fatalf("held: %v, %v", held, err)
	}
	if w := held.GetPeriod().GetWaiting(); w.GetOwner() != typev1.Party_PARTY_RESELLER || w.GetWhere() != "BillingService.ReleasePeriod" ||
		w.GetWhat() == "" ||
		held.GetPeriod().GetHold().GetMessage() != "Operations requested the hold: a dispute" ||
		held.GetEvents()[0].GetNote() != "The month is on hold: Operations requested it." {
		t.Errorf("what people read of it: %v", held)
	}
	listed := a.actions(t, &opsv1.ListActionsRequest{MoneyAtRisk: true, Overdue: true})
	if len(listed) != 1 || listed[0].GetResourceId() != p.GetPeriodId() || listed[0].GetKind() != typev1.ActionKind_ACTION_KIND_PERIOD ||
		listed[0].GetOrderId() != connection.GetOrderId() || listed[0].GetWaiting().GetWhere() != "BillingService.ReleasePeriod" {
		t.Errorf("what needs us is %v", listed)
	}
	_, err = a.billing.HoldPeriod(a.operator(t), &billingv1.HoldPeriodRequest{PeriodId: p.GetPeriodId(), Reason: "another dispute"})
	refused(t, err, codes.FailedPrecondition, "STATE_REFUSES")
	shown, err := a.billing.GetPeriod(
		a.As(t, kittest.Customer("customer-1", connection.GetCustomerId())), &billingv1.GetPeriodRequest{PeriodId: p.GetPeriodId()},
	)
	if err != nil || shown.GetPeriod().GetHold() != nil || shown.GetPeriod().GetWaiting() != nil || shown.GetPeriod().GetMargin() != nil {
		t.Errorf("the customer sees %v, %v", shown, err)
	}
	_, err = a.billing.GetPeriod(
		a.As(t, kittest.Customer("customer-2", id.New("cus"))), &billingv1.GetPeriodRequest{PeriodId: p.GetPeriodId()},
	)
	refused(t, err, codes.NotFound, "NOT_FOUND")
	released, err := a.billing.ReleasePeriod(a.operator(t), &billingv1.ReleasePeriodRequest{PeriodId: p.GetPeriodId(), Reason: "settled"})
	if err != nil || released.GetPeriod().GetState() != billingv1.PeriodState_PERIOD_STATE_OPEN || released.GetPeriod().GetHold() != nil {
		t.Errorf("released: %v, %v", released, err)
	}
	if listed := a.actions(t, &opsv1.ListActionsRequest{}); len(listed) != 0 {
		t.Errorf("what needs us is %v", listed)
	}
}

// actions is what people must see to in the service.
func (a *alone) actions(t *testing.T, req *opsv1.ListActionsRequest) (all []*typev1.Action) {
	t.Helper()
	req.Service = "billing"
	resp, err := opsv1.NewOperationsServiceClient(a.Conn()).ListActions(a.operator(t), req)
	if err != nil {
		t.Fatalf("list the actions: %v", err)
	}
	for _, listed := range resp.GetActions() {
		all = append(all, listed.GetAction())
	}
	return all
}

// TestWithoutOrders: a pricebook needs a seller that somebody knows.
func TestWithoutOrders(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	month := &billingv1.PriceRule{
		Category: billingv1.ChargeCategory_CHARGE_CATEGORY_USAGE, Percent: "5", FromMonth: &typev1.Month{Year: 2026, Month: 3},
	}
	book := &billingv1.Pricebook{
		SellerId: id.New("sel"), DisplayName: "Standard", CurrencyCode: "EUR", Rules: []*billingv1.PriceRule{month, month},
	}
	_, err := a.books.CreatePricebook(a.operator(t), &billingv1.CreatePricebookRequest{Pricebook: book})
	refused(t, err, codes.InvalidArgument, "RULE_DUPLICATE")
	book.Rules = book.Rules[:1]
	_, err = a.books.CreatePricebook(a.operator(t), &billingv1.CreatePricebookRequest{Pricebook: book})
	if status.Code(err) != codes.Unavailable {
		t.Errorf("with Orders away: %v", err)
	}
}
