package scenarios_test

import (
	"testing"

	optionsv1 "example.com/handover/proto/gen/handover/options/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// TestOnBehalfOf: what orders asks of accounttransfer is recorded with the person who wanted it.
func TestOnBehalfOf(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.newCustomer(t)
	o := c.invited(t)
	w.fail(t, o.GetOrderId())
	w.Settle(t)
	wanted := map[string]string{"transfer.created": c.subject, "transfer.ending_requested": "operator-1"}
	for _, e := range w.entries(t, w.operator(t), o.GetOrderId()) {
		fact := e.GetKind() + "." + e.GetName()
		if subject, told := wanted[fact]; told {
			behalf(t, e, subject)
			delete(wanted, fact)
		}
	}
	if len(wanted) > 0 {
		t.Errorf("nothing is told of %v", wanted)
	}
}

func behalf(t *testing.T, e *typev1.Event, subject string) {
	t.Helper()
	if by := e.GetActor(); by.GetRole() != optionsv1.Role_ROLE_SERVICE || by.GetOnBehalfOf() != subject {
		t.Errorf("%s.%s is by %v, want on behalf of %s", e.GetKind(), e.GetName(), by, subject)
	}
}
