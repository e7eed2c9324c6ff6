package orders_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/id"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/orders"
)

const (
	exception   = ordersv1.TerminationOutcome_TERMINATION_OUTCOME_GRANT_EXCEPTION
	scheduled   = ordersv1.TerminationOutcome_TERMINATION_OUTCOME_SCHEDULE
	withdrawing = ordersv1.TerminationPhase_TERMINATION_PHASE_WITHDRAWING
)

// bound is the connection of accounttransfer, and how that answers what is asked of it.
type bound struct {
	accounttransferv1.UnimplementedConnectionServiceServer

	mu    sync.Mutex
	c     *accounttransferv1.Connection
	fails *errs.Error // nil: what is asked is done
	kept  []int32     // the attempts that were to be dropped
}

// is sets the connection, and how what is asked of it is refused.
func (b *bound) is(fails *errs.Error, change func(c *accounttransferv1.Connection)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	next := proto.CloneOf(b.c)
	change(next)
	b.c, b.fails = next, fails
}

func (b *bound) now() (*accounttransferv1.Connection, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fails != nil {
		return nil, b.fails
	}
	return b.c, nil
}

// WithdrawConnection implements accounttransferv1.ConnectionServiceServer.
func (b *bound) WithdrawConnection(
	context.Context, *accounttransferv1.WithdrawConnectionRequest,
) (*accounttransferv1.WithdrawConnectionResponse, error) {
	c, err := b.now()
	return &accounttransferv1.WithdrawConnectionResponse{Connection: c}, err
}

// KeepConnection implements accounttransferv1.ConnectionServiceServer.
func (b *bound) KeepConnection(
	_ context.Context, r *accounttransferv1.KeepConnectionRequest,
) (*accounttransferv1.KeepConnectionResponse, error) {
	b.mu.Lock()
	b.kept = append(b.kept, r.GetAttempt())
	b.mu.Unlock()
	c, err := b.now()
	return &accounttransferv1.KeepConnectionResponse{Connection: c}, err
}

// GetConnection implements accounttransferv1.ConnectionServiceServer.
func (b *bound) GetConnection(
	context.Context, *accounttransferv1.GetConnectionRequest,
) (*accounttransferv1.GetConnectionResponse, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return &accounttransferv1.GetConnectionResponse{Connection: b.c}, nil
}

// withdrawal puts a connection into a phase of a withdrawal.
func withdrawal(etag string, phase accounttransferv1.WithdrawalPhase) func(*accounttransferv1.Connection) {
	return func(c *accounttransferv1.Connection) {
		c.Etag, c.Withdrawal = etag, &accounttransferv1.Withdrawal{Attempt: 1, Phase: phase, Problem: "AWS refuses."}
	}
}

const (
	withdraws = accounttransferv1.WithdrawalPhase_WITHDRAWAL_PHASE_WITHDRAWS
	stuck     = accounttransferv1.WithdrawalPhase_WITHDRAWAL_PHASE_PROBLEM
	settled   = accounttransferv1.WithdrawalPhase_WITHDRAWAL_PHASE_SETTLED
)

// ownTimeline has a timeline of the orders' own events, which the neighbours of a test have none of.
const ownTimeline = "services: {orders: {sources: [orders]}}"

// leaver is a customer with an agreement in force, and its termination.
type leaver struct {
	*alone
	n         *neighbours
	ends      ordersv1.TerminationServiceClient
	agreement string
}

func newLeaver(t *testing.T, accountID string) *leaver {
	t.Helper()
	n := newNeighbours()
	l := &leaver{alone: start(t, ownTimeline, n.services()...), n: n}
	l.ends = ordersv1.NewTerminationServiceClient(l.Conn())
	o := l.ordered(t, accountID)
	n.binds.c = &accounttransferv1.Connection{
		ConnectionId: id.New("con"), TransferId: o.GetTransferId(), CustomerId: o.GetCustomerId(), OrderId: o.GetOrderId(), Etag: "1",
		StartTime: timestamppb.New(march()), State: accounttransferv1.ConnectionState_CONNECTION_STATE_EFFECTIVE,
	}
	l.agreement = l.hears(t, o, 1, func(tr *accounttransferv1.Transfer) {
		tr.State, tr.Connection = accounttransferv1.TransferState_TRANSFER_STATE_COMPLETED, proto.CloneOf(n.binds.c)
	}).GetAgreementId()
	return l
}

// terminates orders the end in somebody's name.
func (l *leaver) terminates(t *testing.T, ctx context.Context, reason string) string {
	t.Helper()
	resp, err := l.ends.RequestTermination(ctx, &ordersv1.RequestTerminationRequest{AgreementId: l.agreement, Reason: reason})
	if err != nil {
		t.Fatal(err)
	}
	return resp.GetOrder().GetOrderId()
}

func (l *leaver) decides(t *testing.T, orderID string, outcome ordersv1.TerminationOutcome) {
	t.Helper()
	if _, err := l.ends.ReviewTermination(l.operator(t), &ordersv1.ReviewTerminationRequest{
		OrderId: orderID, Outcome: outcome, Reason: "As agreed.",
	}); err != nil {
		t.Fatal(err)
	}
}

func (l *leaver) takesBack(ctx context.Context, orderID string) error {
	_, err := l.ends.TakeBackTermination(ctx, &ordersv1.TakeBackTerminationRequest{OrderId: orderID, Reason: "They have paid."})
	return err
}

// tells has orders hear of the connection as it is.
func (l *leaver) tells(t *testing.T, revision int64) {
	t.Helper()
	c, _ := l.n.binds.now()
	if err := orders.HearConnection(t.Context(), l.db, c, revision); err != nil {
		t.Fatal(err)
	}
}

// until watches the order until it is as told.
func (l *leaver) until(t *testing.T, orderID string, is func(*ordersv1.Order) bool) *ordersv1.Order {
	t.Helper()
	ctx, cancel := context.WithTimeout(l.operator(t), 2*time.Minute)
	defer cancel()
	stream, err := l.orders.WatchOrder(ctx, &ordersv1.WatchOrderRequest{OrderId: orderID})
	if err != nil {
		t.Fatal(err)
	}
	var last *ordersv1.Order
	for {
		m, err := stream.Recv()
		if err != nil {
			t.Fatalf("the order is %v: %v", last, err)
		}
		if last = m.GetOrder(); is(last) {
			return last
		}
	}
}

func inPhase(p ordersv1.TerminationPhase) func(*ordersv1.Order) bool {
	return func(o *ordersv1.Order) bool { return o.GetTermination().GetPhase() == p }
}

// mailed waits for a mail of a template, and fails when another of the unwanted comes before.
func (l *leaver) mailed(t *testing.T, template string, unwanted ...string) *notificationsv1.RequestNotificationRequest {
	t.Helper()
	for {
		m := next[*notificationsv1.RequestNotificationRequest](t, l.n)
		for _, u := range unwanted {
			if m.GetTemplateKey() == u {
				t.Fatalf("mailed is %v", m)
			}
		}
		if m.GetTemplateKey() == template {
			return m
		}
	}
}

// TestEndOrderedByReseller: it is not the customer's to take back, nor to read why.
func TestEndOrderedByReseller(t *testing.T) {
	t.Parallel()
	l := newLeaver(t, "800000000001")
	id := l.terminates(t, l.operator(t), "They do not pay.")
	t.Run("ORD-054 the customer reads that the reseller ends it, and not why", func(t *testing.T) {
		m := l.mailed(t, "termination-announced", "termination-received")
		if m.GetParams()["reason"] != "" || m.GetParams()["end"] != "2027-03-01T00:00:00Z" {
			t.Errorf("mailed is %v", m)
		}
		got, err := l.orders.GetOrder(l.person(t), &ordersv1.GetOrderRequest{OrderId: id})
		if r := got.GetOrder().GetTermination().GetReason(); err != nil || r != "" {
			t.Errorf("the customer reads %q, %v", r, err)
		}
	})
	l.decides(t, id, scheduled)
	t.Run("ORD-054 Operations alone takes it back", func(t *testing.T) {
		isRefused(t, l.takesBack(l.person(t), id), codes.PermissionDenied, "ROLE_DENIED")
		if err := l.takesBack(l.operator(t), id); err != nil {
			t.Fatal(err)
		}
		l.mailed(t, "termination-taken-back", "termination-taken-back-operations")
	})
	resp, err := ordersv1.NewTimelineServiceClient(l.Conn()).GetTimeline(l.person(t), &ordersv1.GetTimelineRequest{OrderId: id})
	if err != nil || len(resp.GetEntries()) == 0 {
		t.Fatalf("the timeline is %v, %v", resp, err)
	}
	for _, e := range resp.GetEntries() {
		if s := e.String(); strings.Contains(s, "They") || strings.Contains(s, "As agreed") {
			t.Errorf("the customer reads %s", s)
		}
	}
}

// TestApprovedIsTakenBack: Operations hears of it, once.
func TestApprovedIsTakenBack(t *testing.T) {
	t.Parallel()
	l := newLeaver(t, "800000000002")
	id := l.terminates(t, l.person(t), "We leave.")
	t.Run("ORD-055 the earliest end that a customer reads is that of its term", func(t *testing.T) {
		if m := l.mailed(t, "termination-received"); m.GetParams()["end"] != "2027-03-01T00:00:00Z" {
			t.Errorf("mailed is %v", m)
		}
	})
	l.decides(t, id, scheduled)
	t.Run("ORD-054 Operations reads that the customer has taken back what was approved", func(t *testing.T) {
		if err := l.takesBack(l.person(t), id); err != nil {
			t.Fatal(err)
		}
		m := l.mailed(t, "termination-taken-back-operations")
		if m.GetRecipient().GetRole() != notificationsv1.RecipientRole_RECIPIENT_ROLE_OPERATIONS || m.GetParams()["order_id"] != id {
			t.Errorf("mailed is %v", m)
		}
	})
}

// TestWithdrawalIsNotTaken: while AccountTransfer fails, or does not let us in, Operations is told before the month is over.
func TestWithdrawalIsNotTaken(t *testing.T) {
	t.Parallel()
	for name, fails := range map[string]*errs.Error{
		"fails":              errs.New(errs.Internal, "INTERNAL", "a bug"),
		"lets nobody in":     errs.New(errs.Denied, "PERMISSION_DENIED", "who are you?"),
		"answers not at all": errs.New(errs.Unavailable, "UNAVAILABLE", "one moment"),
	} {
		t.Run("ORD-055 an end is not carried out while AccountTransfer "+name, func(t *testing.T) {
			t.Parallel()
			l := newLeaver(t, "800000000003")
			l.n.binds.is(fails, withdrawal("2", withdraws))
			id := l.terminates(t, l.person(t), "We leave.")
			l.decides(t, id, exception)
			l.until(t, id, func(o *ordersv1.Order) bool {
				return o.GetWaiting().GetOwner() == typev1.Party_PARTY_PLATFORM && o.GetWaiting().GetEscalateTime() != nil
			})
			l.later(t, 7*time.Hour)
			l.until(t, id, func(o *ordersv1.Order) bool { return o.GetWaiting().GetEscalated() })
			urgent, err := l.orders.ListOrders(l.operator(t), &ordersv1.ListOrdersRequest{Escalated: true})
			if err != nil || len(urgent.GetOrders()) != 1 || urgent.GetOrders()[0].GetOrderId() != id {
				t.Errorf("what needs Operations: %v, %v", urgent, err)
			}
			for next[*supportv1.OpenCaseRequest](t, l.n).GetPriority() != supportv1.CasePriority_CASE_PRIORITY_P2 { // the review's comes first
				continue
			}
			l.n.binds.is(nil, func(*accounttransferv1.Connection) {})
			l.later(t, 2*time.Hour) // one that is not let in asks again by the hour
			l.until(t, id, inPhase(withdrawing))
		})
	}
}

// TestAWSWasFaster: a refusal is held against the connection before the customer reads of it.
func TestAWSWasFaster(t *testing.T) {
	t.Parallel()
	l := newLeaver(t, "800000000004")
	l.n.binds.is(errs.New(errs.Precondition, "STATE_REFUSES", "it is ending"), func(c *accounttransferv1.Connection) {
		c.Etag, c.State = "2", accounttransferv1.ConnectionState_CONNECTION_STATE_ENDING
		c.EndTime = timestamppb.New(march().AddDate(0, 1, 0))
	})
	id := l.terminates(t, l.person(t), "We leave.")
	l.decides(t, id, exception)
	t.Run("ORD-055 an end that AWS has already is followed, and nobody reads that it could not be carried out", func(t *testing.T) {
		o := l.until(t, id, inPhase(ordersv1.TerminationPhase_TERMINATION_PHASE_ENDING))
		if !o.GetTermination().GetEndTime().AsTime().Equal(march().AddDate(0, 1, 0)) {
			t.Errorf("it is %v", o)
		}
		l.mailed(t, "termination-approved", "termination-returned")
	})
	l.n.binds.is(nil, func(c *accounttransferv1.Connection) { c.Etag = "3" })
	l.tells(t, 3)
	l.n.binds.is(nil, func(c *accounttransferv1.Connection) {
		c.Etag, c.State = "4", accounttransferv1.ConnectionState_CONNECTION_STATE_ENDED
	})
	l.tells(t, 4)
	t.Run("ORD-054 the timeline of a termination has the end of what it ends, and nothing from before", func(t *testing.T) {
		timeline := ordersv1.NewTimelineServiceClient(l.Conn())
		resp, err := timeline.GetTimeline(l.person(t), &ordersv1.GetTimelineRequest{OrderId: id, PageSize: 500})
		told := map[string]int{}
		for _, e := range resp.GetEntries() {
			told[e.GetName()]++
		}
		if err != nil || told["ending"] != 1 || told["terminated"] != 1 || told["completed"] != 1 || told["activated"] != 0 {
			t.Errorf("the timeline tells %v, %v", told, err)
		}
	})
}

// TestOverrunRefused: an end that somebody has begun in AccountTransfer although the agreement was to go on, and that AWS refuses, is
// Operations' to decide on: a case, an action and a mail say so, and when nobody decides the agreement goes on.
func TestOverrunRefused(t *testing.T) {
	t.Parallel()
	l := newLeaver(t, "800000000006")
	l.n.binds.is(nil, withdrawal("2", withdraws))
	id := l.terminates(t, l.person(t), "We leave.")
	l.decides(t, id, exception)
	l.until(t, id, inPhase(withdrawing))
	again := func(etag string, phase accounttransferv1.WithdrawalPhase) {
		l.n.binds.is(nil, func(c *accounttransferv1.Connection) {
			withdrawal(etag, phase)(c)
			c.Withdrawal.Attempt = 2
		})
	}
	l.n.binds.is(nil, withdrawal("3", stuck))
	l.tells(t, 3)
	l.n.binds.is(errs.New(errs.Unavailable, "UNAVAILABLE", "one moment"), func(*accounttransferv1.Connection) {})
	if err := l.takesBack(l.person(t), id); err != nil {
		t.Fatal(err)
	}
	again("4", withdraws)
	l.tells(t, 4)
	l.mailed(t, "termination-overrun", "termination-taken-back")
	again("5", stuck)
	l.tells(t, 5)
	t.Run("ORD-055 both sides hear that AWS refuses an end that ran over what was decided", func(t *testing.T) {
		m := l.mailed(t, "termination-overrun-refused", "termination-taken-back")
		o := l.until(t, id, inPhase(ordersv1.TerminationPhase_TERMINATION_PHASE_KEEPING))
		if at := o.GetTermination().GetKeepTime(); at == nil || m.GetParams()["until"] != at.AsTime().Format(time.RFC3339) {
			t.Errorf("it is %v, and mailed %v", o, m)
		}
		if got := l.listed(t, id); got.GetKind() != kindTermination || !got.GetWaiting().GetEscalated() ||
			!strings.Contains(got.GetWaiting().GetWhere(), "ReviewTermination") {
			t.Errorf("it is listed as %v", got)
		}
		for next[*supportv1.OpenCaseRequest](t, l.n).GetPriority() != supportv1.CasePriority_CASE_PRIORITY_P2 { // the reviews' come first
			continue
		}
	})
	again("6", settled)
	l.later(t, 73*time.Hour)
	t.Run("ORD-055 when nobody decides, the agreement goes on as was decided before", func(t *testing.T) {
		o := l.until(t, id, func(o *ordersv1.Order) bool { return o.GetState() == ordersv1.OrderState_ORDER_STATE_FAILED })
		l.mailed(t, "termination-taken-back")
		if o.GetFailure().GetCode() != ordersv1.OrderFailureCode_ORDER_FAILURE_CODE_TERMINATION_TAKEN_BACK || l.listed(t, id) != nil {
			t.Errorf("it is %v", o)
		}
	})
}

// TestWhatIsLeftIsDropped before the agreement goes on, and by its name; until then no other end can be ordered.
func TestWhatIsLeftIsDropped(t *testing.T) {
	t.Parallel()
	l := newLeaver(t, "800000000005")
	l.n.binds.is(nil, withdrawal("2", withdraws))
	id := l.terminates(t, l.person(t), "We leave.")
	l.decides(t, id, exception)
	l.until(t, id, inPhase(withdrawing))
	l.n.binds.is(nil, withdrawal("3", stuck))
	l.tells(t, 3)
	l.n.binds.is(errs.New(errs.Unavailable, "UNAVAILABLE", "one moment"), func(*accounttransferv1.Connection) {})
	l.decides(t, id, ordersv1.TerminationOutcome_TERMINATION_OUTCOME_REFUSE)
	t.Run("ORD-055 while what is left is not dropped the refusal is not told, and no other end is ordered", func(t *testing.T) {
		l.until(t, id, inPhase(ordersv1.TerminationPhase_TERMINATION_PHASE_KEEPING))
		_, err := l.ends.RequestTermination(l.person(t), &ordersv1.RequestTerminationRequest{AgreementId: l.agreement, Reason: "Again."})
		isRefused(t, err, codes.FailedPrecondition, "TERMINATION_OPEN")
	})
	t.Run("ORD-055 dropped, the agreement goes on", func(t *testing.T) {
		l.n.binds.is(nil, withdrawal("4", settled))
		o := l.until(t, id, func(o *ordersv1.Order) bool { return o.GetState() == ordersv1.OrderState_ORDER_STATE_FAILED })
		l.mailed(t, "termination-refused")
		l.n.binds.mu.Lock()
		defer l.n.binds.mu.Unlock()
		if o.GetFailure().GetCode() != ordersv1.OrderFailureCode_ORDER_FAILURE_CODE_TERMINATION_REFUSED || l.n.binds.kept[0] != 1 {
			t.Errorf("it is %v, dropped %v", o, l.n.binds.kept)
		}
	})
}
