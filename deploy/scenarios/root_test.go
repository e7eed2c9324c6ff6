package scenarios_test

import (
	"regexp"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/reflect/protoreflect"

	"example.com/handover/deploy/actors"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	optionsv1 "example.com/handover/proto/gen/handover/options/v1"
)

// TestRootCredentials: in a billing transfer root stays with the customer; in the legacy models it is handed over where the seed says so.
func TestRootCredentials(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	t.Run("XFR-BT-10 nothing asks for root credentials, takes them, or keeps them", w.neverAsksForRoot)
	t.Run("XFR-BT-11 SPAM and ECAM hand root over, a billing transfer does not", w.handsRootOver)
}

// secret are the names that a field for a credential would have.
var secret = regexp.MustCompile(`password|passphrase|secret_access|access_key|credential|mfa|otp|totp|private_key`)

func (w *world) neverAsksForRoot(t *testing.T) {
	seen := map[protoreflect.FullName]bool{}
	var look func(d protoreflect.MessageDescriptor)
	look = func(d protoreflect.MessageDescriptor) {
		if seen[d.FullName()] {
			return
		}
		seen[d.FullName()] = true
		for i := range d.Fields().Len() {
			f := d.Fields().Get(i)
			if secret.MatchString(string(f.Name())) {
				t.Errorf("%s could carry a credential", f.FullName())
			}
			if f.Message() != nil {
				look(f.Message())
			}
		}
	}
	actors.EachMethod(func(m protoreflect.MethodDescriptor, _ *optionsv1.Access) {
		look(m.Input())
		look(m.Output())
	})
	if len(seen) < 100 {
		t.Fatalf("only %d messages were looked at", len(seen))
	}

	c := w.newCustomer(t)
	o := c.accepted(t)
	for _, s := range w.transfer(t, o.GetTransferId()).GetSteps() {
		if s.GetKey() == "deploy-roles" && !mentions(s.GetWhat(), "root credentials stay with you") {
			t.Errorf("the step for the role says %q", s.GetWhat())
		}
		if asksForRoot(s.GetKey(), s.GetWhat()) {
			t.Errorf("%s asks for root: %q", s.GetKey(), s.GetWhat())
		}
	}
	_, err := w.Transfers.CompleteStep(w.operator(t), &accounttransferv1.CompleteStepRequest{
		TransferId: o.GetTransferId(), StepKey: "deploy-roles", Evidence: "The password was reset.", AccountIds: []string{c.account},
	})
	if got := refusedWith(err); got != "EVIDENCE_WRONG" && got != "STEP_NOT_ATTESTED" && got != "STEP_STATE_REFUSES" {
		t.Errorf("a reset of root passwords is taken: %v", err)
	}
	refusal(t, w.op(t).ScheduleSession(t.Context(), o.GetTransferId(), "deploy-roles", w.Now(t).AddDate(0, 0, 1), "per-1"),
		codes.InvalidArgument, "EVIDENCE_WRONG")
}

// asksForRoot reports whether a step has people hand over, reset or enter what only root has.
func asksForRoot(key, what string) bool {
	return strings.HasPrefix(key, "hand-over") || strings.HasPrefix(key, "reset-password") ||
		mentions(what, "hand the root users over") || mentions(what, "Reset the password")
}

func (w *world) handsRootOver(t *testing.T) {
	resp, err := w.Transfers.ListTemplates(w.operator(t), &accounttransferv1.ListTemplatesRequest{})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{
		"billing-transfer-existing": false, "billing-transfer-new": false,
		"spam-unused": true, "spam-used": true, "ecam-used": true, "ecam-unused": false, // its accounts join, and keep their root users
	}
	for _, tpl := range resp.GetTemplates() {
		handed := 0
		for _, s := range tpl.GetSteps() {
			if asksForRoot(s.GetKey(), s.GetWhat()) {
				handed++
			}
		}
		expected, known := want[tpl.GetKey()]
		if !known {
			continue
		}
		delete(want, tpl.GetKey())
		if (handed > 0) != expected || expected && handed != 2 { // the hand-over, and the reset of password and MFA
			t.Errorf("%s hands root over in %d steps", tpl.GetKey(), handed)
		}
	}
	if len(want) != 0 {
		t.Errorf("not looked at: %v", want)
	}
}
