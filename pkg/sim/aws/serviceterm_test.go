package aws_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"example.com/handover/pkg/aws/channel"
	"example.com/handover/pkg/aws/channel/types"
	"example.com/handover/pkg/errs"
	simaws "example.com/handover/pkg/sim/aws"
	partner "example.com/handover/pkg/sim/aws/channel"
)

func TestFixedCommitmentBindsTheTransfer(t *testing.T) {
	r := newRig(t, kept(t))
	p := r.partnership()
	relationship := p.related()
	end := time.Date(2027, 11, 22, 12, 30, 0, 0, time.UTC) // 365 days away
	handshake := p.propose(p.fixed(relationship, end))
	matches(t, "ch-[a-z0-9]{13}", handshake)
	if _, err := r.terminate(p.customer, p.transfer, nil); err != nil {
		t.Fatalf("a mere proposal binds: %v", err)
	}

	p = r.second(p)
	relationship = p.related()
	handshake = p.propose(p.fixed(relationship, end))
	if err := p.acceptTerm(p.customer, handshake); err != nil {
		t.Fatal(err)
	}
	r.restart()
	got := p.term(handshake)
	detail, ok := got.Detail.(*types.HandshakeDetailMemberStartServicePeriodHandshakeDetail)
	if got.Status != types.HandshakeStatusAccepted || !ok || !detail.Value.EndDate.Equal(end) || !detail.Value.StartDate.Equal(now) ||
		*got.SenderAccountId != payer || *got.ReceiverAccountId != p.customer || *got.AssociatedResourceId != relationship {
		t.Errorf("got %+v, %+v", got, got.Detail)
	}
	r.at(time.Date(2027, 10, 10, 0, 0, 0, 0, time.UTC))
	for _, side := range []string{payer, p.customer} {
		_, err := r.terminate(side, p.transfer, endOf(2027, 10))
		refused(t, err, invalid("INVALID_END_DATE"))
	}
	if _, err := r.terminate(payer, p.transfer, endOf(2027, 11)); err != nil {
		t.Error(err)
	}
}

// second is the same payer with another customer.
func (r *rig) second(p *partnership) *partnership {
	r.t.Helper()
	next := &partnership{rig: r, program: p.program}
	next.customer, next.transfer = r.agreed()
	return next
}

func TestRevocationFreesTheTransfer(t *testing.T) {
	r := newRig(t)
	p := r.partnership()
	relationship := p.related()
	_, err := p.channel(payer).CreateChannelHandshake(t.Context(), p.revoke(relationship))
	refused(t, err, wrong(types.ValidationExceptionReasonBusinessValidationFailed, "associatedResourceIdentifier", "INVALID_RESOURCE_STATE"))
	if err := p.acceptTerm(p.customer, p.propose(p.fixed(relationship, now.AddDate(0, 0, 300)))); err != nil {
		t.Fatal(err)
	}
	revocation := p.propose(p.revoke(relationship))
	if got := p.term(revocation); got.HandshakeType != types.HandshakeTypeRevokeServicePeriod || got.Status != types.HandshakeStatusPending {
		t.Errorf("got %+v", got)
	}
	_, err = r.terminate(payer, p.transfer, nil)
	refused(t, err, invalid("INVALID_END_DATE"))
	if err := p.acceptTerm(p.customer, revocation); err != nil {
		t.Fatal(err)
	}
	if _, err := r.terminate(payer, p.transfer, nil); err != nil {
		t.Error(err)
	}
}

func TestNoticePeriodDemandsItsDays(t *testing.T) {
	r := newRig(t)
	p := r.partnership()
	in := p.start(p.related(), types.StartServicePeriodPayload{
		ProgramManagementAccountIdentifier: &p.program, ServicePeriodType: types.ServicePeriodTypeMinimumNoticePeriod,
		MinimumNoticeDays: aws.String("30"),
	})
	if err := p.acceptTerm(p.customer, p.propose(in)); err != nil {
		t.Fatal(err)
	}
	_, err := r.terminate(payer, p.transfer, endOf(2026, 11)) // in nine days
	refused(t, err, invalid("INVALID_END_DATE"))
	if _, err := r.terminate(payer, p.transfer, endOf(2026, 12)); err != nil { // in 39
		t.Error(err)
	}
}

func TestNewTermReplacesTheOld(t *testing.T) {
	r := newRig(t)
	p := r.partnership()
	relationship := p.related()
	for _, days := range []int{300, 60} {
		if err := p.acceptTerm(p.customer, p.propose(p.fixed(relationship, now.AddDate(0, 0, days)))); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := r.sim.Transfer(p.transfer); err != nil || !got.CommittedUntil.Equal(now.AddDate(0, 0, 60)) {
		t.Errorf("bound until %s, %v", got.CommittedUntil, err)
	}
}

func TestServicePeriodRefusesWrongInput(t *testing.T) {
	p := newRig(t).partnership()
	relationship := p.related()
	const request, business = types.ValidationExceptionReasonRequestValidationFailed, types.ValidationExceptionReasonBusinessValidationFailed
	fixed := func(days int) *channel.CreateChannelHandshakeInput {
		return p.fixed(relationship, now.AddDate(0, 0, days))
	}
	notice := func(days string, end *time.Time) *channel.CreateChannelHandshakeInput {
		return p.start(relationship, types.StartServicePeriodPayload{
			ProgramManagementAccountIdentifier: &p.program, ServicePeriodType: types.ServicePeriodTypeMinimumNoticePeriod,
			MinimumNoticeDays: &days, EndDate: end,
		})
	}
	endless := p.start(relationship, types.StartServicePeriodPayload{
		ProgramManagementAccountIdentifier: &p.program, ServicePeriodType: types.ServicePeriodTypeFixedCommitmentPeriod,
	})
	mixed := p.revoke(relationship)
	mixed.HandshakeType = types.HandshakeTypeStartServicePeriod
	noted := p.revoke(relationship)
	noted.Payload.(*types.ChannelHandshakePayloadMemberRevokeServicePeriodPayload).Value.Note = aws.String(strings.Repeat("x", 301))
	bare := fixed(90)
	bare.Payload = nil
	for name, c := range map[string]struct {
		in   *channel.CreateChannelHandshakeInput
		want check
	}{
		"59 days":              {fixed(59), wrong(business, "payload.endDate", "VALUE_OUT_OF_RANGE")},
		"366 days":             {fixed(366), wrong(business, "payload.endDate", "VALUE_OUT_OF_RANGE")},
		"no end":               {endless, wrong(request, "payload.endDate", "REQUIRED_FIELD_MISSING")},
		"notice of 15 days":    {notice("15", nil), wrong(business, "payload.minimumNoticeDays", "INVALID_VALUE")},
		"notice in words":      {notice("thirty", nil), wrong(request, "payload.minimumNoticeDays", "INVALID_STRING_FORMAT")},
		"notice with an end":   {notice("30", &december), wrong(request, "payload.endDate", "INVALID_VALUE")},
		"other payload":        {mixed, wrong(request, "payload", "INVALID_VALUE")},
		"no payload":           {bare, wrong(request, "payload", "REQUIRED_FIELD_MISSING")},
		"note too long":        {noted, wrong(request, "payload.note", "INVALID_STRING_FORMAT")},
		"unknown relationship": {p.fixed("rs-aaaaaaaaaaaaa", now.AddDate(0, 0, 90)), is[*types.ResourceNotFoundException]},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := p.channel(payer).CreateChannelHandshake(t.Context(), c.in)
			refused(t, err, c.want)
		})
	}
	if n := len(p.sim.ServiceTerms("")); n != 0 {
		t.Errorf("refused proposals left %d", n)
	}
	for _, in := range []*channel.CreateChannelHandshakeInput{fixed(60), fixed(365), notice("14", nil), notice("60", nil)} {
		if err := p.acceptTerm(p.customer, p.propose(in)); err != nil {
			t.Error(err)
		}
	}
}

func TestOneProposalAtATime(t *testing.T) {
	p := newRig(t).partnership()
	in := p.fixed(p.related(), now.AddDate(0, 0, 90))
	in.ClientToken = aws.String("term-1")
	first := p.propose(in)
	if again := p.propose(in); again != first {
		t.Errorf("the same token made %s and %s", first, again)
	}
	in.ClientToken = aws.String("term-2")
	_, err := p.channel(payer).CreateChannelHandshake(t.Context(), in)
	refused(t, err, clashes(first))
	if _, err := p.channel(payer).CancelChannelHandshake(
		t.Context(), &channel.CancelChannelHandshakeInput{Catalog: aws.String("AWS"), Identifier: &first},
	); err != nil {
		t.Fatal(err)
	}
	p.propose(in)
}

func TestOnlyTheReceiverAnswers(t *testing.T) {
	r := newRig(t)
	p := r.partnership()
	relationship := p.related()
	handshake := p.propose(p.fixed(relationship, now.AddDate(0, 0, 90)))
	refused(t, p.acceptTerm(payer, handshake), is[*types.AccessDeniedException])
	refused(t, p.acceptTerm(r.customer(), handshake), is[*types.ResourceNotFoundException])
	_, err := p.channel(p.customer).CancelChannelHandshake(
		t.Context(), &channel.CancelChannelHandshakeInput{Catalog: aws.String("AWS"), Identifier: &handshake},
	)
	refused(t, err, is[*types.AccessDeniedException])

	received, err := p.channel(p.customer).ListChannelHandshakes(t.Context(), &channel.ListChannelHandshakesInput{
		Catalog: aws.String("AWS"), HandshakeType: types.HandshakeTypeStartServicePeriod, ParticipantType: types.ParticipantTypeReceiver,
		Statuses: []types.HandshakeStatus{types.HandshakeStatusPending}, AssociatedResourceIdentifiers: []string{relationship},
		HandshakeTypeFilters: &types.ListChannelHandshakesTypeFiltersMemberStartServicePeriodTypeFilters{
			Value: types.StartServicePeriodTypeFilters{
				ServicePeriodTypes: []types.ServicePeriodType{types.ServicePeriodTypeFixedCommitmentPeriod},
			},
		},
	})
	if err != nil || len(received.Items) != 1 || *received.Items[0].SenderDisplayName != "Reseller" {
		t.Fatalf("got %+v, %v", received, err)
	}
	for range 2 { // accepting is idempotent
		if err := p.acceptTerm(p.customer, handshake); err != nil {
			t.Error(err)
		}
	}
	_, err = p.channel(p.customer).RejectChannelHandshake(
		t.Context(), &channel.RejectChannelHandshakeInput{Catalog: aws.String("AWS"), Identifier: &handshake},
	)
	refused(t, err, wrong(types.ValidationExceptionReasonBusinessValidationFailed, "identifier", "INVALID_RESOURCE_STATE"))
}

func TestProposalExpires(t *testing.T) {
	r := newRig(t, func(o *simaws.Options) { o.Channel = partner.Settings{HandshakeLife: 48 * time.Hour} })
	p := r.partnership()
	relationship := p.related()
	handshake := p.propose(p.fixed(relationship, now.AddDate(0, 0, 90)))
	r.at(now.Add(48*time.Hour - time.Second))
	if got := p.term(handshake).Status; got != types.HandshakeStatusPending {
		t.Errorf("too early %s", got)
	}
	r.at(now.Add(48 * time.Hour))
	if got := p.term(handshake).Status; got != types.HandshakeStatusExpired {
		t.Errorf("still %s", got)
	}
	refused(
		t, p.acceptTerm(p.customer, handshake),
		wrong(types.ValidationExceptionReasonBusinessValidationFailed, "identifier", "INVALID_RESOURCE_STATE"),
	)
	if _, err := r.sim.AcceptServiceTerm(t.Context(), p.customer); errs.ReasonOf(err) != "NO_SERVICE_TERM" {
		t.Errorf("got %v", err)
	}
	p.propose(p.fixed(relationship, now.AddDate(0, 0, 90)))
}

func TestCustomerAnswersInTheConsole(t *testing.T) {
	r := newRig(t)
	p := r.partnership()
	relationship := p.related()
	if _, err := r.sim.RejectServiceTerm(t.Context(), p.customer); errs.KindOf(err) != errs.NotFound ||
		errs.ReasonOf(err) != "NO_SERVICE_TERM" {
		t.Errorf("got %v", err)
	}
	p.propose(p.fixed(relationship, now.AddDate(0, 0, 90)))
	if got, err := r.sim.RejectServiceTerm(t.Context(), p.customer); err != nil || got.Status != types.HandshakeStatusRejected {
		t.Errorf("got %+v, %v", got, err)
	}
	handshake := p.propose(p.fixed(relationship, now.AddDate(0, 0, 90)))
	if got, err := r.sim.AcceptServiceTerm(t.Context(), p.customer); err != nil || got.ID != handshake ||
		got.Status != types.HandshakeStatusAccepted {
		t.Errorf("got %+v, %v", got, err)
	}
	if got := r.sim.ServiceTerms(p.customer); len(got) != 2 {
		t.Errorf("got %+v", got)
	}
}

func TestAWSWritesToTheRootAddress(t *testing.T) {
	var letters []simaws.Letter
	r := newRig(t, mailbox(&letters))
	p := r.partnership()
	handshake := p.propose(p.fixed(p.related(), now.AddDate(0, 0, 90)))
	_, err := p.channel(payer).CreateChannelHandshake(t.Context(), p.fixed(p.related(), now.AddDate(0, 0, 90)))
	refused(t, err, clashes(handshake))
	if len(letters) != 2 {
		t.Fatalf("got %+v", letters)
	}
	account, err := r.sim.Account(p.customer)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct {
		at   time.Time
		text string
	}{{now, "1 December 2026"}, {now.Add(15 * time.Minute), handshake}} {
		if l := letters[i]; l.To != account.Email || !l.At.Equal(want.at) || !strings.Contains(l.Text, want.text) ||
			!strings.Contains(l.Subject, "Reseller") {
			t.Errorf("letter %d: %+v", i, l)
		}
	}
}
