package scenarios_test

import (
	"slices"
	"testing"

	"google.golang.org/grpc/codes"

	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// share is what the customer has to do in a scenario, and how much the suite does by itself.
type share struct {
	scenario  string
	change    func(*ordersv1.Order)
	customer  []string
	automatic int
}

func byTemplate(key string) func(*ordersv1.Order) {
	return func(o *ordersv1.Order) { o.TemplateKey = key }
}

// TestWhoDoesWhat: an order says, before and after it is submitted, which of its steps the suite does by itself and which are left to whom.
func TestWhoDoesWhat(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	billing := []string{"accept-invitation", "accept-service-term", "deploy-roles"}
	for _, s := range []share{
		{"an existing organization", func(*ordersv1.Order) {}, billing, 6},
		{"a new organization", createNew, append([]string{"enter-management-account"}, billing...), 6},
		{"SPAM without an organization", byTemplate("spam-unused"), []string{"accept-transfer-request", "answer-survey"}, 0},
		{"SPAM with an organization", byTemplate("spam-used"), []string{"answer-survey"}, 0},
		{"ECAM without an organization", byTemplate("ecam-unused"), []string{"accept-transfer-request", "answer-survey"}, 0},
		{"ECAM with an organization", byTemplate("ecam-used"), []string{"answer-survey"}, 0},
	} {
		t.Run("ORD-027 the order says what is left to the customer: "+s.scenario, func(t *testing.T) { w.shares(t, s) })
	}
	t.Run("ORD-027 what is the suite's is done without anybody, and what is the customer's by the customer alone", w.doesItsShare)
	t.Run("an order of which nobody has said how it is carried out says what is missing", w.sharesNothing)
}

// steps are those of an order, as its customer reads them.
func (c customer) steps(t *testing.T, orderID string) *ordersv1.ListOrderStepsResponse {
	t.Helper()
	resp, err := c.w.Orders.ListOrderSteps(c.person(t), &ordersv1.ListOrderStepsRequest{OrderId: orderID})
	if err != nil {
		t.Fatalf("list the steps: %v", err)
	}
	return resp
}

// of are the keys of the steps that somebody has.
func of(steps []*ordersv1.OrderStep, owner typev1.Party) (keys []string) {
	for _, s := range steps {
		if s.GetOwner() == owner {
			keys = append(keys, s.GetKey())
		}
	}
	return keys
}

// shares holds a draft against what is known of its scenario.
func (w *world) shares(t *testing.T, s share) {
	c := w.newCustomer(t)
	o := c.draft(t, s.change)
	resp := c.steps(t, o.GetOrderId())
	mine, suite := of(resp.GetSteps(), byCustomer), of(resp.GetSteps(), typev1.Party_PARTY_PLATFORM)
	if !slices.Equal(mine, s.customer) || len(suite) != s.automatic {
		t.Errorf("of %s the customer has %v, the suite %v", resp.GetTemplateKey(), mine, suite)
	}
	for _, step := range resp.GetSteps() {
		told := step.GetTitle() != "" && step.GetState() == accounttransferv1.StepState_STEP_STATE_UNSPECIFIED
		attested := step.GetCompletedBy() == accounttransferv1.StepCompletion_STEP_COMPLETION_ATTESTATION
		switch step.GetOwner() {
		case byCustomer:
			told = told && step.GetWhat() != "" && step.GetWhere() != ""
		case byReseller:
			told = told && step.GetWhat() == ""
		case typev1.Party_PARTY_PLATFORM:
			told = told && !attested
		default:
			told = false
		}
		if !told {
			t.Errorf("a step is %v", step)
		}
	}
}

// doesItsShare plays an order to its end: the steps of the customer are done by what it does at AWS, those of the suite by nobody.
func (w *world) doesItsShare(t *testing.T) {
	c := w.newCustomer(t)
	draft := c.draft(t)
	planned := c.steps(t, draft.GetOrderId()).GetSteps()
	o, err := c.submit(t, draft.GetOrderId())
	if err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	begun := c.steps(t, draft.GetOrderId()).GetSteps()
	for i, step := range begun {
		if len(begun) != len(planned) || step.GetKey() != planned[i].GetKey() || step.GetOwner() != planned[i].GetOwner() {
			t.Fatalf("planned were %v, begun are %v", planned, begun)
		}
	}
	done := func(key string) bool {
		i := slices.IndexFunc(begun, func(s *ordersv1.OrderStep) bool { return s.GetKey() == key })
		return begun[i].GetState() == accounttransferv1.StepState_STEP_STATE_DONE
	}
	if !done("validate-account") || !done("send-invitation") || done("accept-invitation") {
		t.Errorf("before the customer has done anything the steps are %v", begun)
	}
	c.accept(t)
	c.process(t, draft.GetOrderId())
	c.acceptTerm(t)
	c.process(t, draft.GetOrderId())
	c.deploy(t, o.GetTransferId())
	c.process(t, draft.GetOrderId())
	(&legacy{customer: c, transferID: o.GetTransferId()}).opensChannel(t)
	inState(t, w.order(t, o.GetOrderId()), ordersv1.OrderState_ORDER_STATE_COMPLETED)
	for _, step := range w.transfer(t, o.GetTransferId()).GetSteps() {
		if step.GetState() != accounttransferv1.StepState_STEP_STATE_DONE || step.GetDoneBy().GetSubject() != "" {
			t.Errorf("somebody had to do %v", step)
		}
	}
}

func (w *world) sharesNothing(t *testing.T) {
	c := w.newCustomer(t)
	draft := c.draft(t, func(o *ordersv1.Order) { o.AccountOption = 0 })
	_, err := w.Orders.ListOrderSteps(c.person(t), &ordersv1.ListOrderStepsRequest{OrderId: draft.GetOrderId()})
	if e := refusal(t, err, codes.FailedPrecondition, "FIELD_REQUIRED"); !violated(e, "account_option") {
		t.Errorf("refused with %+v", e)
	}
	if _, err := w.Orders.DeleteOrder(c.person(t), &ordersv1.DeleteOrderRequest{OrderId: draft.GetOrderId()}); err != nil {
		t.Fatal(err)
	}
	_, err = w.Orders.ListOrderSteps(c.person(t), &ordersv1.ListOrderStepsRequest{OrderId: draft.GetOrderId()})
	refused(t, err, codes.FailedPrecondition, "STATE_REFUSES")
}
