package aws_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	orgs "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	simaws "example.com/handover/pkg/sim/aws"
)

func (r *rig) inviteAs(sender, customer string, start time.Time) (*types.Handshake, error) {
	in := invitation(customer)
	in.StartTimestamp = aws.Time(start)
	out, err := r.organizations(sender).InviteOrganizationToTransferResponsibility(r.t.Context(), in)
	if err != nil {
		return nil, err
	}
	return out.Handshake, nil
}

func TestInboundQuotaCountsPendingInvitations(t *testing.T) {
	r := newRig(t)
	if err := r.sim.SetInboundQuota(t.Context(), payer, 1); err != nil {
		t.Fatal(err)
	}
	h, _ := r.invite(r.customer())
	second := r.customer()
	_, err := r.inviteAs(payer, second, december)
	refused(t, err, constraint("RESPONSIBILITY_TRANSFER_MAX_INBOUND_QUOTA_VIOLATION"))
	if _, err := r.organizations(payer).CancelHandshake(t.Context(), &orgs.CancelHandshakeInput{HandshakeId: h.Id}); err != nil {
		t.Fatal(err)
	}
	r.invite(second)
}

func TestFixedCeilingStandsAboveEveryQuota(t *testing.T) {
	r := newRig(t, func(o *simaws.Options) { o.Settings.TotalInbound = 1 })
	r.invite(r.customer())
	_, err := r.inviteAs(payer, r.customer(), december)
	refused(t, err, constraint("RESPONSIBILITY_TRANSFER_MAX_TRANSFERS_QUOTA_VIOLATION"))
}

func TestOrganizationHasOnePayer(t *testing.T) {
	r := newRig(t)
	quota := 10
	other := r.found(simaws.NewOrganization{InboundQuota: &quota})
	customer, _ := r.agreed()
	_, err := r.inviteAs(payer, customer, december.AddDate(0, 1, 0))
	refused(t, err, handshakeConstraint("RESPONSIBILITY_TRANSFER_ALREADY_EXISTS"))

	h, err := r.inviteAs(other, customer, december.AddDate(0, 1, 0))
	if err != nil {
		t.Fatal(err)
	}
	refused(t, r.accept(customer, h), constraint("RESPONSIBILITY_TRANSFER_MAX_OUTBOUND_QUOTA_VIOLATION"))

	// After a withdrawal to the end of January the organization may go to somebody else from February, not earlier.
	r.at(december.Add(time.Hour))
	end := december.AddDate(0, 2, 0).Add(-time.Millisecond)
	if _, err := r.sim.WithdrawBillingTransfer(t.Context(), customer, false, end); err != nil {
		t.Fatal(err)
	}
	refused(t, r.accept(customer, h), handshakeConstraint("RESPONSIBILITY_TRANSFER_ALREADY_EXISTS"))
	if _, err := r.organizations(other).CancelHandshake(t.Context(), &orgs.CancelHandshakeInput{HandshakeId: h.Id}); err != nil {
		t.Fatal(err)
	}
	if h, err = r.inviteAs(other, customer, december.AddDate(0, 2, 0)); err != nil {
		t.Fatal(err)
	}
	if err := r.accept(customer, h); err != nil {
		t.Fatal(err)
	}
}

func TestChainOfPayersHasALength(t *testing.T) {
	r := newRig(t)
	quota := 10
	distributor := r.found(simaws.NewOrganization{InboundQuota: &quota})
	r.agreed()
	_, err := r.inviteAs(distributor, payer, december)
	refused(t, err, constraint("RESPONSIBILITY_TRANSFER_MAX_LEVEL_VIOLATION"))

	long := newRig(t, func(o *simaws.Options) { o.Settings.ChainLength = 2 })
	distributor = long.found(simaws.NewOrganization{InboundQuota: &quota})
	above := long.found(simaws.NewOrganization{InboundQuota: &quota})
	long.agreed()
	h, err := long.inviteAs(distributor, payer, december)
	if err != nil {
		t.Fatal(err)
	}
	if err := long.accept(payer, h); err != nil {
		t.Fatal(err)
	}
	_, err = long.inviteAs(above, distributor, december)
	refused(t, err, constraint("RESPONSIBILITY_TRANSFER_MAX_LEVEL_VIOLATION"))
}

func TestHandshakesOfADayAreLimited(t *testing.T) {
	r := newRig(t, func(o *simaws.Options) { o.Settings.HandshakesPerDay = 1 })
	r.invite(r.customer())
	customer := r.customer()
	_, err := r.inviteAs(payer, customer, december)
	refused(t, err, constraint("HANDSHAKE_RATE_LIMIT_EXCEEDED"))
	r.at(now.Add(24 * time.Hour))
	r.invite(customer)
}
