package scenarios_test

import (
	"net/http"
	"testing"

	"example.com/handover/pkg/kit/kittest"
)

// TestTerminationOverHTTP: a customer ends its agreement by the gateway, inside its minimum term.
func TestTerminationOverHTTP(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	l := leaver{customer: w.newCustomer(t)}
	l.order = l.completed(t, at(t, "2026-02-19T10:00:00Z"))
	w.Advance(t, at(t, "2026-04-10T10:00:00Z"))
	agreement := "/v1/agreements/" + l.agreementID()
	var order string
	t.Run("GW-006 a preview says when the minimum term ends and when the last invoice comes, and orders nothing", func(t *testing.T) {
		l.previewsOverHTTP(t, agreement)
	})
	t.Run("GW-006 the termination is ordered once, however often the call is sent", func(t *testing.T) {
		order = l.terminatesOnce(t, agreement)
	})
	t.Run("GW-006 what cannot be terminated is refused with a reason and what to do", func(t *testing.T) {
		l.cannotTerminate(t, agreement, order)
	})
	t.Run("GW-006 Operations reviews it against the term", func(t *testing.T) { l.isReviewed(t, order) })
	t.Run("GW-006 the customer takes it back, and the agreement goes on", func(t *testing.T) { l.takesBackOverHTTP(t, agreement, order) })
}

// invoicedIn reads the month of the last invoice.
func (a answer) invoicedIn() (year, month float64) {
	order, _ := a.body["order"].(map[string]any)
	termination, _ := order["termination"].(map[string]any)
	m, _ := termination["finalInvoiceMonth"].(map[string]any)
	year, _ = m["year"].(float64)
	month, _ = m["month"].(float64)
	return year, month
}

func (l leaver) previewsOverHTTP(t *testing.T, agreement string) {
	a := l.w.must(t, l.principal(), "POST", agreement+":terminate", `{"reason": "We move.", "validateOnly": true}`)
	for member, want := range map[string]string{
		"termEndTime": "2027-03-01T00:00:00Z", "earliestEndTime": "2026-05-01T00:00:00Z", "scheduledEndTime": "2027-03-01T00:00:00Z",
	} {
		if got := a.at("order", "termination", "check", member); got != want {
			t.Errorf("%s is %q, want %q", member, got, want)
		}
	}
	if year, month := a.invoicedIn(); year != 2027 || month != 3 {
		t.Errorf("the last invoice is announced for %v-%v", year, month)
	}
	if got := l.w.must(t, l.principal(), "GET", agreement, "").at("agreement", "terminationOrderId"); got != "" {
		t.Errorf("a preview has ordered %s", got)
	}
}

func (l leaver) terminatesOnce(t *testing.T, agreement string) string {
	key := map[string]string{"Idempotency-Key": "leave-" + l.id}
	const body = `{"reason": "We move."}`
	first := l.w.sendWith(t, l.principal(), "POST", agreement+":terminate", body, key)
	again := l.w.sendWith(t, l.principal(), "POST", agreement+":terminate", body, key)
	order := first.at("order", "orderId")
	if first.status != http.StatusOK || order == "" || again.at("order", "orderId") != order ||
		first.etag != `"`+first.at("order", "etag")+`"` {
		t.Fatalf("the answers are %v and %v", first, again)
	}
	l.w.sendWith(t, l.principal(), "POST", agreement+":terminate", `{"reason": "We stay."}`, key).
		refuses(t, http.StatusBadRequest, "IDEMPOTENCY_KEY_REUSED", false)
	var open []string
	for _, o := range l.w.must(t, l.principal(), "GET", "/v1/orders?states=ORDER_STATE_QUERYING", "").list("orders") {
		open = append(open, o.at("orderId")+" "+o.at("type"))
	}
	if len(open) != 1 || open[0] != order+" ORDER_TYPE_TERMINATION" {
		t.Errorf("open are %v", open)
	}
	return order
}

func (l leaver) cannotTerminate(t *testing.T, agreement, order string) {
	second := l.w.send(t, l.principal(), "POST", agreement+":terminate", `{"reason": "Once more."}`)
	second.refuses(t, http.StatusConflict, "TERMINATION_OPEN", true)
	if second.at("meta", "orderId") != order {
		t.Errorf("it names %v", second.body["meta"])
	}
	a := l.w.send(t, l.principal(), "POST", agreement+":terminate", `{}`)
	a.refuses(t, http.StatusBadRequest, "FIELD_REQUIRED", false)
	if v := a.list("violations"); len(v) != 1 || v[0].at("field") != "reason" {
		t.Errorf("the violations are %v", v)
	}
	stranger := l.w.newCustomer(t).principal()
	l.w.send(t, stranger, "POST", agreement+":terminate", `{"reason": "Not mine."}`).refuses(t, http.StatusNotFound, "NOT_FOUND", false)
	l.w.send(t, stranger, "GET", "/v1/orders/"+order, "").refuses(t, http.StatusNotFound, "NOT_FOUND", false)
	l.w.send(t, stranger, "POST", "/v1/orders/"+order+":takeBackTermination", `{}`).refuses(t, http.StatusNotFound, "NOT_FOUND", false)
}

func (l leaver) isReviewed(t *testing.T, order string) {
	op, review := kittest.Operator("operator-1"), "/v1/orders/"+order+":reviewTermination"
	now := l.w.send(t, op, "POST", review, `{"outcome": "TERMINATION_OUTCOME_APPROVE_NOW"}`)
	now.refuses(t, http.StatusConflict, "COMMITMENT_NOT_OVER", true)
	if now.at("meta", "scheduledEnd") != "2027-03-01T00:00:00Z" {
		t.Errorf("it says %v", now.body["meta"])
	}
	l.w.send(t, op, "POST", review, `{"outcome": "TERMINATION_OUTCOME_REFUSE"}`).refuses(t, http.StatusBadRequest, "FIELD_REQUIRED", true)
	l.w.send(t, l.principal(), "POST", review, `{"outcome": "TERMINATION_OUTCOME_SCHEDULE"}`).
		refuses(t, http.StatusForbidden, "ROLE_DENIED", false)
	stale := map[string]string{"If-Match": `"99"`}
	l.w.sendWith(t, op, "POST", review, `{"outcome": "TERMINATION_OUTCOME_SCHEDULE"}`, stale).
		refuses(t, http.StatusPreconditionFailed, "ETAG_MISMATCH", false)
	l.w.must(t, op, "POST", review, `{"outcome": "TERMINATION_OUTCOME_SCHEDULE", "reason": "Among us."}`)
	l.w.Settle(t)
	read := l.w.must(t, l.principal(), "GET", "/v1/orders/"+order, "")
	if year, month := read.invoicedIn(); read.at("order", "termination", "endTime") != "2027-03-01T00:00:00Z" ||
		read.at("order", "termination", "actTime") != "2027-02-01T00:00:00Z" || year != 2027 || month != 3 ||
		read.at("order", "termination", "decision", "reason") != "" {
		t.Errorf("the customer reads %v", read.body["order"])
	}
}

func (l leaver) takesBackOverHTTP(t *testing.T, agreement, order string) {
	takeBack := "/v1/orders/" + order + ":takeBackTermination"
	a := l.w.must(t, l.principal(), "POST", takeBack, `{"reason": "We stay."}`)
	if year, _ := a.invoicedIn(); a.at("order", "failure", "code") != "ORDER_FAILURE_CODE_TERMINATION_TAKEN_BACK" || year != 0 {
		t.Errorf("the termination is %v", a.body["order"])
	}
	l.w.Settle(t)
	l.w.send(t, l.principal(), "POST", takeBack, `{}`).refuses(t, http.StatusConflict, "STATE_REFUSES", false)
	got := l.w.must(t, l.principal(), "GET", agreement, "")
	if got.at("agreement", "state") != "AGREEMENT_STATE_ACTIVE" || got.at("agreement", "terminationOrderId") != "" {
		t.Errorf("the agreement is %v", got.body["agreement"])
	}
}
