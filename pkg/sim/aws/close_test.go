package aws_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	orgs "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	simaws "example.com/handover/pkg/sim/aws"
	"example.com/handover/pkg/sim/aws/state"
)

// TestClosedManagementAccount: nobody gets into it any more, its billing transfer ends with the month, and what it was invited to is over.
func TestClosedManagementAccount(t *testing.T) {
	r := newRig(t)
	customer, transfer := r.agreed()
	role := r.role(state.Role{Account: customer, Name: "Reader", Trusts: []string{payer}, ExternalID: "cus-1"})
	other := r.customer()
	again := invitation(other)
	_, proposed := r.invite(other)
	for _, account := range []string{customer, other} {
		if err := r.sim.CloseAccount(t.Context(), account); err != nil {
			t.Fatal(err)
		}
		refused(t, r.sim.CloseAccount(t.Context(), account), is[*types.AccountAlreadyClosedException])
	}
	got := r.transfer(payer, transfer)
	if got.Status != types.ResponsibilityTransferStatusWithdrawn || !got.EndTimestamp.Equal(*endOf(2026, 11)) {
		t.Errorf("the transfer is %s until %v", got.Status, got.EndTimestamp)
	}
	if got := r.status(payer, proposed); got != types.ResponsibilityTransferStatusCanceled {
		t.Errorf("the invitation is %s", got)
	}
	_, err := r.assume(keyOf(payer), role, "cus-1")
	refused(t, err, code("AccessDenied"))
	_, err = r.organizations(payer).InviteOrganizationToTransferResponsibility(t.Context(), again)
	refused(t, err, handshakeConstraint(types.HandshakeConstraintViolationExceptionReasonTargetAccountValidationFailure))
}

// TestClosedMember: AWS closes it in some minutes, lists it for 90 days, and then no more; one that AWS suspends is not closed.
func TestClosedMember(t *testing.T) {
	r := newRig(t)
	a, err := r.sim.SignUp(t.Context(), simaws.NewAccount{Name: "Member", Email: "member@customer.test"})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.sim.Members().Invite(t.Context(), payer, a.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := r.sim.Members().Join(t.Context(), a.ID); err != nil {
		t.Fatal(err)
	}
	refused(t, r.sim.CloseAccount(t.Context(), payer), constraint(types.ConstraintViolationExceptionReasonCannotCloseManagementAccount))
	listed := func() (states []types.AccountState) {
		out, err := r.organizations(payer).ListAccounts(t.Context(), &orgs.ListAccountsInput{})
		if err != nil {
			t.Fatal(err)
		}
		for _, account := range out.Accounts {
			if aws.ToString(account.Id) == a.ID {
				states = append(states, account.State)
			}
		}
		return states
	}
	is := func(want types.AccountState) {
		t.Helper()
		if got := listed(); len(got) != 1 || got[0] != want {
			t.Errorf("AWS lists it as %v, want %s", got, want)
		}
	}
	is(types.AccountStateActive)
	for state, conditions := range map[types.AccountState][]state.Condition{
		types.AccountStateSuspended: {state.Suspended}, types.AccountStatePendingActivation: {state.NotActive},
	} {
		if err := r.sim.SetConditions(t.Context(), a.ID, conditions...); err != nil {
			t.Fatal(err)
		}
		is(state)
	}
	if err := r.sim.CloseAccount(t.Context(), a.ID); err != nil {
		t.Fatal(err)
	}
	is(types.AccountStatePendingClosure)
	r.at(now.AddDate(0, 0, 89))
	is(types.AccountStateClosed)
	r.at(now.AddDate(0, 0, 90).Add(time.Second))
	if got := listed(); len(got) != 0 {
		t.Errorf("AWS lists it as %v", got)
	}
}

// TestSuspendedMember: AWS keeps an account that it suspends for 90 days and then closes it for good, unless it has ended the suspension.
func TestSuspendedMember(t *testing.T) {
	r := newRig(t)
	var ids [2]string
	for i, mail := range []string{"one@customer.test", "two@customer.test"} {
		a, err := r.sim.SignUp(t.Context(), simaws.NewAccount{Name: "Member", Email: mail})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.sim.Members().Invite(t.Context(), payer, a.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := r.sim.Members().Join(t.Context(), a.ID); err != nil {
			t.Fatal(err)
		}
		ids[i] = a.ID
		refused(t, simaws.ReactivateAccount(t.Context(), r.sim, a.ID), is[*types.AccountNotFoundException])
		if err := simaws.SuspendAccount(t.Context(), r.sim, a.ID); err != nil {
			t.Fatal(err)
		}
		refused(t, simaws.SuspendAccount(t.Context(), r.sim, a.ID), is[*types.AccountNotFoundException])
	}
	state := func(id string) types.AccountState {
		out, err := r.organizations(payer).DescribeAccount(t.Context(), &orgs.DescribeAccountInput{AccountId: aws.String(id)})
		if err != nil {
			refused(t, err, is[*types.AccountNotFoundException])
			return ""
		}
		return out.Account.State
	}
	r.at(now.AddDate(0, 0, 89))
	if err := simaws.ReactivateAccount(t.Context(), r.sim, ids[0]); err != nil {
		t.Fatal(err)
	}
	if one, two := state(ids[0]), state(ids[1]); one != types.AccountStateActive || two != types.AccountStateSuspended {
		t.Errorf("after 89 days they are %s and %s", one, two)
	}
	r.at(now.AddDate(0, 0, 90).Add(time.Second))
	if one, two := state(ids[0]), state(ids[1]); one != types.AccountStateActive || two != "" {
		t.Errorf("after 90 days they are %s and %s", one, two)
	}
	refused(t, simaws.ReactivateAccount(t.Context(), r.sim, ids[1]), is[*types.AccountNotFoundException])
}
