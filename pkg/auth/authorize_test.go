package auth_test

import (
	"log/slog"
	"strings"
	"testing"

	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/internal/probe"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
)

func TestDecisions(t *testing.T) {
	f := newFixture(t)
	tokens := map[string][]string{
		"customer": {auth.HeaderPerson, f.person(auth.Principal{Subject: "anna", Role: auth.Customer, Customers: []string{"cus_1"}})},
		// what its token lists counts for nothing
		"partner": {
			auth.HeaderPerson, f.person(auth.Principal{Subject: "paul", Role: auth.Partner, Partner: "par_1", Customers: []string{"cus_3"}}),
		},
		"other":    {auth.HeaderPerson, f.person(auth.Principal{Subject: "petra", Role: auth.Partner, Partner: "par_2"})},
		"operator": {auth.HeaderPerson, f.person(auth.Principal{Subject: "olga", Role: auth.Operator})},
		"entitled": {auth.HeaderPerson, f.person(auth.Principal{Subject: "otto", Role: auth.Operator, Rights: []string{"other", "things"}})},
		"reader":   {auth.HeaderPerson, f.person(auth.Principal{Subject: "rita", Role: auth.SupportReader, Rights: []string{"things"}})},
		"bearer":   {auth.HeaderPerson, f.person(auth.Principal{Subject: "link", Role: auth.LinkBearer, Customers: []string{"cus_1"}})},
		"service":  {auth.HeaderWorkload, f.workload("orders")},
		"gateway":  {auth.HeaderWorkload, f.workload("gateway")},
	}
	tests := []struct{ who, method, request, want string }{
		{"customer", "GetThing", `thing_id: "x"`, ""},
		{"customer", "ListThings", `customer_id: "cus_1"`, ""},
		{"customer", "ListThings", ``, ""}, // the scope bounds it
		{"customer", "ListThings", `customer_id: "cus_2"`, "CUSTOMER_DENIED"},
		{"customer", "WatchThing", `customer_id: "cus_2"`, "CUSTOMER_DENIED"},
		{"customer", "CreateThing", `thing { customer_id: "cus_1" }`, ""},
		{"customer", "CreateThing", `customer_id: "cus_1" thing { customer_id: "cus_2" }`, "CUSTOMER_DENIED"},
		{"customer", "BatchCreateThings", `things { customer_id: "cus_1" } things { }`, ""},
		{"customer", "BatchCreateThings", `things { customer_id: "cus_1" } things { customer_id: "cus_2" }`, "CUSTOMER_DENIED"},
		{"customer", "Undeclared", ``, "ACCESS_UNDECLARED"},
		{"customer", "NotInTheContract", ``, "ACCESS_UNDECLARED"},
		{"customer", "ReceiveThing", ``, "ROLE_DENIED"},
		{"partner", "ListThings", `customer_id: "cus_2"`, ""},
		{"partner", "ListThings", `customer_id: "cus_3"`, "CUSTOMER_DENIED"},
		{"other", "ListThings", `customer_id: "cus_2"`, "CUSTOMER_DENIED"},
		{"other", "ListThings", ``, ""},
		{"partner", "CreateThing", `thing { customer_id: "cus_1" }`, "ROLE_DENIED"},
		{"operator", "ListThings", `customer_id: "cus_3"`, ""},
		{"operator", "CreateThing", `thing { customer_id: "cus_3" }`, "RIGHT_MISSING"},
		{"operator", "Undeclared", ``, "ACCESS_UNDECLARED"},
		{"entitled", "CreateThing", `thing { customer_id: "cus_3" }`, ""},
		{"reader", "GetThing", `thing_id: "x"`, ""},
		{"reader", "CreateThing", `thing { customer_id: "cus_3" }`, "ROLE_DENIED"},
		{"bearer", "GetThing", `thing_id: "x"`, "ROLE_DENIED"},
		{"service", "CreateThing", `thing { customer_id: "cus_3" }`, ""}, // rights are of operators
		{"service", "ListThings", ``, "SERVICE_DENIED"},
		{"service", "Undeclared", ``, "ACCESS_UNDECLARED"},
		{"gateway", "CreateThing", `thing { customer_id: "cus_1" }`, "SERVICE_DENIED"}, // it passes on the calls of persons
	}
	for _, tt := range tests {
		t.Run(tt.who+" "+tt.method, func(t *testing.T) {
			err := f.decide(tt.method, tt.request, tokens[tt.who]...)
			if got := errs.ReasonOf(err); got != tt.want {
				t.Errorf("%s: got %q (%v), want %q", tt.request, got, err, tt.want)
			}
			if err != nil && errs.KindOf(err) != errs.Denied {
				t.Errorf("kind %d, want %d", errs.KindOf(err), errs.Denied)
			}
		})
	}
}

func TestDeclarationsThatMakeNoSense(t *testing.T) {
	f := newFixture(t)
	methods := probe.File().Services().ByName("WrongService").Methods()
	for i := range methods.Len() {
		if name := string(methods.Get(i).FullName().Name()); f.guard.Check("/handover.probe.v1.WrongService/"+name) == nil {
			t.Errorf("%s is accepted", name)
		}
	}
	if err := f.guard.Check(probe.Prefix+"GetThing", "/grpc.health.v1.Health/Check"); err != nil {
		t.Errorf("good declarations: %v", err)
	}
}

func TestSecurityLog(t *testing.T) {
	f := newFixture(t)
	anna := auth.Principal{Subject: "anna", Role: auth.Customer, Customers: []string{"cus_1"}}
	rita := f.person(auth.Principal{Subject: "rita", Role: auth.SupportReader})
	olga := f.person(auth.Principal{Subject: "olga", Role: auth.Operator, Rights: []string{"things"}})
	quiet := map[string]error{
		"a customer's own read": f.decide("ListThings", `customer_id: "cus_1"`, auth.HeaderPerson, f.person(anna)),
		"a read of no customer": f.decide("ListKinds", ``, auth.HeaderPerson, rita),
		"a write is no read":    f.decide("CreateThing", `thing { customer_id: "cus_1" }`, auth.HeaderPerson, olga),
		"a service's own calls": f.decide("GetThing", `thing_id: "x"`, auth.HeaderWorkload, f.workload("orders")),
	}
	for name, err := range quiet {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	f.guard.NoteDenial(t.Context(), anna, errs.New(errs.NotFound, "NOT_FOUND", "no such thing"))
	if f.log.Len() > 0 {
		t.Errorf("written without need: %s", f.log)
	}
	if err := f.decide("ListThings", `customer_id: "cus_7"`, auth.HeaderPerson, rita, auth.HeaderReason, "ticket 12"); err != nil {
		t.Fatal(err)
	}
	f.guard.NoteDenial(t.Context(), anna, errs.New(errs.Denied, "ROLE_DENIED", "no"))
	for _, want := range []string{
		`msg="privileged read"`, "security.subject=rita", "security.customers=[cus_7]", `security.reason="ticket 12"`,
		"msg=denied", "security.subject=anna", "security.reason=ROLE_DENIED",
	} {
		if !strings.Contains(f.log.String(), want) {
			t.Errorf("no %s in %s", want, f.log)
		}
	}
}

func TestHandlersWriteDown(t *testing.T) {
	f := newFixture(t)
	ctx, err := f.arrive("GetThing", auth.HeaderPerson, f.person(auth.Principal{Subject: "anna", Role: auth.Customer}))
	if err != nil {
		t.Fatal(err)
	}
	auth.Note(ctx, slog.New(slog.NewTextHandler(f.log, nil)), "asked too often", "order", "ord_1")
	for _, part := range []string{
		"level=WARN", `security.what="asked too often"`,
		"security.request=req_1", "security.subject=anna", "security.role=CUSTOMER", "security.order=ord_1",
	} {
		if !strings.Contains(f.log.String(), part) {
			t.Errorf("no %s in %s", part, f.log)
		}
	}
}

func TestOperationsAreWrittenDown(t *testing.T) {
	f := newFixture(t)
	olga := f.person(auth.Principal{Subject: "olga", Role: auth.Operator, Rights: []string{"operations"}})
	for name, tt := range map[string]struct {
		method  string
		request proto.Message
		want    []string
	}{
		"a list of no customer": {"ListParked", &opsv1.ListParkedRequest{Service: "orders"}, []string{"privileged read", "service=orders"}},
		"the events of a person": {
			"ListEvents", &opsv1.ListEventsRequest{Service: "orders", CustomerId: "cus_1"}, []string{"privileged read", "customer_id=cus_1"},
		},
		"a write": {
			"ReplayDeadLetter", &opsv1.ReplayDeadLetterRequest{Service: "orders", DeadLetterId: "dlt_1"},
			[]string{"privileged write", "dead_letter_id=dlt_1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			f.log.Reset()
			method := "/" + opsv1.OperationsService_ServiceDesc.ServiceName + "/" + tt.method
			ctx, err := f.guard.Authenticate(metadata.NewIncomingContext(t.Context(), metadata.Pairs(auth.HeaderPerson, olga)), method)
			if err == nil {
				err = f.guard.AdmitRequest(ctx, method, tt.request, nil)
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, part := range append(tt.want, "security.subject=olga", method) {
				if !strings.Contains(f.log.String(), part) {
					t.Errorf("no %s in %s", part, f.log)
				}
			}
		})
	}
}
