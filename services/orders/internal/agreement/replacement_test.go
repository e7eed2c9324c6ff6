package agreement_test

import (
	"slices"
	"testing"
	"time"

	"example.com/handover/pkg/intent"
	"example.com/handover/services/orders/internal/agreement"
	"example.com/handover/services/orders/internal/order"
)

// begins is when what replaces the agreements of the tests is billed.
func begins() time.Time { return now().AddDate(0, 2, 0) }

// moving is an agreement in force by a membership, and the order that replaces it.
func moving(t *testing.T, c agreement.Connection, account string) (*agreement.Agreement, *order.Order) {
	t.Helper()
	a := in(t, agreement.Active)
	c.ID, c.TransferID, c.CustomerID, c.Start = "con_1", a.TransferID, a.CustomerID, now()
	a.ObserveConnection(c, now())
	o := placed(order.Processing)
	o.ID, o.ManagementAccountID, o.Replaces = "ord_2", account, &order.Replacement{AgreementID: a.ID}
	a.FollowReplacement(o, now())
	return a, o
}

func kinds(wishes []intent.Wish) (names []string) {
	for _, w := range wishes {
		names = append(names, string(w.Kind)+" "+w.Name+" "+w.To)
	}
	return names
}

// TestMoveIsTold: the customer reads before what it has to see to, and both sides afterwards what has become of it.
func TestMoveIsTold(t *testing.T) {
	shared := agreement.Connection{Accounts: "111122223333, 444455556666", Staying: "444455556666"}
	own := agreement.Connection{OwnOrganization: true, Staying: "111122223333, 444455556666"}
	mastered := agreement.Connection{OwnOrganization: true, PayerAccountID: "444455556666", Staying: "111122223333, 444455556666"}
	made := agreement.Connection{PayerAccountID: "999900001111", Accounts: "111122223333", Staying: "111122223333"}
	const same, other, master = "111122223333", "777788889999", "444455556666"
	for name, tt := range map[string]struct {
		connection agreement.Connection
		account    string
		at, dated  []string // what is wished for at the submission, and once AWS has said when it begins
		param      string   // that says what is to be done
		value      string
	}{
		"accounts in a shared payer have to leave it": {
			shared, other,
			[]string{"MAIL agreement-moving PRIMARY", "REMINDER agreement-moving PRIMARY"},
			[]string{"MAIL agreement-moving PRIMARY", "REMINDER agreement-moving PRIMARY"},
			"accounts", "444455556666",
		},
		"an organization that is moved as a whole stays": {own, same, nil, []string{"MAIL agreement-moving PRIMARY"}, "organization", same},
		"one in whose place another is billed is handed back": {
			own, other, nil, []string{"MAIL agreement-moving PRIMARY"}, "returned", same,
		},
		"one whose master account is not what the agreement is known by stays": {
			mastered, master, nil, []string{"MAIL agreement-moving PRIMARY"}, "organization", master,
		},
		"and is handed back when what it is known by is billed": {
			mastered, same, nil, []string{"MAIL agreement-moving PRIMARY"}, "returned", master,
		},
		"no account has to leave an organization that we have made for the customer": {
			made, made.PayerAccountID, nil, []string{"MAIL agreement-moving PRIMARY"}, "accounts", "",
		},
		"which is moved as a whole": {
			made, made.PayerAccountID, nil, []string{"MAIL agreement-moving PRIMARY"}, "organization", made.PayerAccountID,
		},
		"but in whose place another is billed they have to": {
			made, other,
			[]string{"MAIL agreement-moving PRIMARY", "REMINDER agreement-moving PRIMARY"},
			[]string{"MAIL agreement-moving PRIMARY", "REMINDER agreement-moving PRIMARY"},
			"accounts", same,
		},
		"accounts that have left are asked for nothing": {
			agreement.Connection{Accounts: same}, other, nil, []string{"MAIL agreement-moving PRIMARY"}, "accounts", "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			a, o := moving(t, tt.connection, tt.account)
			if got := kinds(a.Notices()); !slices.Equal(got, tt.at) {
				t.Errorf("at the submission it wishes for %v", got)
			}
			o.EffectiveAt = begins()
			a.FollowReplacement(o, now().AddDate(0, 0, 3))
			wishes := a.Notices()
			if got := kinds(wishes); !slices.Equal(got, tt.dated) || len(got) == 0 {
				t.Fatalf("dated it wishes for %v", got)
			}
			for _, w := range wishes {
				if w.Params[tt.param] != tt.value || w.Params["start"] != begins().Format(time.RFC3339) || w.Params["end"] != "" {
					t.Errorf("it says %v", w.Params)
				}
			}
		})
	}
}

// TestMovedIsTold: no mail of a moved agreement says what is true of an end alone.
func TestMovedIsTold(t *testing.T) {
	a, o := moving(t, agreement.Connection{Accounts: "111122223333", Staying: "111122223333"}, "777788889999")
	o.EffectiveAt = begins()
	a.FollowReplacement(o, now())
	c := a.Connection
	c.TransferID, c.CustomerID, c.Staying, c.End, c.EndReason = a.TransferID, a.CustomerID, "", begins().AddDate(0, 1, 0), "SUPERSEDED"
	a.ObserveConnection(c, now())
	if got := a.Notices(); len(got) != 0 {
		t.Errorf("all have left, and it wishes for %v", kinds(got))
	}
	c.Ended = true
	a.ObserveConnection(c, now())
	got := a.Notices()
	if want := []string{"MAIL agreement-replaced PRIMARY", "MAIL agreement-replaced-operations OPERATIONS"}; !slices.Equal(kinds(got), want) {
		t.Fatalf("moved it wishes for %v", kinds(got))
	}
	for _, w := range got {
		if w.Params["accounts"] != "111122223333" || w.Params["start"] != begins().Format(time.RFC3339) || w.Params["organization"] != "" {
			t.Errorf("%s says %v", w.Name, w.Params)
		}
	}
	if got[1].Params["order_id"] != o.ID {
		t.Errorf("Operations reads %v", got[1].Params)
	}
}

// TestMoveOfWhatEnds: an agreement that ends can be replaced until it is over, and its end is told as such.
func TestMoveOfWhatEnds(t *testing.T) {
	a, _ := moving(t, agreement.Connection{OwnOrganization: true}, "111122223333")
	a.TerminationOrderID = "ord_9"
	if r := a.Replaces(); !r.InForce || r.TerminationOrderID != "ord_9" {
		t.Errorf("while a termination is open it is %+v", r)
	}
	c := a.Connection
	c.TransferID, c.CustomerID, c.End, c.EndReason = a.TransferID, a.CustomerID, begins(), "WITHDRAWN_BY_RESELLER"
	a.ObserveConnection(c, now())
	if r := a.Replaces(); !r.InForce || r.TerminationOrderID != "" || r.Over {
		t.Errorf("ending it is %+v", r)
	}
	if got := kinds(a.Notices()); !slices.Equal(got, []string{"MAIL agreement-ending PRIMARY"}) {
		t.Errorf("nobody knows when it is replaced, and it wishes for %v", got)
	}
	c.Ended = true
	a.ObserveConnection(c, now())
	if r := a.Replaces(); r.InForce || !r.Over {
		t.Errorf("over it is %+v", r)
	}
}

// TestSupersededByWhatMayNotStay: what AWS bills takes the place of the agreement, and the customer does not read that all is done when it
// is open what becomes of the order.
func TestSupersededByWhatMayNotStay(t *testing.T) {
	end := begins().AddDate(0, 1, 0)
	for name, tt := range map[string]struct {
		becomes func(o *order.Order)
		mail    string
		params  map[string]string
	}{
		"that stays":          {func(*order.Order) {}, "agreement-replaced", map[string]string{"until": ""}},
		"that is complete":    {func(o *order.Order) { o.State = order.Completed }, "agreement-replaced", map[string]string{"until": ""}},
		"whose end is wanted": {func(o *order.Order) { o.Ending = &order.Ending{} }, "agreement-superseded", map[string]string{"until": ""}},
		"that is to be decided on": {
			func(o *order.Order) { o.State, o.TransferState = order.Querying, "WAITING_DECISION" },
			"agreement-superseded",
			map[string]string{"until": "", "start": begins().Format(time.RFC3339)},
		},
		"that has failed": {func(o *order.Order) { o.State = order.Failed }, "agreement-superseded", map[string]string{"until": ""}},
		"that AWS ends": {
			func(o *order.Order) { o.EffectiveUntil = end }, "agreement-superseded",
			map[string]string{"until": end.Format(time.RFC3339)},
		},
	} {
		t.Run(name, func(t *testing.T) {
			a, o := moving(t, agreement.Connection{OwnOrganization: true, PayerAccountID: "111122223333"}, "111122223333")
			o.EffectiveAt = begins()
			tt.becomes(o)
			a.FollowReplacement(o, now())
			c := a.Connection
			c.TransferID, c.CustomerID, c.End, c.EndReason, c.Ended = a.TransferID, a.CustomerID, begins(), "SUPERSEDED", true
			a.ObserveConnection(c, begins())
			got := a.Notices()
			if len(got) != 2 || got[0].Name != tt.mail || got[0].Params["organization"] != "111122223333" {
				t.Fatalf("it wishes for %+v", got)
			}
			for param, value := range tt.params {
				if got[0].Params[param] != value {
					t.Errorf("%s is %q", param, got[0].Params[param])
				}
			}
		})
	}
}

// TestEndOfWhatIsReplaced: an agreement that ends by itself is told as moved when another one is billed at its end, and as what it is when
// nothing is.
func TestEndOfWhatIsReplaced(t *testing.T) {
	const same, other = "111122223333", "777788889999"
	own := agreement.Connection{OwnOrganization: true, PayerAccountID: same, EndReason: "WITHDRAWN_BY_RESELLER"}
	shared := agreement.Connection{Accounts: same, Staying: same, EndReason: "LEFT_ORGANIZATION"}
	moved := [2][]string{
		{"MAIL agreement-moving PRIMARY"}, {"MAIL agreement-replaced PRIMARY", "MAIL agreement-replaced-operations OPERATIONS"},
	}
	ends := [2][]string{
		{"MAIL agreement-ending PRIMARY"}, {"MAIL agreement-ended PRIMARY", "MAIL agreement-ended-operations OPERATIONS"},
	}
	for name, tt := range map[string]struct {
		connection agreement.Connection
		account    string
		end        time.Time
		want       [2][]string // while it ends, and when it is over
	}{
		"an organization that is billed from its end on": {own, same, begins(), moved},
		"and one that is billed from a month after":      {own, same, begins().AddDate(0, -1, 0), ends},
		"one in whose place another is billed":           {own, other, begins(), ends},
		"accounts that have left in time":                {shared, other, begins(), moved},
		"accounts that have left a month before":         {shared, other, begins().AddDate(0, -1, 0), ends},
	} {
		t.Run(name, func(t *testing.T) {
			a, o := moving(t, agreement.Connection{}, tt.account)
			c := tt.connection
			c.ID, c.TransferID, c.CustomerID, c.Start, c.Staying = "con_1", a.TransferID, a.CustomerID, now(), ""
			a.ObserveConnection(c, now())
			o.EffectiveAt = begins()
			a.FollowReplacement(o, now())
			for n, over := range []bool{false, true} {
				c.End, c.Ended = tt.end, over
				a.ObserveConnection(c, now())
				got := a.Notices()
				if !slices.Equal(kinds(got), tt.want[n]) {
					t.Fatalf("over %t it wishes for %v", over, kinds(got))
				}
				handsBack := got[0].Params["organization"] != "" && tt.want[0][0] == moved[0][0]
				if handsBack {
					t.Errorf("what was handed back is handed back again: %v", got[0].Params)
				}
			}
		})
	}
}
