package servicenow_test

import (
	"net/http/httptest"
	"testing"
	"time"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/sim/fault"
	simulated "example.com/handover/pkg/sim/servicenow"
	"example.com/handover/services/support/internal/cases"
	"example.com/handover/services/support/internal/servicenow"
)

// rig is a client before a simulated instance.
type rig struct {
	t      *testing.T
	sim    *simulated.Simulator
	config servicenow.Config
	client *servicenow.Client
}

type option func(*simulated.Options, *servicenow.Config)

// newRig logs in with a password unless an option says otherwise.
func newRig(t *testing.T, options ...option) *rig {
	t.Helper()
	o := simulated.Options{
		Now:   clock.NewMovable(time.Date(2026, 2, 20, 10, 0, 0, 0, time.UTC)).Now,
		Users: map[string]string{"handover": "secret"}, OAuth: simulated.OAuth{ClientID: "client", ClientSecret: "hush", User: "handover"},
	}
	c := servicenow.Config{
		Table: cases.TableCase, User: "handover", Password: func() string { return "secret" },
		ResolutionCode: "Solution provided", Timeout: 5 * time.Second,
	}
	for _, change := range options {
		change(&o, &c)
	}
	sim, err := simulated.New(o)
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
	c.URL = server.URL
	return &rig{t, sim, c, servicenow.New(c)}
}

func incident(_ *simulated.Options, c *servicenow.Config) { c.Table = cases.TableIncident }

func client(_ *simulated.Options, c *servicenow.Config) {
	c.Password, c.ClientID, c.ClientSecret = nil, "client", func() string { return "hush" }
}

func problem() *cases.Case {
	return &cases.Case{
		ID: "cas_1", Title: "No mail came", Description: "The invitation is missing.", Priority: cases.P2, Correlation: "ord_1",
	}
}

func (r *rig) create() cases.Seen {
	r.t.Helper()
	seen, err := r.client.Create(r.t.Context(), problem(), problem().Title, problem().Description)
	if err != nil {
		r.t.Fatal(err)
	}
	return seen
}

func (r *rig) fault(f fault.Fault) {
	r.t.Helper()
	if err := r.sim.SetFault(f); err != nil {
		r.t.Fatal(err)
	}
}

// class fails unless the call ended this way.
func (r *rig) class(err error, want intent.Class) {
	r.t.Helper()
	if got := servicenow.Classify(err); got.Class != want {
		r.t.Errorf("%v, want %s", err, want)
	}
}
