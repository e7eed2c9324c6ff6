package scenarios_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/durationpb"

	"example.com/handover/deploy/config"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// Operations of AWS Organizations that the suite calls.
const (
	opInvite = "InviteOrganizationToTransferResponsibility"
	opRead   = "DescribeResponsibilityTransfer"
	opCancel = "CancelHandshake"
)

// sdkTries is how often the SDK repeats a call by itself, the first time included.
const sdkTries = 3

// TestInviteFaults lets AWS misbehave at the invitation, which has no idempotency token. The clock stands: only
// machine time passes.
func TestInviteFaults(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]*sandboxv1.Fault{
		"throttled beyond the SDK's retries":   {Kind: sandboxv1.FaultKind_FAULT_KIND_THROTTLE, Times: sdkTries + 1},
		"internal errors beyond those retries": {Kind: sandboxv1.FaultKind_FAULT_KIND_SERVER_ERROR, Times: sdkTries + 1},
		"the answer lost once":                 {Kind: sandboxv1.FaultKind_FAULT_KIND_LOST_ANSWER, Times: 1},
		"every answer of a call lost":          {Kind: sandboxv1.FaultKind_FAULT_KIND_LOST_ANSWER, Times: sdkTries},
		"the request delivered twice":          {Kind: sandboxv1.FaultKind_FAULT_KIND_DUPLICATE, Times: 1},
		"an answer slower than the time-out": {
			Kind: sandboxv1.FaultKind_FAULT_KIND_SLOW, Times: 1, Delay: durationpb.New(1500 * time.Millisecond),
		},
		"one request held back past the time-out": {
			Kind: sandboxv1.FaultKind_FAULT_KIND_LATE, Times: 1, Delay: durationpb.New(1500 * time.Millisecond),
		},
		"a whole call held back past its retries": {
			Kind: sandboxv1.FaultKind_FAULT_KIND_LATE, Times: sdkTries, Delay: durationpb.New(4 * time.Second),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newHastyWorld(t)
			f.Operation = opInvite
			w.invitesOnceDespite(t, f)
		})
	}
}

// TestFaultsKillTheirOwnProcesses: a sandbox that is asked to kill its host's other processes refuses.
func TestFaultsKillTheirOwnProcesses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	kill := func(pid int) error {
		return w.aws(t).SetFault(t.Context(), &sandboxv1.Fault{
			Kind: sandboxv1.FaultKind_FAULT_KIND_KILL_CALLER, Moment: sandboxv1.FaultMoment_FAULT_MOMENT_REQUEST_RECEIVED,
			Operation: "NobodyCallsThis", Pid: int32(pid), Times: 1,
		})
	}
	for _, pid := range []int{os.Getppid(), 1, 0} {
		refused(t, kill(pid), codes.InvalidArgument, "FAULT_INVALID")
	}
	if err := kill(os.Getpid()); err != nil {
		t.Errorf("a process of the deployment: %v", err)
	}
	if set, err := w.aws(t).ClearFaults(t.Context()); err != nil || len(set) != 1 || set[0].GetPid() != int32(os.Getpid()) {
		t.Errorf("set are %v, %v", set, err)
	}
}

// newHastyWorld has the time for all tries of a call within one pass.
func newHastyWorld(t *testing.T) *world {
	t.Helper()
	return startWorld(t, func(d config.Listeners) string {
		return strings.ReplaceAll(d.Sections("100ms"), "timeout: 2s", "timeout: 1s")
	})
}

func (w *world) invitesOnceDespite(t *testing.T, f *sandboxv1.Fault) {
	t.Helper()
	w.setFault(t, f)
	c := w.newCustomer(t)
	o := c.invited(t)
	sent := w.oneInvitation(t, c.account, "REQUESTED")
	inv := w.transfer(t, o.GetTransferId()).GetConnection().GetInvitations()
	if len(inv) != 1 || inv[0].GetAwsTransferId() != sent.GetAwsTransferId() ||
		inv[0].GetState() != accounttransferv1.InvitationState_INVITATION_STATE_REQUESTED {
		t.Errorf("the transfer knows %v, AWS holds %v", inv, sent)
	}
	eventually(t, "AWS is through with every call that met the fault", func() bool { // a late one outlives its caller
		return w.met(t, f) >= int(f.GetTimes())
	})
	c.accept(t)
	goesOn(t, c.process(t, o.GetOrderId()))
	w.oneInvitation(t, c.account, "ACCEPTED")
}

// met counts the calls that a fault has met and that are over.
func (w *world) met(t *testing.T, f *sandboxv1.Fault) (n int) {
	t.Helper()
	for _, call := range w.calls(t, f.GetOperation()) {
		if call.GetFault() == f.GetKind() {
			n++
		}
	}
	return n
}

// TestReadFault lets AWS fail while the acceptance is looked for.
func TestReadFault(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.newCustomer(t)
	o := c.invited(t)
	w.setFault(t, &sandboxv1.Fault{Operation: opRead, Kind: sandboxv1.FaultKind_FAULT_KIND_SERVER_ERROR, Times: sdkTries + 1})
	c.accept(t)
	goesOn(t, c.process(t, o.GetOrderId()))
}

// TestEntryFault lets AWS refuse to let anybody into the payer's account for a while.
func TestEntryFault(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.setFault(
		t, &sandboxv1.Fault{Service: "sts", Operation: "AssumeRole", Kind: sandboxv1.FaultKind_FAULT_KIND_THROTTLE, Times: 2 * sdkTries},
	)
	c := w.newCustomer(t)
	c.invited(t)
	w.oneInvitation(t, c.account, "REQUESTED")
}

func (w *world) setFault(t *testing.T, f *sandboxv1.Fault) {
	t.Helper()
	if err := w.aws(t).SetFault(t.Context(), f); err != nil {
		t.Fatalf("set the fault: %v", err)
	}
}

func (w *world) clearFaults(t *testing.T) {
	t.Helper()
	if _, err := w.aws(t).ClearFaults(t.Context()); err != nil {
		t.Fatalf("clear the faults: %v", err)
	}
}

// calls are those of one operation that the simulator saw.
func (w *world) calls(t *testing.T, operation string) []*sandboxv1.AwsCall {
	t.Helper()
	calls, err := w.aws(t).Calls(t.Context(), operation)
	if err != nil {
		t.Fatalf("list the calls at AWS: %v", err)
	}
	return calls
}
