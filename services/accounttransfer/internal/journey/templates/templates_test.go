package templates

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/handover/services/accounttransfer/internal/process"
)

func TestTemplates(t *testing.T) {
	if _, err := Load(); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, j := range All() {
		name := fmt.Sprintf("%s v%d", j.Key, j.Version)
		t.Run(name, func(t *testing.T) {
			if err := j.Check(); err != nil {
				t.Fatal(err)
			}
			if seen[name] {
				t.Fatal("it is there twice")
			}
			seen[name] = true
			if j.Kind == "" || j.Basis == "" || j.DecideIn <= 0 {
				t.Errorf("it is not filled in: %+v", j)
			}
			last := j.Steps[len(j.Steps)-1]
			if ends := last.CompletedBy == process.Requirements && !last.Skippable; !ends && last.OnOverdue != process.Skips {
				t.Errorf("it ends neither with its end nor with a question that nobody has to answer: %+v", last)
			}
			for _, s := range j.Steps {
				if s.EscalateAfter <= 0 {
					t.Errorf("nobody is told when step %s stands still", s.Key)
				}
				if (s.Owner == process.Customer) != (s.ReminderTemplate != "") {
					t.Errorf("the customer is reminded of its steps, and of no other: %s", s.Key)
				}
			}
		})
		t.Run("BIL-002 the commitment is twelve cycles: "+name, func(t *testing.T) {
			if j.Policy.Cycles != 12 {
				t.Errorf("%d", j.Policy.Cycles)
			}
		})
	}
	if _, ok := Find("nothing"); ok {
		t.Error("found a template that is not there")
	}
}

// TestSeedOrder holds the templates against the table of the domain model: the same steps, owners and order.
func TestSeedOrder(t *testing.T) {
	existing := []string{
		"validate-account PLATFORM", "send-invitation PLATFORM", "accept-invitation CUSTOMER", "create-billing-group PLATFORM",
		"create-relationship PLATFORM", "send-service-term PLATFORM", "accept-service-term CUSTOMER", "deploy-roles CUSTOMER",
		"set-up-support-channel RESELLER", "finalize PLATFORM",
	}
	for key, want := range map[string][]string{
		"billing-transfer-existing": existing,
		"billing-transfer-new":      append([]string{"enter-management-account CUSTOMER"}, existing...),
		"spam-unused": {
			"create-master-payer RESELLER", "request-consent RESELLER PUBLIC_SECTOR", "invite-linked-accounts RESELLER",
			"accept-transfer-request CUSTOMER", "hand-over-linked-accounts RESELLER", "reset-password-mfa RESELLER",
			"set-up-support-channel RESELLER", "deploy-essentials RESELLER", "set-up-billing-conductor RESELLER", "answer-survey CUSTOMER",
		},
		"spam-used": {
			"request-consent RESELLER PUBLIC_SECTOR", "hand-over-linked-accounts RESELLER", "reset-password-mfa RESELLER",
			"set-up-support-channel RESELLER", "deploy-essentials RESELLER", "set-up-billing-conductor RESELLER", "answer-survey CUSTOMER",
		},
		"ecam-unused": {
			"create-master-payer RESELLER", "invite-linked-accounts RESELLER", "accept-transfer-request CUSTOMER",
			"set-up-support-channel RESELLER", "deploy-essentials RESELLER", "set-up-billing-conductor RESELLER", "answer-survey CUSTOMER",
		},
		"ecam-used": {
			"request-consent RESELLER PUBLIC_SECTOR", "hand-over-master-account RESELLER", "reset-password-mfa RESELLER",
			"set-up-support-channel RESELLER", "deploy-essentials RESELLER", "set-up-billing-conductor RESELLER", "answer-survey CUSTOMER",
		},
	} {
		j, ok := Find(key)
		var got []string
		for _, s := range j.Steps {
			got = append(got, strings.TrimSpace(s.Key+" "+string(s.Owner)+" "+string(s.OnlyFor)))
		}
		if !ok || !slices.Equal(got, want) {
			t.Errorf("%s: got %v", key, got)
		}
	}
}

// TestGuards holds which steps let a step open (XFR-BT-01 to XFR-BT-09).
func TestGuards(t *testing.T) {
	j, _ := Find("billing-transfer-existing")
	for key, want := range map[string][]string{
		"validate-account": nil, "send-invitation": {"validate-account"}, "accept-invitation": {"send-invitation"},
		"create-billing-group": {"accept-invitation"}, "create-relationship": {"accept-invitation"},
		"send-service-term": {"create-relationship"}, "accept-service-term": {"send-service-term"},
		"deploy-roles": {"accept-service-term"}, "set-up-support-channel": {"accept-invitation"},
		"finalize": {"create-billing-group", "deploy-roles", "set-up-support-channel"},
	} {
		i := slices.IndexFunc(j.Steps, func(s process.TemplateStep) bool { return s.Key == key })
		if i < 0 || !slices.Equal(j.Steps[i].Requires, want) {
			t.Errorf("%s requires %v", key, j.Steps[max(i, 0)].Requires)
		}
	}
	for _, key := range []string{"validate-account", "send-invitation", "accept-invitation", "finalize"} {
		i := slices.IndexFunc(j.Steps, func(s process.TemplateStep) bool { return s.Key == key })
		if j.Steps[i].Skippable {
			t.Errorf("there is no journey without %s", key)
		}
	}
}

// TestIncompleteTemplates: what would stand still without a word is no template.
func TestIncompleteTemplates(t *testing.T) {
	whole := `
key: whole
version: 1
kind: MEMBERSHIP
basis: MEMBERSHIP
cycles: 12
decide_in: 2d
escalate_in: 3d
denied_for: 4h
steps:
  - {key: join, owner: RESELLER, attested: true, connects: true, escalate_after: 1h30m}
  - {key: finalize, owner: PLATFORM, escalate_after: 1d, requires: [join]}
`
	j, err := read([]byte(whole))
	if err != nil || j.Steps[0].EscalateAfter != 90*time.Minute || j.DecideIn != 48*time.Hour {
		t.Fatal(j, err)
	}
	for _, without := range []string{
		"decide_in: 2d\n", "escalate_in: 3d\n", "denied_for: 4h\n", "cycles: 12\n", "version: 1\n", "kind: MEMBERSHIP\n",
		", escalate_after: 1h30m", ", escalate_after: 1d", ", requires: [join]", "owner: RESELLER, ",
	} {
		if _, err := read([]byte(strings.Replace(whole, without, "", 1))); err == nil {
			t.Errorf("it is a template without %q", without)
		}
	}
	undecided := "undecided: {for: PUBLIC_SECTOR, before: finalize, " +
		"step: {key: consent, owner: RESELLER, attested: true, escalate_after: 1d}}\n"
	for _, wrong := range [][2]string{
		{"steps:", strings.Replace(undecided, "finalize", "nothing", 1) + "steps:"},
		{"steps:", strings.Replace(undecided, ", escalate_after: 1d", "", 1) + "steps:"},
		{"2d", "2 days"},
		{"cycles", "cycle"},
		{"[join]", "[join, leave]"},
	} {
		if _, err := read([]byte(strings.Replace(whole, wrong[0], wrong[1], 1))); err == nil {
			t.Errorf("it is a template with %q", wrong[1])
		}
	}
}
