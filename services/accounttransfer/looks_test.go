package accounttransfer

import (
	"strings"
	"testing"
)

// TestLooksOnlyLook: a call that changes something at AWS has an intent, so that a lost answer is settled. What is called a look is
// named as one.
func TestLooksOnlyLook(t *testing.T) {
	looks := 0
	all := (&outside{}).acts()
	hold := func(name string, look bool) {
		named := strings.HasPrefix(name, "check-") || name == "sweep"
		if look != named {
			t.Errorf("%s is a look: %t", name, look)
		}
		if look {
			looks++
		}
	}
	for _, e := range all.payers.All {
		hold(e.Name, e.Look)
	}
	for _, e := range all.connections.All {
		hold(e.Name, e.Look)
	}
	for _, e := range all.transfers.All {
		hold(e.Name, e.Look)
	}
	for _, e := range all.attachments.All {
		if e.Name != "sweep" { // of the blobs, which deletes
			hold(e.Name, e.Look)
		}
	}
	for _, e := range all.requests.All {
		hold(e.Name, e.Look)
	}
	if looks == 0 {
		t.Error("there are no looks")
	}
}
