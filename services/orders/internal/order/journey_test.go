package order_test

import (
	"slices"
	"testing"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/text"
	"example.com/handover/services/orders/internal/order"
)

func view(revision int64, state string) order.TransferView {
	return order.TransferView{TransferID: "trf_1", Revision: revision, State: state}
}

func waiting(revision int64, what string) order.TransferView {
	v := view(revision, "IN_PROGRESS")
	v.Waiting = &order.Waiting{
		Owner: order.Customer, Text: text.Said(what, "AWS console"), Until: now().Add(time.Hour),
		StepKey: "accept-invitation",
	}
	return v
}

func TestObserveTransfer(t *testing.T) {
	t.Run("a wait for the customer is passed on, once", func(t *testing.T) {
		o := in(t, order.Processing)
		must(t)(o.RecordTransferRequested())
		facts := must(t)(o.ObserveTransfer(waiting(1, "Accept."), now()))
		if o.State != order.Querying || what(o) != "Accept." || o.Waiting.Until.IsZero() ||
			!slices.Equal(names(facts), []string{order.FactQueried}) {
			t.Fatalf("got %s %+v %v", o.State, o.Waiting, names(facts))
		}
		if again := must(t)(o.ObserveTransfer(waiting(2, "Accept."), now())); again != nil || o.TransferRevision != 2 {
			t.Fatalf("got %v, revision %d", names(again), o.TransferRevision)
		}
		if next := must(t)(o.ObserveTransfer(waiting(3, "Deploy."), now())); !slices.Equal(names(next), []string{order.FactQueried}) {
			t.Fatalf("got %v", names(next))
		}
	})
	t.Run("older and equal revisions and other transfers change nothing", func(t *testing.T) {
		o := in(t, order.Querying)
		before := dump(t, o)
		for _, v := range []order.TransferView{view(1, "COMPLETED"), view(0, "FAILED"), {TransferID: "trf_2", Revision: 9, State: "COMPLETED"}} {
			if facts := must(t)(o.ObserveTransfer(v, now())); facts != nil || dump(t, o) != before {
				t.Fatalf("%+v: got %v", v, names(facts))
			}
		}
	})
	t.Run("an event that is faster than the answer says that the transfer is there", func(t *testing.T) {
		o := in(t, order.Processing)
		facts := must(t)(o.ObserveTransfer(view(1, "IN_PROGRESS"), now()))
		if !slices.Equal(names(facts), []string{order.FactTransferCreated, order.FactProgressed}) || wants(o) != "" {
			t.Fatalf("got %v, %s", names(facts), wants(o))
		}
		if late := must(t)(o.RecordTransferRequested()); late != nil {
			t.Fatalf("got %v", names(late))
		}
	})
	t.Run("AWS's dates replace the preview", func(t *testing.T) {
		o := in(t, order.Querying)
		start := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
		v := order.ConnectionView{TransferID: "trf_1", Start: start}
		v.Proposed = order.Preview{Start: start, AcceptBy: time.Date(2026, 12, 30, 23, 59, 59, 0, time.UTC)}
		must(t)(o.ObserveConnection(v, now()))
		if !o.EffectiveAt.Equal(v.Start) || o.Preview != v.Proposed {
			t.Fatalf("got %+v", o.Preview)
		}
	})
	t.Run("AWS's start counts whether it is heard of before or after the end of the order, of its own transfer alone", func(t *testing.T) {
		start := order.ConnectionView{TransferID: "trf_1", Start: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)}
		for _, end := range []string{"COMPLETED", "FAILED", "CANCELLED"} {
			before, after := in(t, order.Querying), in(t, order.Querying)
			must(t)(before.ObserveConnection(start, now()))
			must(t)(before.ObserveTransfer(view(50, end), now()))
			must(t)(after.ObserveTransfer(view(50, end), now()))
			must(t)(after.ObserveConnection(start, now()))
			if dump(t, before) != dump(t, after) || !after.EffectiveAt.Equal(start.Start) {
				t.Errorf("%s:\n%s\n%s", end, dump(t, before), dump(t, after))
			}
			must(t)(after.ObserveConnection(order.ConnectionView{TransferID: "trf_2", Start: now()}, now()))
			if !after.EffectiveAt.Equal(start.Start) {
				t.Errorf("%s, after the start of another transfer's connection: %v", end, after.EffectiveAt)
			}
		}
		o := draft(t)
		if facts := must(t)(o.ObserveConnection(order.ConnectionView{Start: start.Start}, now())); facts != nil || !o.EffectiveAt.IsZero() {
			t.Errorf("a draft starts at %v", o.EffectiveAt)
		}
	})
	t.Run("ORD-040 a completed transfer completes the order", func(t *testing.T) {
		o := in(t, order.Querying)
		if facts := must(t)(o.ObserveTransfer(view(2, "COMPLETED"), now())); o.State != order.Completed || o.Waiting != nil ||
			!o.EndedAt.Equal(now()) || len(facts) != 1 {
			t.Fatalf("got %+v %v", o, names(facts))
		}
	})
	for code, want := range map[string]string{
		"INVITATION_DECLINED": order.CodeTransferDeclined, "INVITATION_EXPIRED": order.CodeTransferExpired,
		"ACCOUNT_NOT_ELIGIBLE": order.CodeAccountNotEligible, "TRANSFER_WITHDRAWN": order.CodeTransferWithdrawn,
		"ROLES_MISSING": order.CodeRolesMissing, "TERM_REFUSED": order.CodeTransferFailed, "": order.CodeTransferFailed,
	} {
		t.Run("ORD-042 a failed transfer fails the order: "+code, func(t *testing.T) {
			o, v := in(t, order.Querying), view(2, "FAILED")
			if code != "" {
				v.Failure = &order.Failure{Code: code}
			}
			must(t)(o.ObserveTransfer(v, now()))
			if o.State != order.Failed || o.Failure.Code != want || o.Failure.Text().IsZero() {
				t.Fatalf("got %s %+v", o.State, o.Failure)
			}
		})
	}
}

func TestTransferRefused(t *testing.T) {
	o := in(t, order.Processing)
	refusal := errs.New(errs.Precondition, "PAYER_CLOSED", "closed").WithRemedy(errs.Remedy{
		Who:  "OPERATOR",
		Text: text.Said("Choose another payer.", "PayerService"),
	})
	must(t)(o.RecordTransferRefused(refusal, now()))
	if o.State != order.Querying || o.Waiting.Owner != order.Reseller || what(o) != "Choose another payer." {
		t.Fatalf("got %s %+v", o.State, o.Waiting)
	}
	facts := must(t)(o.AskProcess(person()))
	if o.State != order.Processing || wants(o) != "request" ||
		!slices.Equal(names(facts), []string{order.FactCheckRequested, order.FactResumed}) {
		t.Fatalf("got %s %s %v", o.State, wants(o), names(facts))
	}
}

// TestPayerChanged: what AccountTransfer refused because of its payer, an operator can mend.
func TestPayerChanged(t *testing.T) {
	o := in(t, order.Processing)
	must(t)(o.RecordTransferRefused(errs.New(errs.Precondition, "PAYER_CLOSED", "closed"), now()))
	_, err := o.Revise(order.Edit{PayerID: ptr("pay_2")}, customer(), person(), now())
	refused(t, err, order.ReasonRoleDenied)
	_, err = o.Revise(order.Edit{PayerID: ptr("pay_2"), CurrencyCode: ptr("CHF")}, customer(), operator(), now())
	refused(t, err, order.ReasonStateRefuses)
	facts := must(t)(o.Revise(order.Edit{PayerID: ptr("pay_2")}, customer(), operator(), now()))
	if o.PayerID != "pay_2" || wants(o) != "request" || !slices.Equal(names(facts), []string{order.FactUpdated, order.FactResumed}) {
		t.Fatalf("got %q %s %v", o.PayerID, wants(o), names(facts))
	}
}

func TestProcess(t *testing.T) {
	t.Run("ORD-044 pressing Process looks now", func(t *testing.T) {
		o := in(t, order.Querying)
		must(t)(o.AskProcess(person()))
		if wants(o) != "check" {
			t.Fatalf("got %s", wants(o))
		}
		if o.LookedBy != person().Subject {
			t.Fatalf("pressed by %q", o.LookedBy)
		}
		looks := o.Looks
		must(t)(o.AskProcess(person())) // while the first is being conveyed
		must(t)(o.RecordChecked(looks))
		if wants(o) != "check" {
			t.Fatal("the second press was lost")
		}
		must(t)(o.RecordChecked(o.Looks))
		if wants(o) != "" {
			t.Fatalf("got %s", wants(o))
		}
	})
}

func TestEnding(t *testing.T) {
	wish := map[order.State]func(*order.Order) error{
		order.Failed:  func(o *order.Order) error { _, err := o.RequestFail("incomplete", operator(), now()); return err },
		order.Deleted: func(o *order.Order) error { _, err := o.RequestDelete("changed my mind", person(), now()); return err },
	}
	for end, ask := range wish {
		t.Run("ORD-041 the wish comes true when the transfer is cancelled: "+string(end), func(t *testing.T) {
			o := in(t, order.Querying)
			if err := ask(o); err != nil {
				t.Fatal(err)
			}
			if o.State != order.Querying || wants(o) != "cancel" {
				t.Fatalf("got %s, %s", o.State, wants(o))
			}
			refused(t, ask(o), order.ReasonEndingAlready)
			must(t)(o.RecordCancelRequested(1))
			if wants(o) != "" {
				t.Fatalf("got %s", wants(o))
			}
			must(t)(o.ObserveTransfer(view(2, "CANCELLED"), now()))
			if o.State != end {
				t.Fatalf("got %s", o.State)
			}
		})
	}
	t.Run("AWS was faster and Operations kept it: the order completes", func(t *testing.T) {
		o := in(t, order.Querying)
		must(t)(o.RequestFail("incomplete", operator(), now()))
		must(t)(o.ObserveTransfer(view(2, "WAITING_DECISION"), now()))
		if o.State != order.Querying {
			t.Fatalf("got %s", o.State)
		}
		must(t)(o.ObserveTransfer(view(3, "COMPLETED"), now()))
		if o.State != order.Completed {
			t.Fatalf("got %s", o.State)
		}
	})
	t.Run("a wish before AccountTransfer was asked comes true at once", func(t *testing.T) {
		o := in(t, order.Processing)
		facts := must(t)(o.RequestDelete("changed my mind", person(), now()))
		if o.State != order.Deleted || !slices.Equal(names(facts), []string{order.FactEndingRequested, order.FactDeleted}) {
			t.Fatalf("got %s %v", o.State, names(facts))
		}
		if wants(o) != "" {
			t.Fatal("an ended order asks for its transfer")
		}
	})
	t.Run("a wish while a request is unanswered first finds out what became of it", func(t *testing.T) {
		for end, answer := range map[order.State]func(*order.Order){
			order.Processing: func(o *order.Order) { must(t)(o.RecordTransferRequested()) },
			order.Deleted: func(o *order.Order) {
				o.Intents.End(order.RequestEffect, "")
				must(t)(o.RecordTransferRefused(errs.New(errs.Precondition, "PAYER_CLOSED", "closed"), now()))
			},
		} {
			o := in(t, order.Processing)
			asks(o)
			must(t)(o.RequestDelete("changed my mind", person(), now()))
			if o.State != order.Processing || wants(o) != "request" {
				t.Fatalf("got %s, %s", o.State, wants(o))
			}
			answer(o)
			if o.State != end || (wants(o) == "cancel") == end.Ended() {
				t.Fatalf("got %s, %s", o.State, wants(o))
			}
		}
	})
	t.Run("a wish after a refusal comes true at once", func(t *testing.T) {
		o := in(t, order.Processing)
		must(t)(o.RecordTransferRefused(errs.New(errs.Precondition, "PAYER_CLOSED", "closed"), now()))
		must(t)(o.RequestFail("incomplete", operator(), now()))
		if o.State != order.Failed {
			t.Fatalf("got %s", o.State)
		}
	})
	t.Run("a wish that AccountTransfer has asks for nothing more", func(t *testing.T) {
		o := in(t, order.Querying)
		must(t)(o.RequestDelete("changed my mind", person(), now()))
		must(t)(o.RecordCancelRequested(1))
		if wants(o) != "" {
			t.Fatalf("got %s", wants(o))
		}
	})
	t.Run("somebody cancelled the transfer without a wish of the order", func(t *testing.T) {
		o := in(t, order.Querying)
		must(t)(o.ObserveTransfer(view(2, "CANCELLED"), now()))
		if o.State != order.Failed || o.Failure.Code != order.CodeTransferCancelled {
			t.Fatalf("got %s %+v", o.State, o.Failure)
		}
	})
}
