package order_test

import (
	"slices"
	"testing"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/services/orders/internal/catalogue"
	"example.com/handover/services/orders/internal/change"
	"example.com/handover/services/orders/internal/order"
)

const day = 24 * time.Hour

// changeable is an agreement in EUR with the reseller's support.
func changeable() order.Changeable {
	of := order.Changeable{Amended: terminable().Amended}
	of.Held = change.Held{
		Terms:  change.Terms{SupportOption: catalogue.PartnerLed, CurrencyCode: "EUR"},
		Serves: func(c string) bool { return c == "EUR" || c == "USD" },
	}
	return of
}

func patience() order.Patience { return order.Patience{Review: 3 * day, Lapse: 30 * day} }

func dollars(from calendar.Month) change.Asked {
	return change.Asked{Kind: change.Currency, CurrencyCode: "USD", From: from, Reason: "We pay in dollars."}
}

// january is two months after now.
func january() calendar.Month { return calendar.MonthOf(month(2)) }

func accepted() change.Decision {
	return change.Decision{Outcome: change.Accept, Reason: "As agreed.", DecidedBy: operator(), DecidedAt: now()}
}

// changing is a change in a phase, brought there by its verbs alone.
func changing(t testing.TB, p change.Phase) *order.Order {
	t.Helper()
	o, _, err := order.NewChange("ord_3", changeable(), dollars(january()), patience(), person(), now())
	if err != nil {
		t.Fatal(err)
	}
	switch p {
	case change.Accepted:
		must(t)(order.ReviewChange(o, accepted(), calendar.Month{}, changeable().Held, now()))
	case change.Over:
		must(t)(order.TakeBackChange(o, person(), "", now()))
	case change.Review:
	}
	if o.Change.Phase != p {
		t.Fatalf("wanted a change in %s, got %s", p, o.Change.Phase)
	}
	return o
}

// TestEveryPhaseAndVerbOfAChange: what a phase does not accept is refused with a remedy and changes nothing; what is not over has a time at
// which something comes of it; nothing is asked of AccountTransfer.
func TestEveryPhaseAndVerbOfAChange(t *testing.T) {
	open, review, none := []change.Phase{change.Review, change.Accepted}, []change.Phase{change.Review}, []change.Phase{}
	type verb struct {
		do      func(*order.Order) ([]fact.Fact, error)
		accepts []change.Phase // nil: what is observed is never refused
	}
	refuse := accepted()
	refuse.Outcome = change.Refuse
	for name, v := range map[string]verb{
		"TakeBack": {func(o *order.Order) ([]fact.Fact, error) { return order.TakeBackChange(o, person(), "", now()) }, open},
		"a late TakeBack": {func(o *order.Order) ([]fact.Fact, error) {
			return order.TakeBackChange(o, person(), "", january().Start())
		}, review},
		"TakeBack by Operations": {func(o *order.Order) ([]fact.Fact, error) {
			return order.TakeBackChange(o, operator(), "No.", now())
		}, open},
		"TakeBack by Operations without a reason": {func(o *order.Order) ([]fact.Fact, error) {
			return order.TakeBackChange(o, operator(), "", now())
		}, none},
		"Accept": {func(o *order.Order) ([]fact.Fact, error) {
			return order.ReviewChange(o, accepted(), calendar.Month{}, changeable().Held, now())
		}, review},
		"Accept at once": {func(o *order.Order) ([]fact.Fact, error) {
			return order.ReviewChange(o, accepted(), calendar.MonthOf(now()), changeable().Held, now())
		}, review},
		"Refuse": {func(o *order.Order) ([]fact.Fact, error) {
			return order.ReviewChange(o, refuse, calendar.Month{}, changeable().Held, now())
		}, review},
		"ReviewTermination": {func(o *order.Order) ([]fact.Fact, error) {
			return order.Review(o, decided("SCHEDULE"), inside(), now())
		}, none},
		"TakeBackTermination": {func(o *order.Order) ([]fact.Fact, error) { return order.TakeBack(o, person(), "", now()) }, none},
		"RequestFail":         {func(o *order.Order) ([]fact.Fact, error) { return o.RequestFail("no", operator(), now()) }, none},
		"AskProcess":          {func(o *order.Order) ([]fact.Fact, error) { return o.AskProcess(person()) }, none},
		"Tick":                {func(o *order.Order) ([]fact.Fact, error) { return o.Tick("", now().Add(4*day)) }, nil},
		"a late Tick":         {func(o *order.Order) ([]fact.Fact, error) { return o.Tick("", month(4)) }, nil},
		"an end after it":     {func(o *order.Order) ([]fact.Fact, error) { return order.ObserveAgreementEnd(o, month(3), false, now()) }, nil},
		"an end before it":    {func(o *order.Order) ([]fact.Fact, error) { return order.ObserveAgreementEnd(o, month(2), false, now()) }, nil},
		"ended":               {func(o *order.Order) ([]fact.Fact, error) { return order.ObserveAgreementEnd(o, now(), true, now()) }, nil},
	} {
		for _, p := range change.Phases() {
			t.Run(string(p)+" "+name, func(t *testing.T) {
				o := changing(t, p)
				before := dump(t, o)
				_, err := v.do(o)
				if refuses := v.accepts != nil && !slices.Contains(v.accepts, p); refuses != (err != nil) || refuses && dump(t, o) != before {
					t.Fatalf("refused: %v\n%s\n%s", err, before, dump(t, o))
				}
				over := o.Change.Phase == change.Over
				if over != o.State.Ended() || over != !o.EndedAt.IsZero() || over != o.Dates().IsZero() || over != (o.Waits() == nil) {
					t.Fatalf("the order is %s in phase %s, due %s", o.State, o.Change.Phase, o.Dates())
				}
				if len(o.WantsTransfer())+len(o.WantsCancel())+len(o.WantsCheck()) > 0 || o.AccountHeld() != "" {
					t.Fatal("a change wants a transfer, or holds the account")
				}
			})
		}
	}
	for _, p := range noChanges() {
		if _, err := order.TakeBackChange(p, person(), "", now()); err == nil {
			t.Errorf("an order of type %s is taken back as a change", p.Type)
		}
	}
}

// noChanges are orders that are no changes.
func noChanges() []*order.Order {
	o, _ := order.NewTermination("ord_2", terminable(), "We leave.", 72*time.Hour, person(), now())
	return []*order.Order{o, {ID: "ord_1", Type: order.Purchase, State: order.Processing}}
}

// wished are the wishes of a change: mails by their names, cases and reminders by their kind.
func wished(o *order.Order) (all []string) {
	for _, w := range o.Notices() {
		if w.Kind == intent.Mail {
			all = append(all, w.Name)
		} else {
			all = append(all, string(w.Kind))
		}
	}
	return all
}

// TestWhatAChangeTells: who reads what, at each turn.
func TestWhatAChangeTells(t *testing.T) {
	tick := func(at time.Time) func(*order.Order) {
		return func(o *order.Order) { must(t)(o.Tick("", at)) }
	}
	refuse := accepted()
	refuse.Outcome = change.Refuse
	for name, tt := range map[string]struct {
		do   func(*order.Order)
		want []string
		code string
	}{
		"ordered":   {func(*order.Order) {}, []string{"change-received", string(intent.Case)}, ""},
		"forgotten": {tick(now().Add(3 * day)), []string{"change-received", string(intent.Case), string(intent.Reminder)}, ""},
		"lapsed":    {tick(now().Add(30 * day)), []string{"change-received", "change-ended"}, order.CodeChangeLapsed},
		"refused": {func(o *order.Order) {
			must(t)(order.ReviewChange(o, refuse, calendar.Month{}, changeable().Held, now()))
		}, []string{"change-received", "change-refused"}, order.CodeChangeRefused},
		"accepted": {func(o *order.Order) {
			must(t)(order.ReviewChange(o, accepted(), calendar.Month{}, changeable().Held, now()))
		}, []string{"change-received", "change-accepted"}, ""},
		"taken back": {func(o *order.Order) {
			must(t)(order.TakeBackChange(o, person(), "", now()))
		}, []string{"change-received", "change-ended"}, order.CodeChangeTakenBack},
		"the agreement ends": {func(o *order.Order) {
			must(t)(order.ObserveAgreementEnd(o, month(2), false, now()))
		}, []string{"change-received", "change-ended"}, order.CodeAgreementEnds},
	} {
		o := changing(t, change.Review)
		tt.do(o)
		code := ""
		if o.Failure != nil {
			code = o.Failure.Code
		}
		if got := wished(o); !slices.Equal(got, tt.want) || code != tt.code {
			t.Errorf("%s: wished for %v, failed with %q", name, got, code)
		}
	}
}

// TestChangeOfOperationsIsAnnounced: the customer, which cannot take it back, reads neither that it asked for it nor why it was ordered.
func TestChangeOfOperationsIsAnnounced(t *testing.T) {
	o, _, err := order.NewChange("ord_3", changeable(), dollars(january()), patience(), operator(), now())
	if err != nil || !slices.Equal(wished(o), []string{"change-announced", string(intent.Case)}) {
		t.Fatalf("it wishes for %v, %v", wished(o), err)
	}
	if mail := o.Notices()[0]; mail.Params["reason"] != "" || mail.Params["currency"] != "USD" {
		t.Errorf("the customer reads %v", mail)
	}
}

// TestOperationsEndsAChange of the customer, which reads why in the mail and in the fact.
func TestOperationsEndsAChange(t *testing.T) {
	o := changing(t, change.Accepted)
	_, err := order.TakeBackChange(o, operator(), "", now())
	refused(t, err, order.ReasonFieldRequired)
	facts := must(t)(order.TakeBackChange(o, operator(), "You owe us.", now()))
	if len(facts) != 1 || facts[0].Audience != fact.Customer || facts[0].Reason != "You owe us." {
		t.Errorf("told is %v", facts)
	}
	mails := o.Notices()
	if last := mails[len(mails)-1]; last.Name != "change-ended" || last.Params["reason"] != "You owe us." {
		t.Errorf("the customer reads %v", last)
	}
}

// TestAcceptedChange takes effect with the first instant of its month, and not before.
func TestAcceptedChange(t *testing.T) {
	o := changing(t, change.Accepted)
	begin := january().Start()
	if !o.Dates().Equal(begin) || o.State != order.Processing || o.Waiting.Owner != order.Platform {
		t.Fatalf("it waits %v, due %s", o.Waiting, o.Dates())
	}
	if facts := must(t)(o.Tick("", begin.Add(-1))); len(facts) != 0 || o.State.Ended() {
		t.Fatalf("too early: %s", dump(t, o))
	}
	facts := must(t)(o.Tick("", begin))
	if o.State != order.Completed || len(facts) != 1 || facts[0].Details["from"] != "2027-01" || facts[0].Details["value"] != "USD" {
		t.Errorf("it is %s, told %v", o.State, facts)
	}
}

// TestChangeBeforeTheEnd: what was accepted for a month before the end takes effect, although the end is seen first, because Orders was
// away at the start of the month; what nobody has accepted, or of which no month is left, ends.
func TestChangeBeforeTheEnd(t *testing.T) {
	february := january().Next().Start()
	for name, tt := range map[string]struct {
		phase change.Phase
		end   time.Time
		state order.State
	}{
		"accepted":                   {change.Accepted, february, order.Completed},
		"accepted, ends in January":  {change.Accepted, january().Start().Add(day), order.Completed},
		"accepted, ends with it":     {change.Accepted, january().Start(), order.Failed},
		"accepted, no end was named": {change.Accepted, time.Time{}, order.Failed},
		"in review":                  {change.Review, february, order.Failed},
	} {
		o := changing(t, tt.phase)
		facts := must(t)(order.ObserveAgreementEnd(o, tt.end, true, february.Add(day)))
		if o.State != tt.state || len(facts) != 1 || (o.Failure == nil) != (tt.state == order.Completed) {
			t.Errorf("%s: it is %s, told %v", name, o.State, facts)
		}
	}
}

// TestDiscount needs no review: Operations has ordered it, and why stays inside.
func TestDiscount(t *testing.T) {
	a := change.Asked{Kind: change.Discount, DiscountPercent: "5.00", From: calendar.MonthOf(now()), Reason: "They stay."}
	o, facts, err := order.NewChange("ord_3", changeable(), a, patience(), operator(), now())
	if err != nil || o.State != order.Completed || o.Change.Value() != "5" || !slices.Equal(wished(o), []string{"change-accepted"}) {
		t.Fatalf("it is %v, %v", o, err)
	}
	for _, f := range facts {
		if f.Audience == fact.Customer && f.Reason != "" {
			t.Errorf("the customer reads why: %v", f)
		}
	}
	a.From = january()
	o, _, err = order.NewChange("ord_3", changeable(), a, patience(), operator(), now())
	if err != nil || o.Change.Phase != change.Accepted {
		t.Fatalf("it is %v, %v", o, err)
	}
	_, err = order.TakeBackChange(o, person(), "", now())
	refused(t, err, order.ReasonRoleDenied)
	must(t)(order.TakeBackChange(o, operator(), "A mistake.", now()))
	if _, _, err := order.NewChange("ord_3", changeable(), a, patience(), person(), now()); err == nil {
		t.Error("the customer gives itself a discount")
	}
}

// TestSupportChannel: with its month a change of the support option wants one channel of those who support from now on; others want none.
func TestSupportChannel(t *testing.T) {
	for kind, asked := range map[change.Kind]change.Asked{
		change.SupportOption: {Kind: change.SupportOption, SupportOption: catalogue.Resold, From: january()}, change.Currency: dollars(january()),
	} {
		o, _, err := order.NewChange("ord_3", changeable(), asked, patience(), person(), now())
		if err != nil {
			t.Fatal(err)
		}
		must(t)(order.ReviewChange(o, accepted(), calendar.Month{}, changeable().Held, now()))
		if len(order.WantsChannel(o)) != 0 {
			t.Errorf("%s wants a channel before its month", kind)
		}
		must(t)(o.Tick("", january().Start()))
		if wants := order.WantsChannel(o); (len(wants) == 1) != (kind == change.SupportOption) {
			t.Errorf("%s wants %v", kind, wants)
		}
		facts := must(t)(order.RecordChannel(o, "chn_1"))
		if len(facts) != 1 || o.Change.ChannelID != "chn_1" || len(order.WantsChannel(o)) != 0 {
			t.Errorf("%s: asked for, it is %v, told %v", kind, o.Change, facts)
		}
	}
}
