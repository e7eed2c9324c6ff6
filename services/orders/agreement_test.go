package orders_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit/kittest"
	"example.com/handover/pkg/rpc"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/orders"
)

// TestAgreement is the contract beside its order: what AccountTransfer tells moves both.
func TestAgreement(t *testing.T) {
	t.Parallel()
	a := start(t, "", newNeighbours().services()...)
	t.Run("when every step is done the agreement is in force", a.activated)
	t.Run("the minimum term is twelve calendar months from the start that AWS said", a.termed)
	t.Run("an order that is completed after the start of the billing has a decision, and policies of its term differ", a.completedLate)
	t.Run("each account that has joined has a subscription", a.hasAccounts)
	t.Run("an order that fails or is deleted takes its agreement with it", a.cameToNothing)
	t.Run("the customer sees its agreements and nobody else's", a.agreementsOfOthers)
	t.Run("BIL-016 BIL-017 another currency is for Operations to set, and refused where the seller does not sell in it", a.currencyRefused)
	t.Run("BIL-018 in a further currency of the seller the agreement is shown in that", a.currencyChanged)
}

// ordered submits an order of its own account.
func (a *alone) ordered(t *testing.T, accountID string) *ordersv1.Order {
	t.Helper()
	payer := id.New("pay")
	a.know(t, payer, a.seller)
	o, err := a.submit(t, a.draftFor(t, payer, accountID))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// hears tells of the order's transfer and returns the order after that.
func (a *alone) hears(t *testing.T, o *ordersv1.Order, revision int64, turn func(*accounttransferv1.Transfer)) *ordersv1.Order {
	t.Helper()
	transfer := &accounttransferv1.Transfer{
		TransferId: o.GetTransferId(), OrderId: o.GetOrderId(), State: accounttransferv1.TransferState_TRANSFER_STATE_IN_PROGRESS,
	}
	turn(transfer)
	if c := transfer.GetConnection(); c != nil { // which its own events carry
		c.TransferId, c.CustomerId, c.OrderId, transfer.Connection = o.GetTransferId(), o.GetCustomerId(), o.GetOrderId(), nil
		if err := orders.HearConnection(t.Context(), a.db, c, 1); err != nil {
			t.Fatal(err)
		}
	}
	if err := orders.HearTransfer(t.Context(), a.db, transfer, revision); err != nil {
		t.Fatal(err)
	}
	got, err := a.orders.GetOrder(a.person(t), &ordersv1.GetOrderRequest{OrderId: o.GetOrderId()})
	if err != nil {
		t.Fatal(err)
	}
	return got.GetOrder()
}

func (a *alone) agreement(t *testing.T, ctx context.Context, agreementID string) *ordersv1.Agreement {
	t.Helper()
	resp, err := a.agreements.GetAgreement(ctx, &ordersv1.GetAgreementRequest{AgreementId: agreementID})
	if err != nil {
		t.Fatalf("agreement %q: %v", agreementID, err)
	}
	return resp.GetAgreement()
}

func march() time.Time { return time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC) }

func accepted(t *accounttransferv1.Transfer) {
	t.Connection = &accounttransferv1.Connection{
		State: accounttransferv1.ConnectionState_CONNECTION_STATE_EFFECTIVE, StartTime: timestamppb.New(march()),
	}
}

func completed(t *accounttransferv1.Transfer) {
	accepted(t)
	t.State = accounttransferv1.TransferState_TRANSFER_STATE_COMPLETED
}

func (a *alone) activated(t *testing.T) {
	draft, err := a.orders.GetOrder(a.person(t), &ordersv1.GetOrderRequest{OrderId: a.draftFor(t, "", "100000000001")})
	if err != nil {
		t.Fatal(err)
	}
	if s := a.agreement(t, a.person(t), draft.GetOrder().GetAgreementId()).GetState(); s != ordersv1.AgreementState_AGREEMENT_STATE_DRAFT {
		t.Errorf("of a draft it is %s", s)
	}
	o := a.ordered(t, "100000000002")
	got := a.agreement(t, a.person(t), o.GetAgreementId())
	if got.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_PROVISIONING || got.GetOrderId() != o.GetOrderId() ||
		got.GetTransferId() != o.GetTransferId() ||
		len(got.GetTerms()) != 2 || got.GetManagementAccountId() != "100000000002" || got.GetSupportOption() != o.GetSupportOption() ||
		got.GetMinimumTerm() != nil {
		t.Errorf("of a submitted order it is %v", got)
	}
	a.hears(t, o, 1, completed)
	got = a.agreement(t, a.person(t), o.GetAgreementId())
	if got.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_ACTIVE || got.GetActivateTime() == nil || got.GetEndTime() != nil {
		t.Errorf("of a complete order it is %v", got)
	}
	subs, err := a.agreements.ListSubscriptions(a.person(t), &ordersv1.ListSubscriptionsRequest{AgreementId: o.GetAgreementId()})
	if err != nil || len(subs.GetSubscriptions()) != 1 {
		t.Fatalf("subscriptions: %v, %v", subs, err)
	}
	if s := subs.GetSubscriptions()[0]; s.GetState() != ordersv1.SubscriptionState_SUBSCRIPTION_STATE_ACTIVE ||
		s.GetVendorId() != "100000000002" || !s.GetStartTime().AsTime().Equal(march()) || s.GetEndTime() != nil {
		t.Errorf("the subscription is %v", s)
	}
}

func (a *alone) termed(t *testing.T) {
	o := a.ordered(t, "100000000003")
	a.hears(t, o, 1, accepted)
	term := a.agreement(t, a.person(t), o.GetAgreementId()).GetMinimumTerm()
	if term.GetCycles() != 12 || !term.GetStartTime().AsTime().Equal(march()) ||
		!term.GetEndTime().AsTime().Equal(march().AddDate(1, 0, 0)) || term.GetServiceTermEndTime() != nil {
		t.Errorf("the term is %v", term)
	}
	enforced := time.Date(2027, time.March, 12, 0, 0, 0, 0, time.UTC)
	a.hears(t, o, 2, func(tr *accounttransferv1.Transfer) {
		accepted(tr)
		tr.Connection.ServiceTerms = []*accounttransferv1.ServiceTerm{
			{Attempt: 1, State: accounttransferv1.ServiceTermState_SERVICE_TERM_STATE_EXPIRED, EndTime: timestamppb.New(march())},
			{Attempt: 2, State: accounttransferv1.ServiceTermState_SERVICE_TERM_STATE_ACCEPTED, EndTime: timestamppb.New(enforced)},
		}
	})
	term = a.agreement(t, a.person(t), o.GetAgreementId()).GetMinimumTerm()
	if !term.GetServiceTermEndTime().AsTime().Equal(enforced) || !term.GetEndTime().AsTime().Equal(march().AddDate(1, 0, 0)) {
		t.Errorf("with what AWS enforces it is %v", term)
	}
}

// completedLate is an order that was completed long after AWS had begun to bill: that is decided, recorded and shown, and the
// policies of the minimum term differ.
func (a *alone) completedLate(t *testing.T) {
	began := time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)
	o := a.hears(t, a.ordered(t, "100000000013"), 1, func(tr *accounttransferv1.Transfer) {
		completed(tr)
		tr.Connection.StartTime = timestamppb.New(began)
	})
	late := o.GetLateCompletion()
	if late.GetPolicy() != ordersv1.LateCompletionPolicy_LATE_COMPLETION_POLICY_BILLED_FROM_START || late.GetReason() == "" ||
		!late.GetBilledFromTime().AsTime().Equal(began) || !late.GetCompleteTime().AsTime().Equal(o.GetEndTime().AsTime()) {
		t.Errorf("decided is %v", late)
	}
	term := a.agreement(t, a.person(t), o.GetAgreementId()).GetMinimumTerm()
	purchase := ordersv1.MinimumTermPolicy_MINIMUM_TERM_POLICY_MONTHS_FROM_PURCHASE
	if !term.GetPoliciesDiffer() || len(term.GetEnds()) != 2 || term.GetEnds()[1].GetPolicy() != purchase ||
		!term.GetEndTime().AsTime().Equal(began.AddDate(1, 0, 0)) {
		t.Fatalf("the term is %v", term)
	}
	later := term.GetEnds()[1].GetEndTime().AsTime()
	set := &ordersv1.UpdateAgreementRequest{
		AgreementId: o.GetAgreementId(), Agreement: &ordersv1.Agreement{MinimumTermPolicy: purchase},
		UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"minimum_term_policy"}},
	}
	resp, err := a.agreements.UpdateAgreement(a.operator(t), set)
	if got := resp.GetAgreement(); err != nil || got.GetMinimumTermPolicy() != purchase ||
		!got.GetMinimumTerm().GetEndTime().AsTime().Equal(later) || len(resp.GetEvents()) != 1 {
		t.Errorf("counted otherwise it is %v, %v", got, err)
	}
	set.Agreement.MinimumTermPolicy = ordersv1.MinimumTermPolicy_MINIMUM_TERM_POLICY_UNSPECIFIED
	_, err = a.agreements.UpdateAgreement(a.operator(t), set)
	isRefused(t, err, codes.InvalidArgument, "FIELD_REQUIRED")
}

// hasAccounts is an agreement whose accounts join an organization of the reseller: each has a subscription.
func (a *alone) hasAccounts(t *testing.T) {
	o := a.hears(t, a.ordered(t, "100000000021"), 1, func(tr *accounttransferv1.Transfer) {
		completed(tr)
		joined := accounttransferv1.MemberState_MEMBER_STATE_JOINED
		tr.Connection.Members = []*accounttransferv1.Member{
			{AccountId: "100000000021", State: joined, JoinTime: timestamppb.New(march()), StartTime: timestamppb.New(march())},
			{
				AccountId: "100000000022", State: accounttransferv1.MemberState_MEMBER_STATE_LEFT, JoinTime: timestamppb.New(march()),
				StartTime: timestamppb.New(march()), LeaveTime: timestamppb.New(march().Add(30 * time.Hour)),
			},
			{AccountId: "100000000023", State: accounttransferv1.MemberState_MEMBER_STATE_INVITED},
		}
	})
	list := func(size int32, token string, states ...ordersv1.SubscriptionState) *ordersv1.ListSubscriptionsResponse {
		t.Helper()
		resp, err := a.agreements.ListSubscriptions(a.person(t), &ordersv1.ListSubscriptionsRequest{
			AgreementId: o.GetAgreementId(), PageSize: size, PageToken: token, States: states,
		})
		if err != nil {
			t.Fatal(err)
		}
		return resp
	}
	first := list(1, "")
	if subs := first.GetSubscriptions(); len(subs) != 1 || subs[0].GetVendorId() != "100000000021" || first.GetNextPageToken() == "" {
		t.Fatalf("the first page is %v", first)
	}
	left := list(0, first.GetNextPageToken())
	if subs := left.GetSubscriptions(); len(subs) != 1 || subs[0].GetVendorId() != "100000000022" || left.GetNextPageToken() != "" ||
		subs[0].GetState() != ordersv1.SubscriptionState_SUBSCRIPTION_STATE_TERMINATED ||
		!subs[0].GetEndTime().AsTime().Equal(march().AddDate(0, 0, 2)) {
		t.Errorf("the second page is %v", left)
	}
	if in := list(0, "", ordersv1.SubscriptionState_SUBSCRIPTION_STATE_ACTIVE).GetSubscriptions(); len(in) != 1 {
		t.Errorf("active are %v", in)
	}
	_, err := a.agreements.ListSubscriptions(a.person(t), &ordersv1.ListSubscriptionsRequest{AgreementId: o.GetAgreementId(), PageToken: "x"})
	isRefused(t, err, codes.InvalidArgument, "PAGE_TOKEN_INVALID")
}

func (a *alone) cameToNothing(t *testing.T) {
	o := a.ordered(t, "100000000004")
	o = a.hears(t, o, 1, func(tr *accounttransferv1.Transfer) {
		tr.State = accounttransferv1.TransferState_TRANSFER_STATE_FAILED
		tr.Failure = &accounttransferv1.Failure{Code: accounttransferv1.FailureCode_FAILURE_CODE_ROLES_MISSING, Message: "no role"}
	})
	if code := o.GetFailure().GetCode(); code != ordersv1.OrderFailureCode_ORDER_FAILURE_CODE_ROLES_MISSING {
		t.Errorf("the order failed with %s", code)
	}
	if got := a.agreement(t, a.person(t), o.GetAgreementId()); got.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_FAILED ||
		got.GetEndTime() == nil {
		t.Errorf("of a failed order it is %v", got)
	}
	deleted, err := a.orders.DeleteOrder(a.operator(t), &ordersv1.DeleteOrderRequest{OrderId: a.draftFor(t, "", "100000000005")})
	if err != nil || len(deleted.GetEvents()) != 2 {
		t.Fatalf("deleted: %v, %v", deleted, err)
	}
	got := a.agreement(t, a.person(t), deleted.GetOrder().GetAgreementId())
	if got.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_DELETED {
		t.Errorf("of a deleted draft it is %v", got)
	}
}

func (a *alone) agreementsOfOthers(t *testing.T) {
	o := a.ordered(t, "100000000006")
	stranger := a.As(t, kittest.Customer("stranger-1", id.New("cus")))
	_, err := a.agreements.GetAgreement(stranger, &ordersv1.GetAgreementRequest{AgreementId: o.GetAgreementId()})
	isRefused(t, err, codes.NotFound, "NOT_FOUND")
	_, err = a.agreements.ListSubscriptions(stranger, &ordersv1.ListSubscriptionsRequest{AgreementId: o.GetAgreementId()})
	isRefused(t, err, codes.NotFound, "NOT_FOUND")
	if list, err := a.agreements.ListAgreements(stranger, &ordersv1.ListAgreementsRequest{}); err != nil || len(list.GetAgreements()) > 0 {
		t.Errorf("a stranger lists %v, %v", list, err)
	}
	mine, err := a.agreements.ListAgreements(a.person(t), &ordersv1.ListAgreementsRequest{
		OrderId: o.GetOrderId(), States: []ordersv1.AgreementState{ordersv1.AgreementState_AGREEMENT_STATE_PROVISIONING},
	})
	if err != nil || len(mine.GetAgreements()) != 1 || mine.GetAgreements()[0].GetAgreementId() != o.GetAgreementId() {
		t.Errorf("the customer lists %v, %v", mine, err)
	}
	if none, err := a.agreements.ListAgreements(a.person(t), &ordersv1.ListAgreementsRequest{
		OrderId: o.GetOrderId(), States: []ordersv1.AgreementState{ordersv1.AgreementState_AGREEMENT_STATE_ACTIVE},
	}); err != nil || len(none.GetAgreements()) > 0 {
		t.Errorf("active are %v, %v", none, err)
	}
}

// revise changes an agreement to a currency.
func (a *alone) revise(ctx context.Context, agreementID, currency string, paths ...string) error {
	_, err := a.agreements.UpdateAgreement(ctx, &ordersv1.UpdateAgreementRequest{
		AgreementId: agreementID,
		Agreement:   &ordersv1.Agreement{CurrencyCode: currency},
		UpdateMask:  &fieldmaskpb.FieldMask{Paths: paths},
	})
	return err
}

func (a *alone) currencyRefused(t *testing.T) {
	id := a.ordered(t, "100000000007").GetAgreementId()
	err := a.revise(a.operator(t), id, "USD", "currency_code")
	isRefused(t, err, codes.InvalidArgument, "CURRENCY_NOT_SERVED")
	if e, _ := errs.As(rpc.FromStatus(err)); e == nil || e.Remedy.Text.Params["where"] != "SellerService.GetSeller" ||
		!strings.Contains(e.Remedy.Text.Params["what"], "account manager") {
		t.Errorf("nobody is named who can help: %v", err)
	}
	isRefused(t, a.revise(a.person(t), id, "CHF", "currency_code"), codes.PermissionDenied, "ROLE_DENIED")
	isRefused(t, a.revise(a.operator(t), id, "CHF", "state"), codes.InvalidArgument, "FIELD_IMMUTABLE")
	if c := a.agreement(t, a.person(t), id).GetCurrencyCode(); c != "EUR" {
		t.Errorf("it is in %s", c)
	}
}

func (a *alone) currencyChanged(t *testing.T) {
	id := a.ordered(t, "100000000008").GetAgreementId()
	isRefused(t, a.revise(a.operator(t), id, "CHF", "currency_code"), codes.InvalidArgument, "CURRENCY_NOT_SERVED")
	isRefused(t, a.sellIn(t, "francs"), codes.InvalidArgument, "REQUEST_INVALID")
	if err := a.sellIn(t, "CHF"); err != nil {
		t.Fatal(err)
	}
	if err := a.revise(a.operator(t), id, "CHF", "currency_code"); err != nil {
		t.Fatal(err)
	}
	isRefused(t, a.revise(a.operator(t), id, "USD", "currency_code"), codes.InvalidArgument, "CURRENCY_NOT_SERVED")
	if c := a.agreement(t, a.person(t), id).GetCurrencyCode(); c != "CHF" {
		t.Errorf("the customer sees it in %s", c)
	}
	isRefused(t, a.sellIn(t), codes.FailedPrecondition, "CURRENCY_IN_USE")
}

// sellIn lets the seller sell in these currencies beside its own.
func (a *alone) sellIn(t *testing.T, codes ...string) error {
	t.Helper()
	resp, err := ordersv1.NewSellerServiceClient(a.Conn()).UpdateSeller(a.operator(t), &ordersv1.UpdateSellerRequest{
		SellerId:   a.seller,
		Seller:     &ordersv1.Seller{FurtherCurrencyCodes: codes},
		UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"further_currency_codes"}},
	})
	if err == nil && !slices.Equal(resp.GetSeller().GetFurtherCurrencyCodes(), codes) {
		t.Errorf("it sells in %v", resp.GetSeller())
	}
	return err
}
