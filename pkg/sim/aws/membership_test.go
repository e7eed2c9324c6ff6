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

// inviteMember invites an account to the payer's organization.
func (r *rig) inviteMember(account string) (*types.Handshake, error) {
	out, err := r.organizations(payer).InviteAccountToOrganization(r.t.Context(), &orgs.InviteAccountToOrganizationInput{
		Target: &types.HandshakeParty{Id: &account, Type: types.HandshakePartyTypeAccount},
	})
	if err != nil {
		return nil, err
	}
	return out.Handshake, nil
}

// handshakeState is where AWS lists an invitation of the payer.
func (r *rig) handshakeState(id *string) types.HandshakeState {
	r.t.Helper()
	out, err := r.organizations(payer).DescribeHandshake(r.t.Context(), &orgs.DescribeHandshakeInput{HandshakeId: id})
	if err != nil {
		r.t.Fatal(err)
	}
	return out.Handshake.State
}

// TestMembershipInvitations: what an account can do with one, and what AWS then says of it.
func TestMembershipInvitations(t *testing.T) {
	r := newRig(t, func(o *simaws.Options) { o.Settings.AccountLimit = 0 })
	for answer, want := range map[string]types.HandshakeState{
		"accept": types.HandshakeStateAccepted, "decline": types.HandshakeStateDeclined, "expire": types.HandshakeStateExpired,
		"cancel": types.HandshakeStateCanceled, "close": types.HandshakeStateCanceled,
	} {
		t.Run(answer, func(t *testing.T) {
			account := r.signUp()
			h, err := r.inviteMember(account)
			if err != nil {
				t.Fatal(err)
			}
			_, err = r.inviteMember(account)
			refused(t, err, is[*types.DuplicateHandshakeException])
			switch answer {
			case "accept":
				_, err = r.sim.Members().Accept(t.Context(), account)
			case "decline":
				_, err = r.sim.Members().Decline(t.Context(), account)
			case "expire":
				_, err = r.sim.Members().Expire(t.Context(), account)
			case "close":
				err = r.sim.CloseAccount(t.Context(), account)
			default:
				_, err = r.organizations(payer).CancelHandshake(t.Context(), &orgs.CancelHandshakeInput{HandshakeId: h.Id})
			}
			if got := r.handshakeState(h.Id); err != nil || got != want {
				t.Errorf("%v: it is %s", err, got)
			}
			if _, err := r.sim.Members().Accept(t.Context(), account); err == nil {
				t.Error("it is answered again")
			}
		})
	}
	t.Run("one that nobody answers expires in fifteen days", func(t *testing.T) {
		h, err := r.inviteMember(r.signUp())
		if err != nil || !h.ExpirationTimestamp.Equal(h.RequestedTimestamp.Add(15*24*time.Hour)) {
			t.Fatal(h, err)
		}
		r.at(now.Add(15 * 24 * time.Hour))
		if got := r.handshakeState(h.Id); got != types.HandshakeStateExpired {
			t.Errorf("it is %s", got)
		}
	})
}

// TestMembershipInvitationsRefused: each typed reason for which AWS does not invite an account.
func TestMembershipInvitationsRefused(t *testing.T) {
	r := newRig(t)
	invite := func(account string) error {
		_, err := r.inviteMember(account)
		return err
	}
	refused(t, invite("123456789012"), invalid("TARGET_NOT_SUPPORTED"))
	refused(t, invite("12345"), invalid("INVALID_PATTERN"))
	refused(t, invite(r.member(payer)), handshakeConstraint(types.HandshakeConstraintViolationExceptionReasonAlreadyInAnOrganization))
	bound := r.signUp(state.BoundToAnOrganization)
	refused(t, invite(bound), handshakeConstraint(types.HandshakeConstraintViolationExceptionReasonAlreadyInAnOrganization))
	closed := r.signUp()
	if err := r.sim.CloseAccount(t.Context(), closed); err != nil {
		t.Fatal(err)
	}
	refused(t, invite(closed), invalid("TARGET_NOT_SUPPORTED"))
	_, err := r.organizations(r.signUp()).InviteAccountToOrganization(t.Context(), &orgs.InviteAccountToOrganizationInput{
		Target: &types.HandshakeParty{Id: aws.String(bound), Type: types.HandshakePartyTypeAccount},
	})
	refused(t, err, is[*types.AWSOrganizationsNotInUseException])

	quota := func(accounts, daily int) {
		t.Helper()
		change := func(o *state.Organization) { o.AccountQuota, o.DailyInvitations = &accounts, &daily }
		if err := r.sim.ChangeOrganization(t.Context(), payer, change); err != nil {
			t.Fatal(err)
		}
	}
	quota(2, 0) // the payer and its member
	refused(t, invite(r.signUp()), handshakeConstraint(types.HandshakeConstraintViolationExceptionReasonAccountNumberLimitExceeded))
	quota(0, 1)
	if err := invite(r.signUp()); err != nil {
		t.Fatal(err)
	}
	refused(t, invite(r.signUp()), constraint(types.ConstraintViolationExceptionReasonHandshakeRateLimitExceeded))
	if err := r.sim.ChangeOrganization(t.Context(), r.signUp(), func(*state.Organization) {}); err == nil {
		t.Error("an account that manages no organization has quotas")
	}
}

// TestLeavingAnOrganization: an account leaves, or is put out, once AWS lets it.
func TestLeavingAnOrganization(t *testing.T) {
	r := newRig(t, func(o *simaws.Options) { o.Settings.AccountLimit = 0 })
	leave := func(account string) error {
		_, err := r.organizations(account).LeaveOrganization(t.Context(), &orgs.LeaveOrganizationInput{})
		return err
	}
	remove := func(account string) error {
		_, err := r.organizations(payer).RemoveAccountFromOrganization(t.Context(), &orgs.RemoveAccountFromOrganizationInput{AccountId: &account})
		return err
	}
	joins := func() string {
		t.Helper()
		account := r.signUp()
		if _, err := r.inviteMember(account); err != nil {
			t.Fatal(err)
		}
		if _, err := r.sim.Members().Join(t.Context(), account); err != nil {
			t.Fatal(err)
		}
		return account
	}
	refused(t, leave(payer), is[*types.MasterCannotLeaveOrganizationException])
	refused(t, remove(payer), is[*types.MasterCannotLeaveOrganizationException])
	refused(t, leave(r.signUp()), is[*types.AWSOrganizationsNotInUseException])
	refused(t, remove(r.signUp()), is[*types.AccountNotFoundException])
	created := r.member(payer)
	refused(t, leave(created), constraint(types.ConstraintViolationExceptionReasonWaitPeriodActive))
	byHand := func(account string) error { return r.sim.Members().Leave(t.Context(), account) }
	for _, how := range []func(string) error{leave, remove, byHand} {
		account := joins()
		if err := how(account); err != nil {
			t.Fatal(err)
		}
		refused(t, leave(account), is[*types.AWSOrganizationsNotInUseException])
		if _, err := r.inviteMember(account); err != nil { // it may return
			t.Error(err)
		}
	}
	if err := r.sim.SetConditions(t.Context(), created, state.PaymentInstrumentRequired); err != nil {
		t.Fatal(err)
	}
	r.at(now.Add(4 * 24 * time.Hour))
	refused(t, leave(created), constraint(types.ConstraintViolationExceptionReasonMemberAccountPaymentInstrumentRequired))
	if err := r.sim.SetConditions(t.Context(), created); err != nil {
		t.Fatal(err)
	}
	if err := leave(created); err != nil {
		t.Error(err)
	}
}
