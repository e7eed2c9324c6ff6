package support_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/kit/kittest"
	"example.com/handover/pkg/rpc"
	"example.com/handover/pkg/sim/fault"
	"example.com/handover/pkg/sim/servicenow"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/support"
)

const settings = `
services:
  support:
    portal_url: https://portal.example.com
    servicenow: {url: '%s', timeout: 500ms, settle: 100ms%s}
`

// alone is the service in a process of its own, before a simulated instance.
type alone struct {
	*kittest.Suite
	env      *kit.Env
	sim      *servicenow.Simulator
	cases    supportv1.CaseServiceClient
	channels supportv1.ChannelServiceClient
	customer string
}

// startAlone logs in with the sandbox's password unless more settings of ServiceNow say otherwise.
func startAlone(t *testing.T, more string) *alone {
	t.Helper()
	a := &alone{customer: id.New("cus")}
	sim, err := servicenow.New(servicenow.Options{
		Now: func() time.Time { return a.env.Business.Now() }, Users: map[string]string{"handover": "handover"},
		OAuth: servicenow.OAuth{ClientID: "client", ClientSecret: "hush", User: "handover"},
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(sim)
	t.Cleanup(func() {
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
		server.Close()
	})
	a.sim = sim
	a.start(t, fmt.Sprintf(settings, server.URL, more))
	return a
}

func (a *alone) start(t *testing.T, config string) {
	t.Helper()
	service := support.Service()
	service = service.Around(func(_ context.Context, e *kit.Env, setUp func() error) error {
		a.env = e
		return setUp()
	})
	a.Suite = kittest.Start(t, kittest.Options{Config: config}, service)
	a.cases, a.channels = supportv1.NewCaseServiceClient(a.Conn()), supportv1.NewChannelServiceClient(a.Conn())
}

// oauth is the setting of a client instead of a password.
func oauth(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "client")
	if err := os.WriteFile(file, []byte("hush\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return ", client_id: client, client_secret: '" + file + "'"
}

func (a *alone) operator(t *testing.T) context.Context {
	t.Helper()
	return a.As(t, kittest.Operator("operator-1"))
}

func (a *alone) person(t *testing.T) context.Context {
	t.Helper()
	return a.As(t, kittest.Customer("customer-1", a.customer))
}

// until waits until something is so, and fails when that takes too long.
func (a *alone) until(t *testing.T, what string, so func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	for !so() {
		if err := a.env.Machine.Wait(ctx, 5*time.Millisecond); err != nil {
			t.Fatalf("still waiting until %s", what)
		}
	}
}

// quiet waits until nothing is due.
func (a *alone) quiet(t *testing.T) {
	t.Helper()
	a.until(t, "nothing is due", func() bool {
		p, err := a.env.DB.Pending(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return p.Due+p.Claimed+p.BackingOff == 0
	})
}

// pass lets an hour of business time pass, and the service see to what is due then.
func (a *alone) pass(t *testing.T) {
	t.Helper()
	if err := a.env.Business.Set(a.env.Business.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	a.quiet(t)
}

// question is a complete request of the customer.
func (a *alone) question() *supportv1.OpenCaseRequest {
	return &supportv1.OpenCaseRequest{
		CustomerId: a.customer, Kind: supportv1.CaseKind_CASE_KIND_QUESTION, Title: "What is a PMA?", Description: "It is in the mail.",
	}
}

// open opens a case and waits until ServiceNow has it.
func (a *alone) open(t *testing.T, ctx context.Context, req *supportv1.OpenCaseRequest) *supportv1.Case {
	t.Helper()
	resp, err := a.cases.OpenCase(ctx, req)
	if err != nil {
		t.Fatal(err)
	}
	a.quiet(t)
	return a.read(t, resp.GetCase().GetCaseId())
}

func (a *alone) read(t *testing.T, caseID string) *supportv1.Case {
	t.Helper()
	resp, err := a.cases.GetCase(a.operator(t), &supportv1.GetCaseRequest{CaseId: caseID})
	if err != nil {
		t.Fatal(err)
	}
	return resp.GetCase()
}

// record is the one record that ServiceNow has of a case and that is not cancelled.
func (a *alone) record(t *testing.T, caseID string) servicenow.Record {
	t.Helper()
	all := slices.DeleteFunc(a.sim.Records("", caseID), func(r servicenow.Record) bool { return r.State == "Closed" })
	if len(all) != 1 {
		t.Fatalf("ServiceNow has %d records of the case: %+v", len(all), all)
	}
	return all[0]
}

// told are the names of the facts that a circle may read.
func (a *alone) told(t *testing.T, correlation string, circle typev1.Audience) []string {
	t.Helper()
	resp, err := opsv1.NewOperationsServiceClient(a.Conn()).ListEvents(a.operator(t), &opsv1.ListEventsRequest{
		Service: "support", Correlation: correlation, CustomerId: a.customer, Audience: circle,
	})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range resp.GetEvents() {
		names = append(names, e.GetKind()+" "+e.GetName())
	}
	return names
}

func (a *alone) fault(t *testing.T, f fault.Fault) {
	t.Helper()
	if err := a.sim.SetFault(f); err != nil {
		t.Fatal(err)
	}
}

// refused fails unless err is a refusal with this code and reason.
func refused(t *testing.T, err error, code codes.Code, reason string) {
	t.Helper()
	if status.Code(err) != code || errs.ReasonOf(rpc.FromStatus(err)) != reason {
		t.Errorf("refused with %v, want %s %s", err, code, reason)
	}
}

// actions is what people must see to in the service.
func (a *alone) actions(t *testing.T, req *opsv1.ListActionsRequest) (all []*typev1.Action) {
	t.Helper()
	req.Service = "support"
	resp, err := opsv1.NewOperationsServiceClient(a.Conn()).ListActions(a.operator(t), req)
	if err != nil {
		t.Fatalf("list the actions: %v", err)
	}
	for _, listed := range resp.GetActions() {
		all = append(all, listed.GetAction())
	}
	return all
}
