package aws_test

import (
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	orgs "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/google/go-cmp/cmp"

	"example.com/handover/pkg/sim/aws/state"
	"example.com/handover/pkg/sim/fault"
)

func TestEverythingOutlivesARestart(t *testing.T) {
	r := newRig(t, kept(t))
	customer, agreed := r.agreed()
	pending := r.customer()
	h, _ := r.invite(pending)
	member := r.member(payer)
	role := r.role(state.Role{Account: customer, Name: "Reader", Trusts: []string{payer}, ExternalID: "cus-1"})
	session, err := r.assume(keyOf(payer), role, "cus-1")
	if err != nil {
		t.Fatal(err)
	}
	removed := r.role(state.Role{Account: customer, Name: "Gone", Trusts: []string{payer}})
	if err := r.sim.RemoveRole(t.Context(), removed); err != nil {
		t.Fatal(err)
	}
	before := r.sim.Transfers("")
	for range 2 { // the second time it reads what the first has compacted
		r.restart()
		if diff := cmp.Diff(before, r.sim.Transfers("")); diff != "" {
			t.Errorf("before (-), after (+):\n%s", diff)
		}
	}
	if _, err := r.terminate(customer, agreed, nil); err != nil {
		t.Error(err)
	}
	if err := r.accept(pending, h); err != nil {
		t.Error(err)
	}
	if _, err := r.organizations(payer).DescribeAccount(t.Context(), &orgs.DescribeAccountInput{AccountId: &member}); err != nil {
		t.Error(err)
	}
	if _, err := r.assume(keyOf(payer), role, "cus-1"); err != nil {
		t.Error(err)
	}
	_, err = r.assume(keyOf(payer), removed, "")
	refused(t, err, code("AccessDenied"))
	if aws.ToString(session.AssumedRoleUser.Arn) == "" {
		t.Error("the session has no name")
	}
}

func TestIdenticalInvitationsAtOnceMakeOne(t *testing.T) {
	r := newRig(t, kept(t))
	customer := r.customer()
	const callers = 8
	errs := make([]error, callers)
	var group sync.WaitGroup
	for i := range callers {
		group.Go(func() {
			_, errs[i] = r.organizations(payer).InviteOrganizationToTransferResponsibility(t.Context(), invitation(customer))
		})
	}
	group.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		refused(t, err, is[*types.DuplicateHandshakeException])
	}
	if n := len(r.sim.Transfers(payer)); won != 1 || n != 1 {
		t.Errorf("%d callers won, %d transfers", won, n)
	}
}

// An invitation that is made again, because its answer was lost with the process, is one that AWS has made before.
func TestWhatWasMadeOutlivesARestart(t *testing.T) {
	r := newRig(t, kept(t))
	customer := r.customer()
	repeats := func() bool {
		t.Helper()
		r.invite(customer)
		made := r.sim.Calls(fault.CallQuery{Operation: "InviteOrganizationToTransferResponsibility", Effect: true})
		return !made[len(made)-1].Repeats.IsZero()
	}
	if repeats() {
		t.Error("the first one repeats another")
	}
	for range 2 { // the second time it reads what the first has compacted
		if _, err := r.sim.CancelBillingTransfer(t.Context(), customer); err != nil {
			t.Fatal(err)
		}
		r.restart()
		if !repeats() {
			t.Error("the same one is the first to AWS")
		}
	}
}
