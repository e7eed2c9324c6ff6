// Package notice brings the mails, reminders and cases that an aggregate wishes for into being at Notifications and Support,
// and ends those that it does not wish for any more.
//
// It owns how the two services are asked, under which ids and keys, and what their answers mean. It knows no template and no
// kind of case: an aggregate computes its wishes (intent.Wish), and the words of a case are the asking service's own.
package notice

import (
	"context"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/rpc"
	"example.com/handover/pkg/text"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
)

// Peers are the two services that carry out wishes.
type Peers struct {
	mails     notificationsv1.NotificationServiceClient
	reminders notificationsv1.ReminderServiceClient
	cases     supportv1.CaseServiceClient
	words     text.Words // of the asking service, for what people read in a case
}

// Open connects to Notifications and Support, which the service names among its peers.
func Open(e *kit.Env) *Peers {
	notifications, support := e.Conn("notifications"), e.Conn("support")
	return &Peers{
		mails: notificationsv1.NewNotificationServiceClient(notifications), reminders: notificationsv1.NewReminderServiceClient(notifications),
		cases: supportv1.NewCaseServiceClient(support), words: e.English(),
	}
}

// OpenMails connects to Notifications alone, for a service whose aggregates wish for no cases.
func OpenMails(e *kit.Env) *Peers {
	notifications := e.Conn("notifications")
	return &Peers{
		mails: notificationsv1.NewNotificationServiceClient(notifications), reminders: notificationsv1.NewReminderServiceClient(notifications),
		words: e.English(),
	}
}

// Set is the desired set of an aggregate T.
type Set[T any] struct {
	Wanted func(doc *T) []intent.Wish  // what it wishes for as it is now; pure
	Kept   func(doc *T) *intent.Wishes // where the document keeps what others have of it
	// Secrets are parameters of a mail that only its reader may see; nil: none.
	Secrets func(doc *T, w intent.Wish) map[string]string
}

// Effect is the one effect that brings the outside to a desired set. It is patient: a service that is away holds up nothing
// else of the aggregate.
func Effect[T any](p *Peers, set Set[T]) kit.Effect[T] {
	a := asker[T]{p, set}
	return kit.Effect[T]{
		Name: "wish", Patient: true, Limit: 5 * time.Second,
		Wanted: a.missing, Do: a.ask, Unwanted: a.unwanted, Undo: a.end,
		Token: func(doc *T, key string) string { return id.New(prefix(a.wish(doc, key).Kind)) },
	}
}

type asker[T any] struct {
	peers *Peers
	set   Set[T]
}

func (a asker[T]) missing(doc *T) []intent.Want {
	var wants []intent.Want
	for _, w := range a.set.Kept(doc).Missing(a.set.Wanted(doc)) {
		at := w.At
		if at.IsZero() || w.Kind == intent.Reminder {
			at = intent.Immediately // Notifications waits for the start of a reminder
		}
		wants = append(wants, intent.Want{Subject: w.Key, At: at})
	}
	return wants
}

func (a asker[T]) unwanted(doc *T) []intent.Want {
	var wants []intent.Want
	for _, key := range a.set.Kept(doc).Unwanted(a.set.Wanted(doc)) {
		wants = append(wants, intent.Want{Subject: key, At: intent.Immediately})
	}
	return wants
}

// wish finds a wish by key; the zero Wish when it is not wanted any more.
func (a asker[T]) wish(doc *T, key string) intent.Wish {
	for _, w := range a.set.Wanted(doc) {
		if w.Key == key {
			return w
		}
	}
	return intent.Wish{}
}

// ask asks for a wish under an id that was saved before. One that is not wanted any more, although it may have been asked
// for, is noted as granted, so that it is ended like any other.
func (a asker[T]) ask(ctx context.Context, at kit.Attempt[T]) (kit.Record[T], error) {
	w := a.wish(at.Doc, at.Subject)
	ctx = rpc.WithKey(ctx, at.Token)
	var err error
	switch w.Kind {
	case intent.Mail:
		err = a.mail(ctx, at, w)
	case intent.Reminder:
		err = a.remind(ctx, at, w)
	case intent.Case:
		err = a.open(ctx, at, w)
	default:
		w.Kind = kindOf(at.Token)
	}
	// both: it is there, and the wish has changed since
	if err != nil && errs.KindOf(err) != errs.Exists && errs.ReasonOf(err) != "IDEMPOTENCY_KEY_REUSED" {
		return nil, err
	}
	return func(doc *T, _ time.Time) ([]fact.Fact, error) {
		a.set.Kept(doc).Granted(at.Subject, intent.Wished{ID: at.Token, Kind: w.Kind, Over: w.Resolved})
		return nil, nil
	}, nil
}
