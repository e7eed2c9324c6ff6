package servicenow_test

import (
	"testing"

	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/sim/fault"
	simulated "example.com/handover/pkg/sim/servicenow"
	"example.com/handover/services/support/internal/servicenow"
)

// TestTokenIsKept, and a token that was revoked is replaced within the call.
func TestTokenIsKept(t *testing.T) {
	r := newRig(t, client)
	seen := r.create()
	for range 3 {
		if _, err := r.client.Read(t.Context(), seen.Ref); err != nil {
			t.Fatal(err)
		}
	}
	if n := r.tokens(); n != 1 {
		t.Errorf("%d tokens were asked for", n)
	}
	r.sim.RevokeTokens()
	if _, err := r.client.Comment(t.Context(), seen.Ref, "hello"); err != nil {
		t.Error(err)
	}
	if n := r.tokens(); n != 2 {
		t.Errorf("%d tokens were asked for", n)
	}
	if said, err := r.client.Said(t.Context(), seen.Ref, "hello"); !said || err != nil {
		t.Errorf("it was said: %t, %v", said, err)
	}
}

func (r *rig) tokens() int {
	return len(r.sim.Calls(fault.CallQuery{Operation: "POST oauth_token.do"}))
}

// TestWithoutToken: what was not authorized was not sent.
func TestWithoutToken(t *testing.T) {
	for kind, want := range map[fault.Kind]intent.Class{
		fault.ServerError: intent.Later, fault.LostAnswer: intent.Later, fault.Throttle: intent.Later,
	} {
		r := newRig(t, client)
		r.fault(fault.Fault{Operation: "POST oauth_token.do", Kind: kind})
		_, err := r.client.Create(t.Context(), problem(), problem().Title, problem().Description)
		r.class(err, want)
	}
	r := newRig(t, client, func(_ *simulated.Options, c *servicenow.Config) { c.ClientSecret = func() string { return "wrong" } })
	_, err := r.client.Create(t.Context(), problem(), problem().Title, problem().Description)
	r.class(err, intent.Denied)
}

// TestPasswordIsReplaced: each call is made with the password of then.
func TestPasswordIsReplaced(t *testing.T) {
	password := "old"
	r := newRig(t, func(_ *simulated.Options, c *servicenow.Config) { c.Password = func() string { return password } })
	_, err := r.client.Create(t.Context(), problem(), problem().Title, problem().Description)
	r.class(err, intent.Denied)
	password = "secret"
	if _, err := r.client.Create(t.Context(), problem(), problem().Title, problem().Description); err != nil {
		t.Error(err)
	}
}
