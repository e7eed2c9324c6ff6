package orders_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/kit"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
)

// neighbours are small services beside orders, which keep what they were asked for.
type neighbours struct {
	notificationsv1.UnimplementedNotificationServiceServer
	notificationsv1.UnimplementedReminderServiceServer
	supportv1.UnimplementedCaseServiceServer

	binds bound // the connection that accounttransfer has

	asked  chan proto.Message
	keys   chan string // idempotency keys of the looks
	away   atomic.Bool // notifications does not answer
	halted atomic.Bool // accounttransfer does not answer

	declines atomic.Bool               // accounttransfer refuses to begin
	taken    atomic.Pointer[string]    // the account that accounttransfer has in another transfer; nil: none
	refuses  atomic.Pointer[errs.Kind] // how notifications refuses; nil: it does not
}

// transferNeighbour is the one that carries orders out.
type transferNeighbour struct {
	accounttransferv1.UnimplementedTransferServiceServer
	*neighbours
}

func newNeighbours() *neighbours {
	return &neighbours{asked: make(chan proto.Message, 100), keys: make(chan string, 100)}
}

func (n *neighbours) services() []kit.Service {
	type none = kit.NoConfig
	return []kit.Service{
		kit.New(kit.Spec[none]{Name: "accounttransfer", Setup: func(_ context.Context, e *kit.Env, _ *none) error {
			accounttransferv1.RegisterTransferServiceServer(e, transferNeighbour{neighbours: n})
			accounttransferv1.RegisterConnectionServiceServer(e, &n.binds)
			return nil
		}}),
		kit.New(kit.Spec[none]{Name: "notifications", Setup: func(_ context.Context, e *kit.Env, _ *none) error {
			notificationsv1.RegisterNotificationServiceServer(e, n)
			notificationsv1.RegisterReminderServiceServer(e, n)
			return nil
		}}),
		kit.New(kit.Spec[none]{Name: "support", Setup: func(_ context.Context, e *kit.Env, _ *none) error {
			supportv1.RegisterCaseServiceServer(e, n)
			return nil
		}}),
	}
}

func (n *neighbours) mail(request proto.Message) error {
	away, kind := n.away.Load(), n.refuses.Load() // as it is now: the test that sees the request may change it
	n.asked <- request
	switch {
	case away:
		return errs.New(errs.Unavailable, "UNAVAILABLE", "one moment")
	case kind != nil:
		return errs.New(*kind, "TEMPLATE_UNKNOWN", "no")
	}
	return nil
}

// CreateTransfer implements accounttransferv1.TransferServiceServer.
func (n transferNeighbour) CreateTransfer(
	_ context.Context, r *accounttransferv1.CreateTransferRequest,
) (*accounttransferv1.CreateTransferResponse, error) {
	n.asked <- r
	if n.halted.Load() {
		return nil, errs.New(errs.Unavailable, "UNAVAILABLE", "one moment")
	}
	if taken := n.taken.Load(); taken != nil && *taken == r.GetSourceAccountId() {
		return nil, errs.New(errs.Precondition, "ACCOUNT_IN_TRANSFER", "the account is part of another transfer")
	}
	if n.declines.Load() {
		return nil, errs.New(errs.Precondition, "PAYER_CLOSED", "the payer is closed")
	}
	return &accounttransferv1.CreateTransferResponse{}, nil
}

// CancelTransfer implements accounttransferv1.TransferServiceServer.
func (n transferNeighbour) CancelTransfer(
	_ context.Context, r *accounttransferv1.CancelTransferRequest,
) (*accounttransferv1.CancelTransferResponse, error) {
	n.asked <- r
	return &accounttransferv1.CancelTransferResponse{Transfer: &accounttransferv1.Transfer{TransferId: r.GetTransferId(), Etag: "1"}}, nil
}

// RequestNotification implements notificationsv1.NotificationServiceServer.
func (n *neighbours) RequestNotification(
	_ context.Context, r *notificationsv1.RequestNotificationRequest,
) (*notificationsv1.RequestNotificationResponse, error) {
	return &notificationsv1.RequestNotificationResponse{}, n.mail(r)
}

// PlanReminder implements notificationsv1.ReminderServiceServer.
func (n *neighbours) PlanReminder(
	_ context.Context, r *notificationsv1.PlanReminderRequest,
) (*notificationsv1.PlanReminderResponse, error) {
	return &notificationsv1.PlanReminderResponse{}, n.mail(r)
}

// StopReminder implements notificationsv1.ReminderServiceServer.
func (n *neighbours) StopReminder(
	_ context.Context, r *notificationsv1.StopReminderRequest,
) (*notificationsv1.StopReminderResponse, error) {
	return &notificationsv1.StopReminderResponse{}, n.mail(r)
}

// OpenCase implements supportv1.CaseServiceServer.
func (n *neighbours) OpenCase(_ context.Context, r *supportv1.OpenCaseRequest) (*supportv1.OpenCaseResponse, error) {
	return &supportv1.OpenCaseResponse{}, n.mail(r)
}

// ResolveCase implements supportv1.CaseServiceServer.
func (n *neighbours) ResolveCase(_ context.Context, r *supportv1.ResolveCaseRequest) (*supportv1.ResolveCaseResponse, error) {
	return &supportv1.ResolveCaseResponse{}, n.mail(r)
}

// next waits for a request of this kind, passing over others.
func next[M proto.Message](t *testing.T, n *neighbours) M {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	for {
		select {
		case m := <-n.asked:
			if found, ok := m.(M); ok {
				return found
			}
		case <-ctx.Done():
			var want M
			t.Fatalf("nobody asked for %T", want)
		}
	}
}
