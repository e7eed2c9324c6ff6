package servicenow_test

import (
	"context"
	"errors"
	"net/http"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/sim/fault"
)

func (r *rig) fault(f fault.Fault) {
	r.t.Helper()
	if err := r.sim.SetFault(f); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) count() int { return len(r.sim.Records("incident", "")) }

func TestRefusingFaultsHaveNoEffect(t *testing.T) {
	r := newRig(t)
	r.fault(fault.Fault{Service: "servicenow", Operation: "POST incident", Account: "handover", Kind: fault.ServerError, Times: 1})
	r.fault(fault.Fault{Operation: "POST incident", Kind: fault.Throttle, Times: 1})
	r.do(http.MethodGet, incidents, nil)                                        // another operation
	r.do(http.MethodPost, incidents, values{}, header("Authorization", "none")) // meets the throttle: it is nobody's
	got := r.do(http.MethodPost, incidents, values{})
	if got.status != http.StatusServiceUnavailable || !strings.Contains(got.header.Get("Content-Type"), "text/html") ||
		!strings.HasPrefix(got.body, "<html>") {
		t.Errorf("%+v", got)
	}
	r.fault(fault.Fault{Kind: fault.Throttle, Times: 1})
	got = r.do(http.MethodPost, incidents, values{})
	refused(t, got, http.StatusTooManyRequests, "Rate limit exceeded")
	if got.header.Get("Retry-After") != "1" {
		t.Errorf("headers %v", got.header)
	}
	if r.count() != 0 || len(r.sim.Faults()) != 0 {
		t.Errorf("%d records, faults left: %+v", r.count(), r.sim.Faults())
	}
}

func TestResetHasNoEffect(t *testing.T) {
	r := newRig(t)
	r.fault(fault.Fault{Operation: "POST incident", Kind: fault.Reset, Times: 1})
	if got, err := r.try(http.MethodPost, incidents, values{}); err == nil || r.count() != 0 {
		t.Errorf("%+v, %v, %d records", got, err, r.count())
	}
	r.do(http.MethodPost, incidents, values{})
	if r.count() != 1 {
		t.Errorf("%d records", r.count())
	}
}

// The way back after a lost answer: a search by correlation id, for a second write would make a second record.
func TestLostAnswerIsFoundAgainByCorrelation(t *testing.T) {
	r := newRig(t)
	r.fault(fault.Fault{Operation: "POST incident", Kind: fault.LostAnswer, Times: 1})
	if got, err := r.try(http.MethodPost, incidents, values{"correlation_id": "cas_1"}); err == nil {
		t.Fatalf("%+v", got)
	}
	rows, _ := r.list(incidents, "sysparm_query", "correlation_id=cas_1")
	if len(rows) != 1 {
		t.Errorf("%v", rows)
	}
	calls := r.sim.Calls(fault.CallQuery{Effect: true})
	if len(calls) != 1 {
		t.Fatalf("%+v", calls)
	}
	if c := calls[0]; c.Answered || c.Outcome != fault.OK || c.Fault != fault.LostAnswer || c.Account != "handover" ||
		c.Operation != "POST incident" || c.Input != `{"correlation_id":"cas_1"}` || !c.Time.Equal(r.clock.Now()) {
		t.Errorf("%+v", c)
	}
}

func TestDuplicatedRequestMakesTwoRecords(t *testing.T) {
	r := newRig(t)
	r.fault(fault.Fault{Operation: "POST incident", Kind: fault.Duplicate, Times: 1})
	r.made(incidents, values{"correlation_id": "cas_1"})
	if n := len(r.sim.Records("incident", "cas_1")); n != 2 {
		t.Errorf("%d records", n)
	}
}

func TestSlowAnswerComesAfterTheEffect(t *testing.T) {
	r := newRig(t)
	r.fault(fault.Fault{Operation: "POST incident", Kind: fault.Slow, Delay: time.Hour, Times: 1})
	ctx, giveUp := context.WithCancel(t.Context())
	gone := make(chan error)
	go func() {
		_, err := r.try(http.MethodPost, incidents, values{}, func(req *http.Request) { *req = *req.WithContext(ctx) })
		gone <- err
	}()
	for r.count() == 0 {
		select {
		case err := <-gone:
			t.Fatalf("answered at once: %v", err)
		case <-time.After(time.Millisecond):
		}
	}
	giveUp()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("the caller sees %v", err)
	}
}

// The caller here is any process: what matters is when it dies, and what the instance holds then.
func TestCallerIsKilledAtEveryMoment(t *testing.T) {
	for moment, want := range map[fault.Moment]struct {
		records  int
		answered bool
		outcome  string
	}{
		fault.RequestReceived: {0, false, fault.Dropped},
		fault.EffectCommitted: {1, false, fault.OK},
		fault.AnswerSent:      {1, true, fault.OK},
	} {
		t.Run(string(moment), func(t *testing.T) {
			r := newRig(t, kept(t))
			caller := exec.CommandContext(t.Context(), "sleep", "600")
			if err := caller.Start(); err != nil {
				t.Fatal(err)
			}
			r.fault(fault.Fault{Operation: "POST incident", Kind: fault.KillCaller, Moment: moment, PID: caller.Process.Pid, Times: 1})
			if _, err := r.try(http.MethodPost, incidents, values{}); (err == nil) != want.answered {
				t.Errorf("the caller sees %v", err)
			}
			_ = caller.Wait() // it was killed, which the next line reads from its state
			if status, ok := caller.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
				t.Errorf("the caller ended with %v", caller.ProcessState)
			}
			calls := r.sim.Calls(anyCall)
			if len(calls) != 1 || calls[0].Answered != want.answered || calls[0].Outcome != want.outcome {
				t.Errorf("%+v", calls)
			}
			r.restart()
			if r.count() != want.records {
				t.Errorf("%d records", r.count())
			}
		})
	}
}

func TestFaultsOfOtherServicesAreRefused(t *testing.T) {
	r := newRig(t)
	err := r.sim.SetFault(fault.Fault{Service: "organizations", Kind: fault.Throttle})
	if errs.ReasonOf(err) != "SERVICE_UNKNOWN" {
		t.Error(err)
	}
}
