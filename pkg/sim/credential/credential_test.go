package credential_test

import (
	"testing"

	"example.com/handover/pkg/sim/credential"
)

func TestReplace(t *testing.T) {
	s := credential.NewSet(map[string]string{"handover": "first"})
	for _, c := range []struct {
		good []string // nil: as it was made
		want map[string]bool
	}{
		{nil, map[string]bool{"first": true, "second": false, "": false}},
		{[]string{"first", "second"}, map[string]bool{"first": true, "second": true}},
		{[]string{"second"}, map[string]bool{"first": false, "second": true}},
		{[]string{}, map[string]bool{"first": false, "second": false, "": false}},
	} {
		if c.good != nil {
			s.Replace("handover", c.good...)
		}
		for secret, want := range c.want {
			if got := s.Accepts("handover", secret); got != want {
				t.Errorf("with %q, %q is good: %t", c.good, secret, got)
			}
			if holder, known := s.Holder(secret); known != want || known && holder != "handover" {
				t.Errorf("with %q, %q is of %q, %t", c.good, secret, holder, known)
			}
			if s.Accepts("another", secret) {
				t.Errorf("with %q, %q is good of another", c.good, secret)
			}
		}
	}
	if s.Has("handover") || !s.Empty() {
		t.Error("somebody without a secret is known")
	}
}
