package accounttransfer

import (
	"context"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/rpc"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	"example.com/handover/services/accounttransfer/internal/transfer"
)

// peers are the other services of ours that a transfer makes act. None of them may hold up what AWS must be asked.
type peers struct {
	reminders notificationsv1.ReminderServiceClient
	channels  supportv1.ChannelServiceClient
	cases     supportv1.CaseServiceClient
}

func openPeers(e *kit.Env) peers {
	return peers{
		reminders: notificationsv1.NewReminderServiceClient(e.Conn("notifications")),
		channels:  supportv1.NewChannelServiceClient(e.Conn("support")), cases: supportv1.NewCaseServiceClient(e.Conn("support")),
	}
}

// patience is how long another service of ours is waited for.
const patience = 3 * time.Second

// ask calls a peer once, under a key that makes a repetition harmless. What is there already, from an earlier try whose
// answer was lost, is as good as done.
func ask(ctx context.Context, key string, call func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(rpc.WithKey(ctx, key), patience)
	defer cancel()
	if err := call(ctx); errs.KindOf(err) != errs.Exists || err == nil {
		return err
	}
	return nil
}

// absenceOf says why a peer did not do what it was asked. The transfer notes it and goes on.
func (r *reconciler) absenceOf(ctx context.Context, err error, peer string) transfer.Absence {
	switch errs.KindOf(err) {
	case errs.Invalid, errs.NotFound, errs.Precondition, errs.Denied, errs.Unauthenticated, errs.Unimplemented:
		r.log.WarnContext(ctx, "another service refuses what a transfer asks", "peer", peer, "reason", errs.ReasonOf(err), "error", err)
		return transfer.Refuses
	default:
		r.log.InfoContext(ctx, "another service is away and is asked again later", "peer", peer, "error", err)
		return transfer.Away
	}
}
