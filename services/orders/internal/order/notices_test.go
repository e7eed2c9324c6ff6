package order_test

import (
	"slices"
	"testing"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/intent"
	"example.com/handover/services/orders/internal/order"
)

func keys(wishes []intent.Wish) (all []string) {
	for _, w := range wishes {
		all = append(all, w.Key)
	}
	return all
}

// TestNotices is the desired set in every situation of an order: what is not in it is stopped.
func TestNotices(t *testing.T) {
	ended := func(code string) func(*testing.T) *order.Order {
		return func(t *testing.T) *order.Order {
			o, v := in(t, order.Querying), view(2, "FAILED")
			v.Failure = &order.Failure{Code: code}
			must(t)(o.ObserveTransfer(v, now()))
			return o
		}
	}
	refusedBegin := func(refusal *errs.Error) func(*testing.T) *order.Order {
		return func(t *testing.T) *order.Order {
			o := in(t, order.Processing)
			must(t)(o.RecordTransferRefused(refusal, now()))
			return o
		}
	}
	wished := func(ask func(*order.Order) error) func(*testing.T) *order.Order {
		return func(t *testing.T) *order.Order {
			o := in(t, order.Querying)
			if err := ask(o); err != nil {
				t.Fatal(err)
			}
			must(t)(o.ObserveTransfer(view(2, "CANCELLED"), now()))
			return o
		}
	}
	then := func(turn func(*testing.T, *order.Order)) func(*testing.T) *order.Order {
		return func(t *testing.T) *order.Order {
			o := sent(t)
			turn(t, o)
			return o
		}
	}
	link := []string{"link/1", "link/1/reminder"}
	tests := []struct {
		name string
		of   func(*testing.T) *order.Order
		want []string
	}{
		{"NTF-002 a draft whose link works", sent, link},
		{"a draft without a link", func(t *testing.T) *order.Order { return draft(t) }, nil},
		{"a draft whose link was opened", then(func(t *testing.T, o *order.Order) { must(t)(o.OpenLink(1, o.Link.ExpiresAt, now())) }), link},
		{"a draft whose link was replaced", then(func(t *testing.T, o *order.Order) {
			must(t)(o.ResendLink(customer(), linkLife, operator(), now()))
		}), []string{"link/2", "link/2/reminder"}},
		{"a draft whose link was revoked", then(func(t *testing.T, o *order.Order) { must(t)(o.RevokeLink("wrong person", now())) }), nil},
		{"a draft whose link has expired", then(func(t *testing.T, o *order.Order) { must(t)(o.Tick("", o.Link.ExpiresAt)) }), nil},
		{"a deleted draft", then(func(t *testing.T, o *order.Order) { must(t)(o.Delete(now())) }), nil},
		{"a submitted draft", then(func(t *testing.T, o *order.Order) { must(t)(o.Submit(submission(t), now())) }), nil},
		{"an order that the customer must go on with", func(t *testing.T) *order.Order { return in(t, order.Querying) }, nil},
		{
			"an order that AccountTransfer does not begin", refusedBegin(errs.New(errs.Precondition, "PAYER_CLOSED", "closed")),
			[]string{"case/transfer-refused", "remind/case/transfer-refused"},
		},
		{"one that the customer can mend", refusedBegin(errs.New(errs.Precondition, "ACCOUNT_ID_INVALID", "no such").
			WithRemedy(errs.Remedy{Who: "CUSTOMER"})), []string{"remind/refused/2026-11-22T12:00:00Z/wait.transfer_refused"}},
		{
			"one that the customer and Operations can mend",
			refusedBegin(errs.New(errs.Precondition, "ACCOUNT_IN_TRANSFER", "taken").WithMeta("account_id", "111122223333")),
			[]string{"remind/refused/2026-11-22T12:00:00Z/wait.correct_account", "case/transfer-refused", "remind/case/transfer-refused"},
		},
		{
			"another account than the one that the customer has named",
			refusedBegin(errs.New(errs.Precondition, "ACCOUNT_IN_TRANSFER", "taken").WithMeta("account_id", "444455556666")),
			[]string{"case/transfer-refused", "remind/case/transfer-refused"},
		},
		{"a complete order", func(t *testing.T) *order.Order { return in(t, order.Completed) }, []string{"mail/completed"}},
		{"ORD-042 a failed order", ended("INVITATION_DECLINED"), []string{"mail/failed"}},
		{"ORD-043 an order without roles", ended("ROLES_MISSING"), []string{"mail/failed"}},
		{"ORD-041 a rejected order", wished(func(o *order.Order) error {
			_, err := o.RequestFail("incomplete", operator(),
				now())
			return err
		}), []string{"mail/rejected"}},
		{"an order that was deleted after its submission", wished(func(o *order.Order) error {
			_, err := o.RequestDelete("changed my mind", person(), now())
			return err
		}), []string{"mail/rejected"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := tt.of(t)
			if got := keys(o.Notices()); !slices.Equal(got, tt.want) {
				t.Fatalf("wants %v, want %v", got, tt.want)
			}
			for _, w := range o.Notices() {
				about := w.Params["product"]
				if !w.Title.IsZero() {
					about = w.Title.Key
				}
				if w.Kind != intent.Case && (w.To == "" || w.Name == "" || about == "") {
					t.Errorf("nobody could mail %+v", w)
				}
			}
		})
	}
}

// TestLinkNotices: the mail goes to the person who was chosen, and the reminders begin and end with the link.
func TestLinkNotices(t *testing.T) {
	o := sent(t)
	mail, reminder := o.Notices()[0], o.Notices()[1]
	if mail.Kind != intent.Mail || mail.To != "per_2" || mail.Params["account_id"] != "111122223333" ||
		mail.Params["expire_time"] != "2026-12-06T12:00:00Z" {
		t.Errorf("mailed is %+v", mail)
	}
	if reminder.Kind != intent.Reminder || reminder.Plan != "order-draft" || reminder.To != "per_2" || !reminder.At.Equal(now()) ||
		!reminder.Until.Equal(o.Link.ExpiresAt) || reminder.Params["order_id"] != "ord_1" {
		t.Errorf("planned is %+v", reminder)
	}
	if o.MailOf(o.Link) != "" {
		t.Error("a mail that nobody was asked for has an id")
	}
	o.Intents.Begin("wish", "link/1", "ntf_1")
	if got := o.MailOf(o.Link); got != "ntf_1" {
		t.Errorf("asked for, the mail is %q", got)
	}
	o.Intents.End("wish", "link/1")
	o.Wished.Granted("link/1", intent.Wished{ID: "ntf_1", Kind: intent.Mail})
	if got := o.MailOf(o.Link); got != "ntf_1" {
		t.Errorf("granted, the mail is %q", got)
	}
}

// TestEndNotices carry what the templates need, and no more than they know.
func TestEndNotices(t *testing.T) {
	o := in(t, order.Querying)
	start := time.Date(2027, time.January, 1, 0, 0, 0, 0, time.UTC)
	must(t)(o.ObserveConnection(order.ConnectionView{TransferID: "trf_1", Start: start}, now()))
	must(t)(o.ObserveTransfer(view(2, "COMPLETED"), now()))
	if w := o.Notices()[0]; w.Name != "order-completed" || w.To != "PRIMARY" || w.Params["start"] != "2027-01-01T00:00:00Z" {
		t.Errorf("complete: %+v", w)
	}
	o = in(t, order.Failed)
	if w := o.Notices()[0]; w.Name != "order-failed" || w.Params["code"] != order.CodeTransferDeclined {
		t.Errorf("failed: %+v", w)
	}
	o = in(t, order.Processing)
	must(t)(o.RequestFail("incomplete", operator(), now()))
	if w := o.Notices()[0]; w.Name != "order-rejected" || w.Params["reason"] != "incomplete" {
		t.Errorf("rejected: %+v", w)
	}
}

// TestDates: an order has a time of its own only as long as its link may expire.
func TestDates(t *testing.T) {
	o := sent(t)
	end := o.Link.ExpiresAt
	if !o.Dates().Equal(end) {
		t.Fatalf("due at %v", o.Dates())
	}
	if early := must(t)(o.Tick("", end.Add(-time.Second))); early != nil || o.Link.Expired {
		t.Fatalf("too early: %v", names(early))
	}
	if facts := must(t)(o.Tick("", end)); !slices.Equal(names(facts), []string{order.FactLinkExpired}) || !o.Dates().IsZero() {
		t.Fatalf("at the end: %v, due at %v", names(facts), o.Dates())
	}
	if again := must(t)(o.Tick("", end)); again != nil {
		t.Fatalf("told again: %v", names(again))
	}
	o = sent(t)
	must(t)(o.Submit(submission(t), now()))
	if !o.Dates().IsZero() {
		t.Fatal("a submitted order waits for its link's end")
	}
}

// TestWaits: a draft names who must act as well as an order under way does.
func TestWaits(t *testing.T) {
	mine, _, err := order.New("ord_1", "agr_1", product(t).ID, customer(), complete(), person(), now())
	if err != nil {
		t.Fatal(err)
	}
	if w := mine.Waits(); w == nil || w.Owner != order.Customer {
		t.Errorf("the customer's own draft waits for %+v", w)
	}
	o := draft(t)
	if w := o.Waits(); w == nil || w.Owner != order.Reseller || w.Escalated {
		t.Errorf("a draft of Operations waits for %+v", w)
	}
	must(t)(o.SendLink("", customer(), linkLife, operator(), now()))
	if w := o.Waits(); w.Owner != order.Customer || !w.Until.Equal(o.Link.ExpiresAt) {
		t.Errorf("sent, it waits for %+v", w)
	}
	must(t)(o.Tick("", o.Link.ExpiresAt))
	if w := o.Waits(); w.Owner != order.Reseller || !w.Escalated {
		t.Errorf("expired, it waits for %+v", w)
	}
	if w := in(t, order.Processing).Waits(); w == nil || w.Owner != order.Platform || !w.Until.IsZero() {
		t.Errorf("under way, it waits for %+v", w)
	}
	if w := in(t, order.Querying).Waits(); w == nil || w.Owner != order.Customer {
		t.Errorf("querying, it waits for %+v", w)
	}
}
