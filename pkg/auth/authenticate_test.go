package auth_test

import (
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
			call.Call{Actor: call.Actor{Subject: "anna", Role: "CUSTOMER"}, KeyOwner: "person handover-dev-issuer anna as CUSTOMER"},
			map[string]bool{"cus_1": true, "cus_2": true, "cus_3": false, "": false},
		},
		"a person through the gateway": {
			[]string{auth.HeaderPerson, olga, auth.HeaderWorkload, f.workload("gateway")},
			call.Call{Actor: call.Actor{Subject: "olga", Role: "OPERATOR"}, KeyOwner: "person handover-dev-issuer olga as OPERATOR", Cause: "evt_1"},
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
		"a workload of no name":   {auth.HeaderWorkload, f.workload("")},
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
		"a service, which sees nothing": {"OpenThing", []string{auth.HeaderWorkload, f.workload("orders")}, auth.LinkBearer, ""},
		"a token of somebody else's":    {"OpenThing", []string{auth.HeaderPerson, stranger.person(anna)}, "", "UNAUTHENTICATED"},
		"a token that has expired":      {"OpenThing", []string{auth.HeaderPerson, f.personFor(anna, -time.Second)}, "", "UNAUTHENTICATED"},
		"an empty token":                {"OpenThing", []string{auth.HeaderPerson, "Bearer "}, "", "UNAUTHENTICATED"},
		"nothing shown elsewhere":       {"GetThing", nil, "", "UNAUTHENTICATED"},
		"through the gateway elsewhere": {"GetThing", []string{auth.HeaderWorkload, f.workload("gateway")}, auth.Service, "SERVICE_DENIED"},
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

// A service may call what names it, and no configuration adds one.
func TestAMethodNamesItsServices(t *testing.T) {
	f := newFixture(t)
	for _, tt := range []struct{ workload, method, want string }{
		{"orders", "GetThing", ""},
		{"orders", "CreateThing", ""},
		{"billing", "CreateThing", ""},
		{"billing", "GetThing", "SERVICE_DENIED"},
		{"sandbox", "GetThing", "SERVICE_DENIED"},
		{"gateway", "CreateThing", "SERVICE_DENIED"},
		{"nobody", "GetThing", "SERVICE_DENIED"},
		{"orders", "ListThings", "SERVICE_DENIED"},
		{"orders", "Undeclared", "ACCESS_UNDECLARED"},
	} {
		err := f.decide(tt.method, "", auth.HeaderWorkload, f.workload(tt.workload))
		if errs.ReasonOf(err) != tt.want || err != nil && errs.KindOf(err) != errs.Denied {
			t.Errorf("%s calls %s: got %v, want %q", tt.workload, tt.method, err, tt.want)
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
