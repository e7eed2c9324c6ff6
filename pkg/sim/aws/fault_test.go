package aws_test

import (
	"context"
	"errors"
	"io"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	orgs "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"example.com/handover/pkg/errs"
	simaws "example.com/handover/pkg/sim/aws"
	"example.com/handover/pkg/sim/fault"
)

const inviteOperation = "InviteOrganizationToTransferResponsibility"

func (r *rig) fault(f fault.Fault) {
	r.t.Helper()
	if err := r.sim.SetFault(f); err != nil {
		r.t.Fatal(err)
	}
}

// outcomes are what the log says of the calls of an operation.
func (r *rig) outcomes(operation string) []string {
	var out []string
	for _, c := range r.sim.Calls(fault.CallQuery{Operation: operation}) {
		out = append(out, c.Outcome)
	}
	return out
}

func TestThrottleIsWhatTheSDKRetries(t *testing.T) {
	r := newRig(t)
	customer := r.customer()
	r.fault(fault.Fault{Service: "organizations", Operation: inviteOperation, Kind: fault.Throttle, Times: 2})
	if _, err := r.organizations(payer).InviteOrganizationToTransferResponsibility(t.Context(), invitation(customer), retrying); err != nil {
		t.Fatal(err)
	}
	if got := r.outcomes(inviteOperation); len(got) != 3 || got[0] != "TooManyRequestsException" || got[2] != fault.OK {
		t.Errorf("calls %v", got)
	}
	r.fault(fault.Fault{Kind: fault.Throttle})
	_, err := r.organizations(payer).DescribeOrganization(t.Context(), &orgs.DescribeOrganizationInput{}, retrying)
	refused(t, err, is[*types.TooManyRequestsException])
	_, err = r.sts(keyOf(payer)).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
	refused(t, err, code("Throttling"))
	r.sim.ClearFaults()
	if _, err := r.organizations(payer).DescribeOrganization(t.Context(), &orgs.DescribeOrganizationInput{}); err != nil {
		t.Error(err)
	}
}

func TestServerErrorHasNoEffect(t *testing.T) {
	r := newRig(t)
	r.fault(fault.Fault{Kind: fault.ServerError, Times: 1})
	_, err := r.organizations(payer).InviteOrganizationToTransferResponsibility(t.Context(), invitation(r.customer()))
	refused(t, err, is[*types.ServiceException])
	if n := len(r.sim.Transfers(payer)); n != 0 {
		t.Errorf("%d transfers", n)
	}
	r.fault(fault.Fault{Service: "sts", Kind: fault.ServerError, Times: 1})
	_, err = r.sts(keyOf(payer)).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
	refused(t, err, code("InternalFailure"))
}

func TestResetHasNoEffect(t *testing.T) {
	r := newRig(t)
	customer := r.customer()
	r.fault(fault.Fault{Operation: inviteOperation, Kind: fault.Reset, Times: 1})
	_, err := r.organizations(payer).InviteOrganizationToTransferResponsibility(t.Context(), invitation(customer))
	if !errors.Is(err, syscall.ECONNRESET) || len(r.sim.Transfers(payer)) != 0 {
		t.Errorf("the caller sees %v, AWS has %d transfers", err, len(r.sim.Transfers(payer)))
	}
	r.invite(customer)
}

// The way back after a lost answer: the next try is a duplicate, and the list shows what the first one made.
func TestLostAnswerIsFoundAgainByListAndMatch(t *testing.T) {
	r := newRig(t)
	r.invite(r.customer()) // somebody else's
	customer := r.customer()
	r.fault(fault.Fault{Operation: inviteOperation, Kind: fault.LostAnswer, Times: 1})
	in := invitation(customer)
	in.SourceName = aws.String("trf-lost-1")
	_, err := r.organizations(payer).InviteOrganizationToTransferResponsibility(t.Context(), in)
	if !errors.Is(err, io.EOF) {
		t.Errorf("the caller sees %v", err)
	}
	_, err = r.organizations(payer).InviteOrganizationToTransferResponsibility(t.Context(), in)
	refused(t, err, is[*types.DuplicateHandshakeException])

	var found []types.ResponsibilityTransfer
	list, _, err := r.inbound(func(*orgs.ListInboundResponsibilityTransfersInput) {})
	if err != nil {
		t.Fatal(err)
	}
	for _, transfer := range list {
		if *transfer.Name == "trf-lost-1" && transfer.Status == types.ResponsibilityTransferStatusRequested {
			found = append(found, transfer)
		}
	}
	if len(found) != 1 || *found[0].Source.ManagementAccountId != customer {
		t.Errorf("found %+v", found)
	}
	calls := r.sim.Calls(fault.CallQuery{Operation: inviteOperation, Effect: true})
	if lost := calls[1]; len(calls) != 2 || lost.Answered || lost.Fault != fault.LostAnswer || lost.Outcome != fault.OK {
		t.Errorf("calls %+v", calls)
	}
}

// The SDK itself retries a call whose connection breaks, so its caller may see the duplicate only.
func TestLostAnswerUnderTheSDKsRetryer(t *testing.T) {
	r := newRig(t)
	r.fault(fault.Fault{Operation: inviteOperation, Kind: fault.LostAnswer, Times: 1})
	_, err := r.organizations(payer).InviteOrganizationToTransferResponsibility(t.Context(), invitation(r.customer()), retrying)
	refused(t, err, is[*types.DuplicateHandshakeException])
}

func TestDuplicatedRequestAnswersTheSecondTime(t *testing.T) {
	r := newRig(t)
	r.fault(fault.Fault{Operation: inviteOperation, Kind: fault.Duplicate, Times: 1})
	_, err := r.organizations(payer).InviteOrganizationToTransferResponsibility(t.Context(), invitation(r.customer()))
	refused(t, err, is[*types.DuplicateHandshakeException])
	if n := len(r.sim.Transfers(payer)); n != 1 {
		t.Errorf("%d transfers", n)
	}
	if got := r.outcomes(inviteOperation); len(got) != 2 || got[0] != fault.OK {
		t.Errorf("calls %v", got)
	}
}

func TestSlowAnswerComesAfterTheEffect(t *testing.T) {
	r := newRig(t)
	r.fault(fault.Fault{Operation: inviteOperation, Kind: fault.Slow, Delay: time.Hour, Times: 1})
	ctx, giveUp := context.WithCancel(t.Context())
	gone := make(chan error)
	go func() {
		_, err := r.organizations(payer).InviteOrganizationToTransferResponsibility(ctx, invitation(r.customer()))
		gone <- err
	}()
	r.eventually(func() bool { return len(r.sim.Transfers(payer)) == 1 })
	giveUp()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("the caller sees %v", err)
	}
}

func TestLateRequestTakesEffectAfterItsCallerHasGone(t *testing.T) {
	r := newRig(t)
	r.fault(fault.Fault{Operation: inviteOperation, Kind: fault.Late, Delay: 3 * time.Second, Times: 1})
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	_, err := r.organizations(payer).InviteOrganizationToTransferResponsibility(ctx, invitation(r.customer()))
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the caller sees %v", err)
	}
	if n := len(r.sim.Transfers(payer)); n != 0 {
		t.Errorf("%d transfers at once", n)
	}
	r.eventually(func() bool { return len(r.sim.Transfers(payer)) == 1 })
}

// eventually waits for something that the simulator does on its own time.
func (r *rig) eventually(done func() bool) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), 2*time.Minute)
	defer cancel()
	for !done() {
		select {
		case <-ctx.Done():
			r.t.Fatal("it did not happen")
		case <-time.After(time.Millisecond):
		}
	}
}

func TestFaultMeetsOnlyTheCallsItIsFor(t *testing.T) {
	r := newRig(t)
	customer := r.customer()
	r.fault(fault.Fault{Service: "organizations", Operation: "DescribeOrganization", Account: customer, Kind: fault.ServerError, Times: 2})
	ask := func(account string) error {
		_, err := r.organizations(account).DescribeOrganization(t.Context(), &orgs.DescribeOrganizationInput{})
		return err
	}
	if err := ask(payer); err != nil {
		t.Error(err)
	}
	if err := ask(customer); err == nil {
		t.Error("the fault was not met")
	}
	if left := r.sim.Faults(); len(left) != 1 || left[0].Times != 1 {
		t.Errorf("left: %+v", left)
	}
	if err := ask(customer); err == nil || len(r.sim.Faults()) != 0 {
		t.Errorf("%v, left: %+v", err, r.sim.Faults())
	}
	if err := ask(customer); err != nil {
		t.Error(err)
	}
}

func TestSenselessFaultsAreRefused(t *testing.T) {
	r := newRig(t)
	for reason, f := range map[string]fault.Fault{
		"FAULT_UNKNOWN":   {Kind: "BORED"},
		"TIMES_NEGATIVE":  {Kind: fault.Throttle, Times: -1},
		"DELAY_MISSING":   {Kind: fault.Slow},
		"PID_INVALID":     {Kind: fault.KillCaller, Moment: fault.AnswerSent, PID: -1},
		"MOMENT_UNKNOWN":  {Kind: fault.KillCaller, PID: 99, Moment: "LUNCH"},
		"SERVICE_UNKNOWN": {Kind: fault.Throttle, Service: "s4"},
	} {
		if err := r.sim.SetFault(f); errs.ReasonOf(err) != reason || errs.KindOf(err) != errs.Invalid {
			t.Errorf("%s: %v", reason, err)
		}
	}
}

func TestLogIsBounded(t *testing.T) {
	r := newRig(t, func(o *simaws.Options) { o.CallsMax = 3 })
	for range 10 {
		if _, err := r.organizations(payer).DescribeOrganization(t.Context(), &orgs.DescribeOrganizationInput{}); err != nil {
			t.Fatal(err)
		}
	}
	calls := r.sim.Calls(fault.CallQuery{})
	if len(calls) != 3 || calls[0].Number != 8 {
		t.Errorf("%+v", calls)
	}
	if got := r.sim.Calls(fault.CallQuery{After: 8, Limit: 1}); len(got) != 1 || got[0].Number != 10 {
		t.Errorf("%+v", got)
	}
}

func TestLogSaysWhoDidWhat(t *testing.T) {
	r := newRig(t)
	customer := r.customer()
	r.invite(customer)
	_, err := r.organizations(payer).InviteOrganizationToTransferResponsibility(t.Context(), invitation(payer))
	refused(t, err, handshakeConstraint("SOURCE_AND_TARGET_CANNOT_MATCH"))
	calls := r.sim.Calls(fault.CallQuery{Service: "organizations", Account: payer})
	if len(calls) != 2 {
		t.Fatalf("%+v", calls)
	}
	if c := calls[0]; !c.Effect || c.Outcome != fault.OK || c.Region != "eu-west-1" || !c.Time.Equal(now) || c.RequestID == "" ||
		c.Input != `{"SourceName":"trf-1-1","StartTimestamp":1796083200,"Target":{"Id":"`+customer+`","Type":"ACCOUNT"},"Type":"BILLING"}` {
		t.Errorf("%+v", c)
	}
	if c := calls[1]; c.Effect || c.Outcome != "HandshakeConstraintViolationException" || c.Reason != "SOURCE_AND_TARGET_CANNOT_MATCH" {
		t.Errorf("%+v", c)
	}
}
