package order_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/text"
	"example.com/handover/services/orders/internal/catalogue"
	"example.com/handover/services/orders/internal/change"
	"example.com/handover/services/orders/internal/order"
	"example.com/handover/services/orders/internal/termination"
)

// bounded reports whether a wait has an owner and says what is to be done, and whether something comes of it by itself: Operations was
// told or will be, or the order has a date of its own. What a transfer waits for, that tells.
func bounded(o *order.Order) bool {
	w := o.Waits()
	if w == nil {
		return true
	}
	if _, _, said := w.Text.Literal(); said && o.Transferring {
		return true
	}
	switch w.Text.Key {
	case "wait.at_work": // its transfer tells when a step takes long
		return o.Transferring
	case "wait.begin": // the driver asks again, and parks what fails
		return len(o.WantsTransfer()) > 0
	}
	return w.Owner != "" && !w.Text.IsZero() && (w.Escalated || !w.Date().IsZero() || !o.Dates().IsZero())
}

// waitWords are the keys of all that an order may wait for, as its words name them.
func waitWords(t *testing.T) (keys []string) {
	t.Helper()
	file, err := os.ReadFile("../../texts/en.yaml")
	var words struct {
		Wait map[string]any `yaml:"wait"`
	}
	if err := errors.Join(err, yaml.Unmarshal(file, &words)); err != nil || len(words.Wait) == 0 {
		t.Fatalf("no words: %v", err)
	}
	for key := range words.Wait {
		switch key {
		case "parked", "refused", "dead_letter": // said by what lists it
		case "reseller": // what the customer reads in place of another one
		default:
			keys = append(keys, "wait."+key)
		}
	}
	return keys
}

func refuses(t *testing.T, who string, at time.Time) *order.Order {
	t.Helper()
	o := in(t, order.Processing)
	refusal := errs.New(errs.Precondition, "PAYER_CLOSED", "closed")
	if who != "" {
		refusal = refusal.WithRemedy(errs.Remedy{Who: who, Text: text.Said("Pay the invoices.", "AWS console")})
	}
	must(t)(o.RecordTransferRefused(refusal, at))
	return o
}

// TestEveryWaitEnds: whatever an order waits for has an owner and an end. A wait with new words fails until it is decided here.
func TestEveryWaitEnds(t *testing.T) {
	t.Parallel()
	for _, key := range waitWords(t) {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			var found bool
			for _, o := range waitingFor(t, key) {
				if w := o.Waits(); w != nil && w.Text.Key == key {
					found = true
				}
				if !bounded(o) {
					t.Errorf("%s waits without an end: %+v", o.State, o.Waits())
				}
			}
			if !found {
				t.Error("nothing waits so")
			}
		})
	}
}

// waitingFor are orders that wait with these words, as far as the table knows how one comes to that.
func waitingFor(t *testing.T, key string) []*order.Order {
	t.Helper()
	then := func(o *order.Order, at time.Time) *order.Order { must(t)(o.Tick("", at)); return o }
	switch key {
	case "wait.submit", "wait.send":
		own, _, err := order.New("ord_2", "agr_2", catalogue.BillingTransferEssentials, customer(), complete(), person(), now())
		must(t)(nil, err)
		revoked := sent(t)
		must(t)(revoked.RevokeLink("wrong person", now()))
		expired := sent(t)
		return []*order.Order{own, draft(t), sent(t), revoked, then(expired, expired.Link.ExpiresAt)}
	case "wait.transfer_refused":
		return []*order.Order{refuses(t, "", now()), refuses(t, "CUSTOMER", now())}
	case "wait.begin":
		return []*order.Order{in(t, order.Processing)}
	case "wait.at_work":
		o := in(t, order.Processing)
		must(t)(o.RecordTransferRequested())
		return []*order.Order{o}
	case "wait.correct_account":
		o := in(t, order.Processing)
		taken := errs.New(errs.Precondition, "ACCOUNT_IN_TRANSFER", "taken").WithMeta("account_id", "111122223333")
		must(t)(o.RecordTransferRefused(taken, now()))
		return []*order.Order{o}
	case "wait.decide":
		o := in(t, order.Processing)
		must(t)(o.ObserveTransfer(view(1, "WAITING_DECISION"), now()))
		return []*order.Order{o}
	case "wait.review_termination":
		return []*order.Order{leaving(t, termination.Review)}
	case "wait.termination_due":
		o := leaving(t, termination.Review)
		must(t)(order.Review(o, decided(termination.GrantException), inside(), now()))
		return []*order.Order{o}
	case "wait.termination_scheduled":
		return []*order.Order{leaving(t, termination.Approved)}
	case "wait.termination_overdue":
		o := leaving(t, termination.Approved)
		return []*order.Order{then(o, o.Dates())}
	case "wait.termination_keeping":
		return []*order.Order{leaving(t, termination.Keeping)}
	case "wait.termination_at_aws":
		return []*order.Order{leaving(t, termination.Withdrawing)}
	case "wait.termination_ending":
		return []*order.Order{leaving(t, termination.Ending)}
	case "wait.termination_overrun_refused":
		return []*order.Order{overrunRefused(t)}
	case "wait.review_change":
		return []*order.Order{changing(t, change.Review)}
	case "wait.change_scheduled":
		return []*order.Order{changing(t, change.Accepted)}
	case "wait.supersede_refused":
		o := replacing(t, order.Completed)
		sees(t, o, order.ConnectionView{Start: start()})
		at := supersedes(t, o)
		for range 3 {
			must(t)(order.RecordSupersedeRefused(o, "it goes on", at))
		}
		return []*order.Order{o}
	}
	return nil
}

// TestRefusedForTheCustomer: what the customer does not mend is told to Operations before the invitation can be accepted in time no more,
// once, however often somebody tries in vain, and the customer is reminded from the beginning.
func TestRefusedForTheCustomer(t *testing.T) {
	t.Parallel()
	first := now()
	o := refuses(t, "CUSTOMER", first)
	until := o.Waits().EscalateAt
	if o.Waits().Owner != order.Customer || until.IsZero() || until.After(o.Preview.AcceptBy) || !o.Dates().Equal(until) {
		t.Fatalf("it waits as %+v, cut-off %s", o.Waits(), o.Preview.AcceptBy)
	}
	if got := keys(o.Notices()); !slices.Equal(got, []string{"remind/refused/" + first.Format(time.RFC3339) + "/said"}) {
		t.Errorf("wished is %v", got)
	}
	must(t)(o.AskProcess(call.Actor{}))
	must(t)(o.RecordTransferRefused(errs.New(errs.Precondition, "PAYER_CLOSED", "closed").
		WithRemedy(errs.Remedy{Who: "CUSTOMER", Text: text.Said("Pay the invoices.", "AWS console")}), first.Add(time.Hour)))
	if !o.Waits().EscalateAt.Equal(until) {
		t.Errorf("a trial in vain moves it to %s", o.Waits().EscalateAt)
	}
	if facts := must(t)(o.Tick("", until.Add(-time.Second))); facts != nil {
		t.Errorf("before its time it tells %v", names(facts))
	}
	if facts := must(t)(o.Tick("", until)); len(facts) != 1 || facts[0].Name != order.FactWaitEscalated || !o.Waits().Escalated {
		t.Errorf("in its time it tells %v and waits as %+v", names(facts), o.Waits())
	}
	if got := strings.Join(keys(o.Notices()), " "); !strings.Contains(got, "case/transfer-refused remind/case/transfer-refused") {
		t.Errorf("wished is %s", got)
	}
	if facts := must(t)(o.Tick("", until.AddDate(1, 0, 0))); facts != nil || !o.Dates().IsZero() {
		t.Errorf("once more it tells %v", names(facts))
	}
	must(t)(o.RecordTransferRequested())
	if w := o.Waits(); w == nil || w.Owner != order.Platform || len(o.Notices()) != 0 {
		t.Errorf("after it has begun it waits as %+v, wished is %v", o.Waits(), keys(o.Notices()))
	}
}

// TestDraftThatRests: a draft that nobody goes on with is told once, and anew when somebody has changed it meanwhile.
func TestDraftThatRests(t *testing.T) {
	t.Parallel()
	o := draft(t)
	until := o.Dates()
	if !until.After(now()) || o.Waits().Escalated {
		t.Fatalf("it waits as %+v until %s", o.Waits(), until)
	}
	if facts := must(t)(o.Tick("", until)); len(facts) != 1 || !o.Waits().Escalated || !o.Dates().IsZero() {
		t.Fatalf("it tells %v and waits as %+v", names(facts), o.Waits())
	}
	must(t)(o.Revise(order.Edit{AccountOption: ptr(catalogue.CreateNew), ManagementAccountID: ptr("")}, customer(), operator(), until))
	if o.Waits().Escalated || !o.Dates().After(until) {
		t.Errorf("after a change it waits as %+v", o.Waits())
	}
}

// TestEndThatIsNotSeen: AWS has an end, and nothing is heard of it when it has passed.
func TestEndThatIsNotSeen(t *testing.T) {
	t.Parallel()
	o := leaving(t, termination.Ending)
	due := o.Dates()
	if !due.After(o.Termination.EndAt) {
		t.Fatalf("it is due at %s, and ends on %s", due, o.Termination.EndAt)
	}
	before := len(o.Notices())
	facts := must(t)(o.Tick("", due))
	if w := o.Waits(); len(facts) != 1 || w.Owner != order.AWS || !w.Escalated || len(o.Notices()) != before+2 {
		t.Errorf("it tells %v and waits as %+v, wished is %v", names(facts), o.Waits(), keys(o.Notices()))
	}
}

// TestAskedAgainInVain: "Process" on a refused order begins neither its case nor its reminders anew.
func TestAskedAgainInVain(t *testing.T) {
	t.Parallel()
	for _, who := range []string{"", "CUSTOMER"} {
		o := refuses(t, who, now())
		must(t)(o.Tick("", now().AddDate(0, 0, 4)))
		before := o.Notices()
		must(t)(o.AskProcess(person()))
		if o.State != order.Processing {
			t.Fatalf("asked again, the order is %s", o.State)
		}
		if diff := cmp.Diff(before, o.Notices()); diff != "" || len(before) < 2 {
			t.Errorf("%q: while it is asked, %d wishes change by %s", who, len(before), diff)
		}
		refusal := errs.New(errs.Precondition, "PAYER_CLOSED", "closed")
		if who != "" {
			refusal = refusal.WithRemedy(errs.Remedy{Who: who, Text: text.Said("Pay the invoices.", "AWS console")})
		}
		must(t)(o.RecordTransferRefused(refusal, now().AddDate(0, 0, 5)))
		if diff := cmp.Diff(before, o.Notices()); diff != "" {
			t.Errorf("%q: refused again, the wishes change by %s", who, diff)
		}
		must(t)(o.AskProcess(person()))
		must(t)(o.RecordTransferRequested())
		if left := o.Notices(); len(left) != 0 {
			t.Errorf("%q: taken at last, it still wishes for %v", who, left)
		}
	}
}
