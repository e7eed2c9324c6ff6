package transfer

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestTemplates(t *testing.T) {
	seen := map[string]bool{}
	for _, tpl := range Templates() {
		name := fmt.Sprintf("%s v%d", tpl.Key, tpl.Version)
		t.Run(name, func(t *testing.T) {
			if err := tpl.Check(); err != nil {
				t.Fatal(err)
			}
			if seen[name] {
				t.Fatal("it is there twice")
			}
			seen[name] = true
			for _, s := range tpl.Steps {
				if s.EscalateAfter <= 0 {
					t.Errorf("nobody is told when step %s stands still", s.Key)
				}
			}
		})
		t.Run(name+" can be walked to its end", func(t *testing.T) {
			s := subject()
			tr, _, err := New(tpl, s, now())
			if err != nil {
				t.Fatal(err)
			}
			walk(t, tr)
			if tr.State != Completed {
				t.Fatalf("got %s: %s", tr.State, dump(t, tr))
			}
		})
	}
	if _, err := FindTemplate("nothing"); err == nil {
		t.Error("found a template that is not there")
	}
}

// walk does whatever opens until nothing is open.
func walk(t *testing.T, tr *Transfer) {
	t.Helper()
	must(t)(tr.Validated(now()))
	must(t)(tr.Prepare(now()))
	must(t)(tr.Answered(1, answer("rt-1"), now()))
	must(t)(tr.Observe(saw(Accepted), now()))
	finish(t, tr)
}

// TestSeedOrder holds the templates against the table of the domain model: the same steps, owners and order.
func TestSeedOrder(t *testing.T) {
	existing := []string{
		"validate-account PLATFORM", "send-invitation PLATFORM", "accept-invitation CUSTOMER", "create-billing-group PLATFORM",
		"create-relationship PLATFORM", "send-service-term PLATFORM", "accept-service-term CUSTOMER", "deploy-roles CUSTOMER", "set-up-support-channel RESELLER", "finalize PLATFORM",
	}
	for key, want := range map[string][]string{
		BillingTransferExisting: existing,
		BillingTransferNew:      append([]string{"enter-management-account CUSTOMER"}, existing...),
	} {
		var got []string
		for _, s := range template(t, key).Steps {
			got = append(got, s.Key+" "+string(s.Owner))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v", key, got)
		}
	}
	t.Run("BIL-002 the commitment is twelve cycles", func(t *testing.T) {
		for _, tpl := range Templates() {
			if tpl.Policy.Cycles != 12 {
				t.Errorf("%s: %d", tpl.Key, tpl.Policy.Cycles)
			}
		}
	})
}

func TestCheckFindsFaults(t *testing.T) {
	for want, spoil := range map[string]func(*Template){
		"is there twice":                        func(tpl *Template) { tpl.Steps = append(tpl.Steps, tpl.Steps[0]) },
		"which is not a step before it":         func(tpl *Template) { tpl.Steps[0].Requires = []string{"finalize"} },
		"is not filled in":                      func(tpl *Template) { tpl.Steps[3].What = "" },
		"cannot be skipped":                     func(tpl *Template) { tpl.Steps[1].Skippable = true },
		"nobody says so":                        func(tpl *Template) { tpl.Steps[1].AsksAccount = true },
		"does not require INVITATION_SENT":      func(tpl *Template) { tpl.Steps[2].Requires = nil },
		"does not require RELATIONSHIP_CREATED": func(tpl *Template) { tpl.Steps[5].Requires = []string{"create-billing-group"} },
		"does not wait for step":                func(tpl *Template) { tpl.Steps[9].Requires = tpl.Steps[9].Requires[1:] },
		"is not the last":                       func(tpl *Template) { tpl.Steps[7], tpl.Steps[9] = tpl.Steps[9], tpl.Steps[7] },
		"the customer is reminded of its steps": func(tpl *Template) { tpl.Steps[7].Reminder = "" },
		"needs a step that sends":               func(tpl *Template) { tpl.Steps[1].CompletedBy = Manual },
		"its policy is not filled in":           func(tpl *Template) { tpl.Policy = Policy{} },
	} {
		tpl := template(t, BillingTransferExisting)
		spoil(&tpl)
		if err := tpl.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q was not found: %v", want, err)
		}
	}
}
