package optional_test

import (
	"testing"

	"example.com/handover/pkg/optional"
)

func TestSet(t *testing.T) {
	name := "before"
	if optional.Set(&name, nil); name != "before" {
		t.Errorf("nothing given: %q", name)
	}
	empty := ""
	if optional.Set(&name, &empty); name != "" {
		t.Errorf("given and empty: %q", name)
	}
}
