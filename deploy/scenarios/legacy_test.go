package scenarios_test

import (
	"slices"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// The tables of the seed: the rows in their order, each with its owner.
func spamUnused() []row {
	return []row{
		{"XFR-SN-01", "create-master-payer", byReseller},
		{"XFR-SN-02", "request-consent", byReseller},
		{"XFR-SN-03", "invite-linked-accounts", byReseller},
		{"XFR-SN-04", "accept-transfer-request", byCustomer},
		{"XFR-SN-05", "hand-over-linked-accounts", byReseller},
		{"XFR-SN-06", "reset-password-mfa", byReseller},
		{"XFR-SN-07", "set-up-support-channel", byReseller},
		{"XFR-SN-08", "deploy-essentials", byReseller},
		{"XFR-SN-09", "set-up-billing-conductor", byReseller},
		{"XFR-SN-10", "answer-survey", byCustomer},
	}
}

func spamUsed() []row {
	return []row{
		{"XFR-SU-01", "request-consent", byReseller},
		{"XFR-SU-02", "hand-over-linked-accounts", byReseller},
		{"XFR-SU-03", "reset-password-mfa", byReseller},
		{"XFR-SU-04", "set-up-support-channel", byReseller},
		{"XFR-SU-05", "deploy-essentials", byReseller},
		{"XFR-SU-06", "set-up-billing-conductor", byReseller},
		{"XFR-SU-07", "answer-survey", byCustomer},
	}
}

func ecamUnused() []row {
	return []row{
		{"XFR-EN-01", "create-master-payer", byReseller},
		{"XFR-EN-02", "invite-linked-accounts", byReseller},
		{"XFR-EN-03", "accept-transfer-request", byCustomer},
		{"XFR-EN-04", "set-up-support-channel", byReseller},
		{"XFR-EN-05", "deploy-essentials", byReseller},
		{"XFR-EN-06", "set-up-billing-conductor", byReseller},
		{"XFR-EN-07", "answer-survey", byCustomer},
	}
}

func ecamUsed() []row {
	return []row{
		{"XFR-EU-01", "request-consent", byReseller},
		{"XFR-EU-02", "hand-over-master-account", byReseller},
		{"XFR-EU-03", "reset-password-mfa", byReseller},
		{"XFR-EU-04", "set-up-support-channel", byReseller},
		{"XFR-EU-05", "deploy-essentials", byReseller},
		{"XFR-EU-06", "set-up-billing-conductor", byReseller},
		{"XFR-EU-07", "answer-survey", byCustomer},
	}
}

// TestLegacyTransfers plays the four tables, each for a customer of the public sector and for another one.
func TestLegacyTransfers(t *testing.T) {
	t.Parallel()
	for template, table := range map[string][]row{
		"spam-unused": spamUnused(), "spam-used": spamUsed(), "ecam-unused": ecamUnused(), "ecam-used": ecamUsed(),
	} {
		w := newWorld(t) // AWS lets an organization have ten accounts
		t.Run(template, func(t *testing.T) {
			m := w.newLegacy(t, template, false)
			m.follows(t, table, false)
			m.isComplete(t)
		})
		if template == "ecam-unused" {
			continue // TestPublicSectorWithoutConsentStep
		}
		t.Run(template+" of the public sector", func(t *testing.T) {
			m := w.newLegacy(t, template, true)
			m.follows(t, table, true)
			m.isComplete(t)
		})
	}
}

// TestLegacyTemplates holds what ListTemplates shows against the tables.
func TestLegacyTemplates(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	resp, err := w.Transfers.ListTemplates(w.operator(t), &accounttransferv1.ListTemplatesRequest{})
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]*accounttransferv1.Template{}
	for _, tpl := range resp.GetTemplates() {
		shown[tpl.GetKey()] = tpl
	}
	t.Run("XFR-003 four scenarios exist", func(t *testing.T) {
		for _, key := range []string{"spam-unused", "spam-used", "ecam-unused", "ecam-used"} {
			if tpl := shown[key]; tpl.GetTitle() == "" || tpl.GetKind() != accounttransferv1.TransferKind_TRANSFER_KIND_MEMBERSHIP {
				t.Errorf("%s is %v", key, tpl)
			}
		}
	})
	t.Run("XFR-004 each is an ordered list of steps with one owner", func(t *testing.T) {
		for key, table := range map[string][]row{
			"spam-unused": spamUnused(), "spam-used": spamUsed(), "ecam-unused": ecamUnused(), "ecam-used": ecamUsed(),
		} {
			steps := shown[key].GetSteps()
			if len(steps) != len(table) {
				t.Fatalf("%s has %d steps, want %d", key, len(steps), len(table))
			}
			for i, s := range steps {
				only := s.GetOnlyFor() == accounttransferv1.TransferTrait_TRANSFER_TRAIT_PUBLIC_SECTOR
				if s.GetKey() != table[i].key || s.GetOwner() != table[i].owner || only != (s.GetKey() == "request-consent") {
					t.Errorf("%s has %v at %d", key, s, i+1)
				}
			}
		}
	})
	t.Run("XFR-001 Operations chooses the model, and no customer", func(t *testing.T) {
		c := w.newCustomer(t)
		o := c.order()
		o.TemplateKey = "ecam-used"
		_, err := w.Orders.CreateOrder(c.person(t), &ordersv1.CreateOrderRequest{Order: o})
		if e := refusal(t, err, codes.PermissionDenied, "ROLE_DENIED"); !violated(e, "order.template_key") {
			t.Errorf("refused with %+v", e)
		}
		o.TemplateKey, o.LinkedAccountIds = "", []string{"123456789012"}
		_, err = w.Orders.CreateOrder(c.person(t), &ordersv1.CreateOrderRequest{Order: o})
		if e := refusal(t, err, codes.PermissionDenied, "ROLE_DENIED"); !violated(e, "order.linked_account_ids") {
			t.Errorf("refused with %+v", e)
		}
		if got := c.draft(t, func(o *ordersv1.Order) { o.TemplateKey = "ecam-used" }).GetTemplateKey(); got != "ecam-used" {
			t.Errorf("the template is %q", got)
		}
	})
}

// TestPublicSectorWithoutConsentStep: ECAM without AWS Organizations has no consent in its table, and the public sector needs one.
func TestPublicSectorWithoutConsentStep(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	t.Run("XFR-002 nothing begins before Operations has decided, and the consent is then a step", func(t *testing.T) {
		m := w.newLegacy(t, "ecam-unused", true)
		m.isUndecided(t)
		if err := w.op(t).RequireConsent(t.Context(), m.transferID, true, "A ministry."); err != nil {
			t.Fatal(err)
		}
		table := append([]row{ecamUnused()[0], {"a decision inserts", "request-consent", byReseller}}, ecamUnused()[1:]...)
		m.follows(t, table, true)
		m.isComplete(t)
	})
	t.Run("a waiver lets it begin without", func(t *testing.T) {
		m := w.newLegacy(t, "ecam-unused", true)
		m.isUndecided(t)
		if err := w.op(t).RequireConsent(t.Context(), m.transferID, false, "AWS has waived it, letter of 2 February."); err != nil {
			t.Fatal(err)
		}
		tr := w.transfer(t, m.transferID)
		if d := tr.GetDecision(); len(tr.GetSteps()) != 7 || d.GetReason() == "" || d.GetDecidedBy().GetSubject() == "" ||
			d.GetOutcome() != accounttransferv1.DecisionOutcome_DECISION_OUTCOME_WAIVE_CONSENT {
			t.Errorf("the transfer is %v", tr)
		}
	})
	t.Run("a decision that nobody makes is escalated, and the order can still be ended", func(t *testing.T) {
		m := w.newLegacy(t, "ecam-unused", true)
		w.Advance(t, w.Now(t).Add(49*time.Hour))
		if wait := w.transfer(t, m.transferID).GetWaiting(); !wait.GetEscalated() {
			t.Errorf("the transfer waits for %v", wait)
		}
		if err := w.op(t).FailOrder(t.Context(), m.order.GetOrderId(), "Not wanted."); err != nil {
			t.Fatal(err)
		}
		w.Settle(t)
		inState(t, w.order(t, m.order.GetOrderId()), ordersv1.OrderState_ORDER_STATE_FAILED)
	})
}

func (m *legacy) isUndecided(t *testing.T) {
	t.Helper()
	tr := m.w.transfer(t, m.transferID)
	if tr.GetState() != accounttransferv1.TransferState_TRANSFER_STATE_WAITING_DECISION || !tr.GetPublicSector() ||
		tr.GetWaiting().GetOwner() != byReseller || tr.GetDecision().GetQuestion() == "" {
		t.Fatalf("the transfer is %v", tr)
	}
	refused(t, m.w.op(t).CompleteStep(t.Context(), &accounttransferv1.CompleteStepRequest{
		TransferId: m.transferID, StepKey: "create-master-payer", Evidence: "A ticket.", PayerId: m.payerID,
	}), codes.FailedPrecondition, "STATE_REFUSES")
	refused(t, m.w.op(t).Keep(t.Context(), m.transferID, "It is ours."), codes.InvalidArgument, "FIELD_REQUIRED")
}

// TestSurveyNobodyAnswers: the last step is the customer's, who is reminded of it and need not answer.
func TestSurveyNobodyAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := w.newLegacy(t, "spam-used", false)
	for _, r := range spamUsed()[1:6] {
		m.performs(t, r)
	}
	if wait := w.order(t, m.order.GetOrderId()).GetWaiting(); wait.GetStepKey() != "answer-survey" || wait.GetOwner() != byCustomer {
		t.Fatalf("the order waits for %v", wait)
	}
	w.Advance(t, w.Now(t).Add(14*24*time.Hour+time.Minute))
	s := w.step(t, m.transferID, "answer-survey")
	if s.GetState() != accounttransferv1.StepState_STEP_STATE_SKIPPED || s.GetReason() == "" {
		t.Errorf("the step is %v", s)
	}
	m.isComplete(t)
	t.Run("NTF-006 every legacy template ends with the survey, which the customer is asked for by mail", w.surveyIsAskedFor)
}

func (w *world) surveyIsAskedFor(t *testing.T) {
	resp, err := w.Transfers.ListTemplates(w.operator(t), &accounttransferv1.ListTemplatesRequest{})
	if err != nil {
		t.Fatal(err)
	}
	legacy := 0
	for _, tpl := range resp.GetTemplates() {
		if !mentions(tpl.GetKey(), "spam-") && !mentions(tpl.GetKey(), "ecam-") {
			continue
		}
		legacy++
		if last := tpl.GetSteps()[len(tpl.GetSteps())-1]; last.GetKey() != "answer-survey" || last.GetOwner() != byCustomer {
			t.Errorf("%s ends with %v", tpl.GetKey(), last)
		}
	}
	if legacy != 4 {
		t.Errorf("there are %d legacy templates", legacy)
	}
	if mails := w.mailed(t, &sandboxv1.ListMailRequest{}); !slices.ContainsFunc(mails, func(m *sandboxv1.Mail) bool {
		return mentions(m.GetSubject(), "How satisfied")
	}) {
		t.Error("the customer was not reminded of the survey")
	}
}
