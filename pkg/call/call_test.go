package call_test

import (
	"slices"
	"testing"

	"example.com/handover/pkg/call"
)

func TestScopeSees(t *testing.T) {
	tests := []struct {
		name     string
		scope    call.Scope
		customer string
		want     bool
	}{
		{"zero scope, a customer", call.Scope{}, "cus_1", false},
		{"zero scope, no customer", call.Scope{}, "", false},
		{"own customer", call.Customers("cus_1", "cus_2"), "cus_2", true},
		{"other customer", call.Customers("cus_1"), "cus_2", false},
		{"limited scope, no customer", call.Customers("cus_1"), "", false},
		{"an empty id gives no access to rows without a customer", call.Customers(""), "", false},
		{"no customers", call.Customers(), "cus_1", false},
		{"a partner, of which the store knows", call.Partner("par_1"), "cus_1", false},
		{"everyone, a customer", call.Everyone("operators see all"), "cus_1", true},
		{"everyone, no customer", call.Everyone("operators see all"), "", true},
		{"everyone without a reason is nobody", call.Everyone(""), "cus_1", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.scope.Sees(tt.customer); got != tt.want {
				t.Errorf("sees %q: %t, want %t", tt.customer, got, tt.want)
			}
		})
	}
}

func TestScopeCannotBeWidened(t *testing.T) {
	ids := []string{"cus_1"}
	scope := call.Customers(ids...)
	ids[0] = "cus_2"
	scope.List()[0] = "cus_3"
	if got := scope.List(); !slices.Equal(got, []string{"cus_1"}) {
		t.Errorf("scope became %v", got)
	}
}

func TestContextCarriesTheCall(t *testing.T) {
	if c := call.From(t.Context()); c.ID != "" || c.Scope.All() || len(c.Scope.List()) > 0 {
		t.Errorf("a bare context carries %+v", c)
	}
	ctx := call.With(t.Context(), call.Call{ID: "outer", Actor: call.Actor{Subject: "per_1"}})
	inner := call.With(ctx, call.Call{ID: "inner", Scope: call.Customers("cus_1")})
	if got := call.From(ctx); got.ID != "outer" || got.Actor.Subject != "per_1" {
		t.Errorf("outer call: %+v", got)
	}
	if got := call.From(inner); got.ID != "inner" || !got.Scope.Sees("cus_1") || got.Actor.Subject != "" {
		t.Errorf("inner call: %+v", got)
	}
}

// Who acts for whom is said for what follows alone; all else of the call stays.
func TestOnBehalfOf(t *testing.T) {
	outer := call.With(t.Context(), call.Call{
		ID: "req_1", Actor: call.Actor{Subject: "orders", Role: "SERVICE"}, Scope: call.Everyone("orders follows every transfer"), Key: "k",
	})
	inner := call.From(call.OnBehalfOf(outer, "per_1"))
	if want := (call.Actor{Subject: "orders", Role: "SERVICE", OnBehalfOf: "per_1"}); inner.Actor != want || inner.ID != "req_1" ||
		!inner.Scope.All() || inner.Key != "k" {
		t.Errorf("the call became %+v", inner)
	}
	if got := call.From(outer).Actor.OnBehalfOf; got != "" {
		t.Errorf("the outer call acts for %q", got)
	}
}

// A partner's scope lists no customers: who belongs to it is the store's to know at the moment of the look.
func TestAPartnersScope(t *testing.T) {
	s := call.Partner("par_1")
	if s.OfPartner() != "par_1" || s.All() || len(s.List()) > 0 || s.Sees("") {
		t.Errorf("the scope is %+v", s)
	}
	for _, other := range []call.Scope{{}, call.Customers("cus_1"), call.Everyone("operators see all")} {
		if other.OfPartner() != "" {
			t.Errorf("%+v is a partner's", other)
		}
	}
}
