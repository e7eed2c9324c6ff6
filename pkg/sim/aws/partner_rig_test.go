package aws_test

import (
	"errors"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"example.com/handover/pkg/aws/channel"
	"example.com/handover/pkg/aws/channel/types"
	simaws "example.com/handover/pkg/sim/aws"
)

// partnership is a payer that is registered in Partner Central, and a customer who has accepted to be paid for by it.
type partnership struct {
	*rig
	program            string // pma-…
	customer, transfer string
}

func (r *rig) partnership() *partnership {
	r.t.Helper()
	p := &partnership{rig: r}
	var err error
	if p.program, err = r.sim.RegisterProgramManagementAccount(r.t.Context(), payer, "Reseller", ""); err != nil {
		r.t.Fatal(err)
	}
	p.customer, p.transfer = r.agreed()
	return p
}

// channel is the suite's client, acting for an account. It does not retry.
func (r *rig) channel(account string) *channel.Client {
	return channel.NewFromConfig(aws.Config{
		BaseEndpoint: &r.server.URL, Credentials: keyOf(account), Retryer: func() aws.Retryer { return aws.NopRetryer{} },
	})
}

// relation is a correct request for a relationship with the customer.
func (p *partnership) relation() *channel.CreateRelationshipInput {
	return &channel.CreateRelationshipInput{
		Catalog: aws.String("AWS"), AssociationType: types.AssociationTypeEndCustomer,
		ProgramManagementAccountIdentifier: &p.program, AssociatedAccountId: &p.customer, DisplayName: aws.String("cus_1"),
		Sector: types.SectorCommercial, ResaleAccountModel: types.ResaleAccountModelEndCustomer, ClientToken: aws.String("rel-" + p.customer),
	}
}

// related sends it and returns the relationship's id.
func (p *partnership) related() string {
	p.t.Helper()
	out, err := p.channel(payer).CreateRelationship(p.t.Context(), p.relation())
	if err != nil {
		p.t.Fatal(err)
	}
	return *out.RelationshipDetail.Id
}

// fixed proposes a commitment to an end.
func (p *partnership) fixed(relationship string, end time.Time) *channel.CreateChannelHandshakeInput {
	return p.start(relationship, types.StartServicePeriodPayload{
		ProgramManagementAccountIdentifier: &p.program, ServicePeriodType: types.ServicePeriodTypeFixedCommitmentPeriod, EndDate: &end,
	})
}

func (p *partnership) start(relationship string, payload types.StartServicePeriodPayload) *channel.CreateChannelHandshakeInput {
	return &channel.CreateChannelHandshakeInput{
		Catalog: aws.String("AWS"), HandshakeType: types.HandshakeTypeStartServicePeriod, AssociatedResourceIdentifier: &relationship,
		Payload: &types.ChannelHandshakePayloadMemberStartServicePeriodPayload{Value: payload},
	}
}

func (p *partnership) revoke(relationship string) *channel.CreateChannelHandshakeInput {
	return &channel.CreateChannelHandshakeInput{
		Catalog: aws.String("AWS"), HandshakeType: types.HandshakeTypeRevokeServicePeriod, AssociatedResourceIdentifier: &relationship,
		Payload: &types.ChannelHandshakePayloadMemberRevokeServicePeriodPayload{Value: types.RevokeServicePeriodPayload{
			ProgramManagementAccountIdentifier: &p.program, Note: aws.String("moved away"),
		}},
	}
}

// propose sends a handshake and returns its id.
func (p *partnership) propose(in *channel.CreateChannelHandshakeInput) string {
	p.t.Helper()
	out, err := p.channel(payer).CreateChannelHandshake(p.t.Context(), in)
	if err != nil {
		p.t.Fatal(err)
	}
	return *out.ChannelHandshakeDetail.Id
}

func (p *partnership) acceptTerm(account, handshake string) error {
	_, err := p.channel(account).AcceptChannelHandshake(p.t.Context(),
		&channel.AcceptChannelHandshakeInput{Catalog: aws.String("AWS"), Identifier: &handshake})
	return err
}

// term reads a handshake the only way there is.
func (p *partnership) term(id string) types.ChannelHandshakeSummary {
	p.t.Helper()
	for _, kind := range []types.HandshakeType{types.HandshakeTypeStartServicePeriod, types.HandshakeTypeRevokeServicePeriod} {
		out, err := p.channel(payer).ListChannelHandshakes(p.t.Context(), &channel.ListChannelHandshakesInput{
			Catalog: aws.String("AWS"), HandshakeType: kind, ParticipantType: types.ParticipantTypeSender,
		})
		if err != nil {
			p.t.Fatal(err)
		}
		if i := slices.IndexFunc(out.Items, func(s types.ChannelHandshakeSummary) bool { return *s.Id == id }); i >= 0 {
			return out.Items[i]
		}
	}
	p.t.Fatalf("no handshake %s", id)
	return types.ChannelHandshakeSummary{}
}

// wrong is a refusal of a member: its name and what is wrong with it.
func wrong(reason types.ValidationExceptionReason, field, code string) check {
	return func(err error) bool {
		e, ok := errors.AsType[*types.ValidationException](err)
		return ok && e.Reason == reason && len(e.FieldList) == 1 && *e.FieldList[0].Name == field && *e.FieldList[0].Code == code
	}
}

// clashes is a conflict with something that exists.
func clashes(id string) check {
	return func(err error) bool {
		e, ok := errors.AsType[*types.ConflictException](err)
		return ok && aws.ToString(e.ResourceId) == id
	}
}

// mailbox collects what AWS sends.
func mailbox(letters *[]simaws.Letter) func(*simaws.Options) {
	return func(o *simaws.Options) {
		o.Mail = func(l simaws.Letter) { *letters = append(*letters, l) }
	}
}
