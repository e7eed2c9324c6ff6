package notice_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/kit/kittest"
	"example.com/handover/pkg/notice"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
)

// order is an aggregate that wishes for what the test says.
type order struct {
	Customer string
	Wanted   []intent.Wish
	Kept     intent.Wishes
	Intents  intent.Ledger
}

// peers are Notifications and Support, which keep what they are asked.
type peers struct {
	notificationsv1.UnimplementedNotificationServiceServer
	notificationsv1.UnimplementedReminderServiceServer
	supportv1.UnimplementedCaseServiceServer

	mu    sync.Mutex
	asked []proto.Message
	fail  func(request proto.Message) error // nil: it works
}

func (p *peers) take(request proto.Message) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = append(p.asked, request)
	if p.fail != nil {
		return p.fail(request)
	}
	return nil
}

func (p *peers) failing(f func(proto.Message) error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fail = f
}

// of are the requests of one kind, in order.
func of[M proto.Message](p *peers) []M {
	p.mu.Lock()
	defer p.mu.Unlock()
	var found []M
	for _, m := range p.asked {
		if request, ok := m.(M); ok {
			found = append(found, request)
		}
	}
	return found
}

// RequestNotification implements notificationsv1.NotificationServiceServer.
func (p *peers) RequestNotification(
	_ context.Context, r *notificationsv1.RequestNotificationRequest,
) (*notificationsv1.RequestNotificationResponse, error) {
	return &notificationsv1.RequestNotificationResponse{}, p.take(r)
}

// PlanReminder implements notificationsv1.ReminderServiceServer.
func (p *peers) PlanReminder(_ context.Context, r *notificationsv1.PlanReminderRequest) (*notificationsv1.PlanReminderResponse, error) {
	return &notificationsv1.PlanReminderResponse{}, p.take(r)
}

// StopReminder implements notificationsv1.ReminderServiceServer.
func (p *peers) StopReminder(_ context.Context, r *notificationsv1.StopReminderRequest) (*notificationsv1.StopReminderResponse, error) {
	return &notificationsv1.StopReminderResponse{}, p.take(r)
}

// OpenCase implements supportv1.CaseServiceServer.
func (p *peers) OpenCase(_ context.Context, r *supportv1.OpenCaseRequest) (*supportv1.OpenCaseResponse, error) {
	return &supportv1.OpenCaseResponse{}, p.take(r)
}

// ResolveCase implements supportv1.CaseServiceServer.
func (p *peers) ResolveCase(_ context.Context, r *supportv1.ResolveCaseRequest) (*supportv1.ResolveCaseResponse, error) {
	return &supportv1.ResolveCaseResponse{}, p.take(r)
}

func (p *peers) services() []kit.Service {
	type none = kit.NoConfig
	return []kit.Service{
		kit.New(kit.Spec[none]{Name: "notifications", Setup: func(_ context.Context, e *kit.Env, _ *none) error {
			notificationsv1.RegisterNotificationServiceServer(e, p)
			notificationsv1.RegisterReminderServiceServer(e, p)
			return nil
		}}),
		kit.New(kit.Spec[none]{Name: "support", Setup: func(_ context.Context, e *kit.Env, _ *none) error {
			supportv1.RegisterCaseServiceServer(e, p)
			return nil
		}}),
	}
}

// rig is one aggregate that wishes, beside its peers.
type rig struct {
	*peers
	t        *testing.T
	table    *store.Table[order]
	db       *store.DB
	env      *kit.Env
	id       string
	customer string
}

const words = `
case:
  roles:
    title: "{{.account}} lets us in no more"
    body: Deploy the role again.
  mended: The role is back.
`

const columns = "\n  -- +store kind\n"

func start(t *testing.T, wishes ...intent.Wish) *rig {
	t.Helper()
	r := &rig{peers: &peers{}, t: t, id: id.New("ord"), customer: id.New("cus")}
	orders := kit.New(kit.Spec[kit.NoConfig]{
		Name: "orders", Peers: []string{"notifications", "support"},
		Texts:      fstest.MapFS{"texts/en.yaml": {Data: []byte(words)}},
		Migrations: fstest.MapFS{"migrations/00001_orders.sql": {Data: []byte("-- +goose Up\nCREATE TABLE orders (" + columns + ");\n")}},
		Setup:      r.setUp,
	})
	kittest.Start(t, kittest.Options{}, append(r.services(), orders)...)
	r.save(func(tx *store.Tx) error {
		_, err := r.table.Create(tx, r.id, &order{Customer: r.customer, Wanted: wishes})
		return err
	})
	return r
}

func (r *rig) setUp(_ context.Context, e *kit.Env, _ *kit.NoConfig) error {
	set := notice.Effect(notice.Open(e), notice.Set[order]{
		Wanted: func(o *order) []intent.Wish { return o.Wanted },
		Kept:   func(o *order) *intent.Wishes { return &o.Kept },
		Secrets: func(_ *order, w intent.Wish) map[string]string {
			return map[string]string{"link": "https://handover.example.com/" + strings.ReplaceAll(w.Key, "/", "-")}
		},
	})
	effects := &kit.Effects[order]{All: []kit.Effect[order]{set}, Ledger: func(o *order) *intent.Ledger { return &o.Intents }}
	r.db, r.env = e.DB, e
	r.table = store.NewTable(e.DB, store.Kind[order]{
		Noun: "order", Table: "orders", Prefix: "ord", Version: 1, Next: effects.Next, Waiting: effects.Waiting(nil),
		Customer: func(o *order) string { return o.Customer },
	})
	kit.WorkEffects(e, r.table, effects)
	return nil
}

func (r *rig) save(do func(*store.Tx) error) {
	r.t.Helper()
	if err := r.db.InTx(r.t.Context(), do); err != nil {
		r.t.Fatal(err)
	}
}

// wish makes the aggregate wish for these alone.
func (r *rig) wish(wishes ...intent.Wish) {
	r.t.Helper()
	r.save(func(tx *store.Tx) error {
		_, err := r.table.Update(tx, call.Everyone("test"), r.id, "", func(o *order) ([]fact.Fact, error) {
			o.Wanted = wishes
			return nil, nil
		})
		return err
	})
}

// until waits for the document to be so.
func (r *rig) until(what string, so func(*order) bool) *order {
	r.t.Helper()
	limit := time.After(20 * time.Second)
	for {
		row, err := r.table.Get(r.t.Context(), call.Everyone("test"), r.id)
		if err != nil {
			r.t.Fatal(err)
		}
		if so(row.Doc) {
			return row.Doc
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-limit:
			r.t.Fatalf("not in time: %s; it is %+v", what, row.Doc)
		}
	}
}

func (r *rig) settled(wishes int) *order {
	r.t.Helper()
	return r.until("settled", func(o *order) bool { return len(o.Kept) == wishes && len(o.Intents) == 0 })
}

func mail(key string) intent.Wish {
	return intent.Wish{Key: key, Kind: intent.Mail, Name: "order-completed", To: "TECHNICAL", Params: map[string]string{"order": "one"}}
}

func reminder() intent.Wish {
	return intent.Wish{Key: "remind/enter", Kind: intent.Reminder, Name: "enter-account", Plan: "customer-action", To: "PRIMARY"}
}

func issue(key string) intent.Wish {
	return intent.Wish{
		Key: key, Kind: intent.Case, Name: "ROLES_MISSING", Priority: "P2",
		Title: text.New("case.roles.title", "account", "111122223333"), Body: text.New("case.roles.body"), Resolved: text.New("case.mended"),
	}
}

// Each wish is asked for once, under the id that the document then keeps, in the words of the service.
func TestWishesAreGranted(t *testing.T) {
	person := mail("mail/person")
	person.To, person.Subject, person.Invoice = id.New("per"), id.New("inv"), id.New("inv")
	r := start(t, mail("mail/completed"), person, reminder(), issue("case/roles"))
	kept := r.settled(4).Kept

	mails := map[string]*notificationsv1.RequestNotificationRequest{}
	for _, m := range of[*notificationsv1.RequestNotificationRequest](r.peers) {
		mails[m.GetNotificationId()] = m
	}
	plain, addressed := mails[kept["mail/completed"].ID], mails[kept["mail/person"].ID]
	if len(mails) != 2 || plain == nil || addressed == nil {
		t.Fatalf("asked for %v, kept %v", mails, kept)
	}
	if plain.GetRecipient().GetRole() != notificationsv1.RecipientRole_RECIPIENT_ROLE_TECHNICAL || plain.GetSubjectId() != r.id ||
		plain.GetParams()["order"] != "one" || !strings.HasSuffix(plain.GetSecretParams()["link"], "mail-completed") ||
		plain.GetCustomerId() != r.customer || plain.GetCorrelation() != r.id {
		t.Errorf("the mail is %v", plain)
	}
	if addressed.GetRecipient().GetPersonId() != person.To || addressed.GetSubjectId() != person.Subject ||
		addressed.GetInvoiceId() != person.Invoice {
		t.Errorf("the mail to a person is %v", addressed)
	}
	planned, opened := of[*notificationsv1.PlanReminderRequest](r.peers), of[*supportv1.OpenCaseRequest](r.peers)
	if len(planned) != 1 || planned[0].GetReminderId() != kept["remind/enter"].ID || planned[0].GetPlanKey() != "customer-action" {
		t.Errorf("planned %v", planned)
	}
	if len(opened) != 1 || opened[0].GetCaseId() != kept["case/roles"].ID || opened[0].GetTitle() != "111122223333 lets us in no more" ||
		opened[0].GetDescription() != "Deploy the role again." || opened[0].GetPriority() != supportv1.CasePriority_CASE_PRIORITY_P2 {
		t.Errorf("opened %v", opened)
	}
}

// What is no longer wished for is ended; a mail that was asked for never is.
func TestWhatIsNoLongerWishedForIsEnded(t *testing.T) {
	silent := issue("case/silent")
	silent.Resolved = text.Text{}
	r := start(t, mail("mail/completed"), reminder(), issue("case/roles"), silent)
	kept := r.settled(4).Kept
	r.wish()
	left := r.settled(1).Kept
	if _, has := left["mail/completed"]; !has {
		t.Errorf("left is %v", left)
	}
	stopped := of[*notificationsv1.StopReminderRequest](r.peers)
	if len(stopped) != 1 || stopped[0].GetReminderId() != kept["remind/enter"].ID || stopped[0].GetReason() == "" {
		t.Errorf("stopped %v", stopped)
	}
	notes := map[string]string{}
	for _, m := range of[*supportv1.ResolveCaseRequest](r.peers) {
		notes[m.GetCaseId()] = m.GetNotes()
	}
	if len(notes) != 2 || notes[kept["case/roles"].ID] != "The role is back." || notes[kept["case/silent"].ID] == "" {
		t.Errorf("resolved %v, of %v", notes, kept)
	}
}

// A wish that comes back is another reminder: the first one is over.
func TestAWishThatComesBackIsAskedForAnew(t *testing.T) {
	r := start(t, reminder())
	first := r.settled(1).Kept["remind/enter"].ID
	r.wish()
	r.settled(0)
	r.wish(reminder())
	if again := r.settled(1).Kept["remind/enter"].ID; again == first {
		t.Error("the stopped reminder is used again")
	}
}

// What has been over at the other side, or never came to be there, is forgotten like what was ended now.
func TestWhatIsOverAlreadyNeedsNothing(t *testing.T) {
	r := start(t, reminder(), issue("case/roles"))
	r.settled(2)
	r.failing(func(m proto.Message) error {
		if _, stop := m.(*notificationsv1.StopReminderRequest); stop {
			return errs.New(errs.NotFound, "NOT_FOUND", "no such reminder")
		}
		return errs.New(errs.Precondition, "CASE_CLOSED", "it is closed")
	})
	r.wish()
	r.settled(0)
}

// A wish that is there already, from a try whose answer was lost, counts as granted, also when it has changed since.
func TestALostAnswerGrantsTheWish(t *testing.T) {
	for name, refusal := range map[string]error{
		"the same":         errs.New(errs.Exists, "ALREADY_EXISTS", "it is there"),
		"changed meantime": errs.New(errs.Precondition, "IDEMPOTENCY_KEY_REUSED", "another request"),
	} {
		t.Run(name, func(t *testing.T) {
			r := start(t)
			r.failing(func(proto.Message) error { return refusal })
			r.wish(mail("mail/completed"))
			r.settled(1)
			if n := len(of[*notificationsv1.RequestNotificationRequest](r.peers)); n != 1 {
				t.Errorf("asked %d times", n)
			}
		})
	}
}

// A service that is away holds up its own wish alone, which keeps its id for the next try, in business time.
func TestAServiceThatIsAwayIsAskedAgainLater(t *testing.T) {
	r := start(t)
	r.failing(func(m proto.Message) error {
		if _, opens := m.(*supportv1.OpenCaseRequest); opens {
			return errs.New(errs.Exhausted, "RATE_LIMITED", "later")
		}
		return nil
	})
	r.wish(issue("case/roles"), mail("mail/completed"))
	doc := r.until("one granted, one waiting", func(o *order) bool {
		i := o.Intents[intent.Key("wish", "case/roles")]
		return len(o.Kept) == 1 && i != nil && i.Tries == 1
	})
	waiting := doc.Intents[intent.Key("wish", "case/roles")]
	opened := of[*supportv1.OpenCaseRequest](r.peers)
	if waiting.Again.IsZero() || waiting.Asked || len(opened) == 0 || opened[0].GetCaseId() != waiting.Token {
		t.Errorf("waiting is %+v, asked %v", waiting, opened)
	}
}

// A wish that is refused is asked for once a day and holds up nothing; when that has gone on for days, the aggregate waits for
// the reseller's people, until the wish is granted.
func TestAWishThatIsRefusedAgainAndAgainWaitsForTheReseller(t *testing.T) {
	r := start(t)
	r.failing(func(m proto.Message) error {
		if _, mails := m.(*notificationsv1.RequestNotificationRequest); mails {
			return errs.New(errs.Invalid, "PARAM_UNKNOWN", "the template does not know a parameter")
		}
		return nil
	})
	r.wish(mail("mail/refused"), reminder())
	key := intent.Key("wish", "mail/refused")
	for day := 1; day <= 4; day++ {
		r.until("refused once more", func(o *order) bool { return len(o.Kept) == 1 && o.Intents[key] != nil && o.Intents[key].Tries == day })
		if got, want := r.waits(), day >= 3; got != want {
			t.Errorf("after %d refusals it waits for the reseller: %t, want %t", day, got, want)
		}
		if day == 4 {
			r.failing(func(proto.Message) error { return nil })
		}
		if err := r.env.Business.Set(r.env.Business.Now().Add(24 * time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	r.settled(2)
	if r.waits() {
		t.Error("it waits for the reseller although its wish is granted")
	}
}

// waits reports whether the aggregate is in the list of what waits for the reseller, and escalated.
func (r *rig) waits() bool {
	r.t.Helper()
	page, err := r.table.List(r.t.Context(), call.Everyone("test"), store.Query{
		Where: append(store.WaitingFor("RESELLER"), store.Escalated()),
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return len(page.Rows) == 1
}
