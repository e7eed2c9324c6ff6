package auth_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/internal/probe"
)

func TestIdentities(t *testing.T) {
	f := newFixture(t)
	anna := f.person(auth.Principal{Subject: "anna", Role: auth.Customer, Customers: []string{"cus_1", "cus_2"}})
	olga := f.person(auth.Principal{Subject: "olga", Role: auth.Operator, Rights: []string{"things"}})
	headers := []string{auth.HeaderOnBehalfOf, "anna", auth.HeaderCause, "evt_1", auth.HeaderReason, "customer%20called, gr%C3%BCezi"}
	reason := "customer called, grüezi"
	tests := map[string]struct {
		tokens []string
		want   call.Call
		sees   map[string]bool
	}{
		"a person alone": {
			[]string{auth.HeaderPerson, anna},
			call.Call{Actor: call.Actor{Subject: "anna", Role: "CUSTOMER"}, KeyOwner: "person handover-dev-issuer anna"},
			map[string]bool{"cus_1": true, "cus_2": true, "cus_3": false, "": false},
		},
		"a person through the gateway": {
			[]string{auth.HeaderPerson, olga, auth.HeaderWorkload, f.workload("gateway")},
			call.Call{Actor: call.Actor{Subject: "olga", Role: "OPERATOR"}, KeyOwner: "person handover-dev-issuer olga", Cause: "evt_1"},
			map[string]bool{"cus_1": true, "": true},
		},
		"a workload alone": {
			[]string{auth.HeaderWorkload, f.workload("orders")},
			call.Call{Actor: call.Actor{Subject: "orders", Role: "SERVICE", OnBehalfOf: "anna"}, KeyOwner: "workload orders", Cause: "evt_1"},
			map[string]bool{"cus_1": true, "": true},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			ctx, err := f.arrive("GetThing", append(tt.tokens, headers...)...)
			if err != nil {
				t.Fatal(err)
			}
			got := call.From(ctx)
			for customer, want := range tt.sees {
				if got.Scope.Sees(customer) != want {
					t.Errorf("sees %q: %v, want %v", customer, !want, want)
				}
			}
			got.Scope, tt.want.ID, tt.want.Method, tt.want.Reason = call.Scope{}, "req_1", probe.Prefix+"GetThing", reason
			if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(call.Scope{})); diff != "" {
				t.Errorf("call (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTokensThatAreNotBelieved(t *testing.T) {
	f, stranger := newFixture(t), newFixture(t)
	anna := auth.Principal{Subject: "anna", Role: auth.Customer}
	good := f.person(anna)
	tests := map[string][]string{
		"none":                    {},
		"expired":                 {auth.HeaderPerson, f.personFor(anna, -time.Second)},
		"signed by another key":   {auth.HeaderPerson, stranger.person(anna)},
		"changed after signing":   {auth.HeaderPerson, good[:len(good)-6] + "AAAAAA"},
		"no token at all":         {auth.HeaderPerson, "Bearer x"},
		"another scheme":          {auth.HeaderPerson, "Basic " + good[len("Bearer "):]},
		"two persons":             {auth.HeaderPerson, good, auth.HeaderPerson, good},
		"a workload as a person":  {auth.HeaderPerson, f.workload("orders")},
		"a person as a workload":  {auth.HeaderWorkload, good},
		"the gateway alone":       {auth.HeaderWorkload, f.workload("gateway")},
		"a workload of no name":   {auth.HeaderWorkload, f.workload("stranger")},
		"a good one with a wrong": {auth.HeaderPerson, good, auth.HeaderWorkload, stranger.workload("gateway")},
	}
	for name, pairs := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := f.arrive("GetThing", pairs...)
			if errs.KindOf(err) != errs.Unauthenticated || errs.ReasonOf(err) != "UNAUTHENTICATED" {
				t.Errorf("got %v, want UNAUTHENTICATED", err)
			}
		})
	}
}

// Where the contract lets a link bearer in, no token is needed; a wrong one is refused all the same.
func TestLinkBearersNeedNoToken(t *testing.T) {
	f, stranger := newFixture(t), newFixture(t)
	anna := auth.Principal{Subject: "anna", Role: auth.Customer, Customers: []string{"cus_1"}}
	tests := map[string]struct {
		method string
		tokens []string
		role   auth.Role
		reason string
	}{
		"nothing shown":       {"OpenThing", nil, auth.LinkBearer, ""},
		"through the gateway": {"OpenThing", []string{auth.HeaderWorkload, f.workload("gateway")}, auth.LinkBearer, ""},
		"a person":            {"OpenThing", []string{auth.HeaderPerson, f.person(anna)}, auth.Customer, ""},
		"a person who is not named": {
			"OpenThing",
			[]string{auth.HeaderPerson, f.person(auth.Principal{Subject: "rita", Role: auth.SupportReader})},
			auth.SupportReader,
			"ROLE_DENIED",
		},
		"a service":                     {"OpenThing", []string{auth.HeaderWorkload, f.workload("orders")}, auth.Service, "ROLE_DENIED"},
		"a token of somebody else's":    {"OpenThing", []string{auth.HeaderPerson, stranger.person(anna)}, "", "UNAUTHENTICATED"},
		"a token that has expired":      {"OpenThing", []string{auth.HeaderPerson, f.personFor(anna, -time.Second)}, "", "UNAUTHENTICATED"},
		"an empty token":                {"OpenThing", []string{auth.HeaderPerson, "Bearer "}, "", "UNAUTHENTICATED"},
		"nothing shown elsewhere":       {"GetThing", nil, "", "UNAUTHENTICATED"},
		"through the gateway elsewhere": {"GetThing", []string{auth.HeaderWorkload, f.workload("gateway")}, "", "UNAUTHENTICATED"},
		"a method that says nothing":    {"Undeclared", nil, "", "UNAUTHENTICATED"},
		"a method of no contract":       {"NotInTheContract", nil, "", "UNAUTHENTICATED"},
		"nothing shown to a callback":   {"ReceiveThing", nil, "", "UNAUTHENTICATED"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			ctx, err := f.arrive(tt.method, tt.tokens...)
			if err == nil {
				err = f.guard.Admit(ctx, probe.Prefix+tt.method)
			}
			p, _ := auth.From(ctx)
			if errs.ReasonOf(err) != tt.reason || p.Role != tt.role {
				t.Errorf("got %q, %v; want %q, %q", p.Role, err, tt.role, tt.reason)
			}
			if p.Role == auth.LinkBearer &&
				(p.Scope().Sees("cus_1") || p.Scope().Sees("") || len(p.Rights) > 0 || call.From(ctx).Actor.Role != "LINK_BEARER") {
				t.Errorf("a link bearer sees %v, may %v and acts as %v", p.Scope().List(), p.Rights, call.From(ctx).Actor)
			}
		})
	}
}

func TestOnlyNamedWorkloadsAreServices(t *testing.T) {
	f := newFixture(t)
	guard, err := auth.NewGuard(
		t.Context(), auth.Config{Issuers: []auth.Trust{f.issuer.Trust()}, Services: []string{"ledger"}}, slog.New(slog.DiscardHandler),
	)
	if err != nil {
		t.Fatal(err)
	}
	f.guard = guard
	for name, want := range map[string]string{"ledger": "", "orders": "UNAUTHENTICATED", "gateway": "UNAUTHENTICATED"} {
		if _, err := f.arrive("GetThing", auth.HeaderWorkload, f.workload(name)); errs.ReasonOf(err) != want {
			t.Errorf("%s: got %v, want %q", name, err, want)
		}
	}
}

func TestExemptMethodsNeedNoToken(t *testing.T) {
	f := newFixture(t)
	for _, m := range []string{"/grpc.health.v1.Health/Check", "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"} {
		ctx, err := f.guard.Authenticate(t.Context(), m)
		if err == nil {
			err = f.guard.Admit(ctx, m)
		}
		if err != nil {
			t.Errorf("%s: %v", m, err)
		}
	}
	if auth.Exempt("/grpc.health.v1.Healthy/Check") {
		t.Error("a name that only begins alike is exempt")
	}
}
