package aws_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	orgs "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	simaws "example.com/handover/pkg/sim/aws"
	"example.com/handover/pkg/sim/aws/state"
)

type inviteInput = orgs.InviteOrganizationToTransferResponsibilityInput

func TestInviteAnswersAHandshakeThatHidesTheTransfer(t *testing.T) {
	r := newRig(t)
	customer := r.customer()
	in := invitation(customer)
	in.Notes = aws.String("Welcome")
	out, err := r.organizations(payer).InviteOrganizationToTransferResponsibility(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	h := out.Handshake
	if h.Action != types.ActionTypeTransferResponsibility || h.State != types.HandshakeStateRequested {
		t.Errorf("%s %s", h.Action, h.State)
	}
	if !h.RequestedTimestamp.Equal(now) || !h.ExpirationTimestamp.Equal(december.Add(-24*time.Hour)) {
		t.Errorf("requested %s, expires %s", h.RequestedTimestamp, h.ExpirationTimestamp)
	}
	if len(h.Parties) != 2 || *h.Parties[0].Id != customer || h.Parties[1].Type != types.HandshakePartyTypeOrganization {
		t.Errorf("parties %+v", h.Parties)
	}
	transfer := resourceOf(h, types.HandshakeResourceTypeResponsibilityTransfer)
	matches(t, "rt-[0-9a-z]{8,32}", transfer)
	matches(t, "h-[0-9a-z]{8,32}", *h.Id)
	matches(t, `arn:aws:organizations::111111111111:handshake/o-[a-z0-9]{10,32}/transfer_responsibility/h-[0-9a-z]{8,32}`, *h.Arn)
	if resourceOf(h, types.HandshakeResourceTypeNotes) != "Welcome" || resourceOf(h, types.HandshakeResourceTypeManagementAccount) != payer {
		t.Errorf("resources %+v", h.Resources)
	}

	got := r.transfer(payer, transfer)
	if *got.Name != "trf-1-1" || got.Status != types.ResponsibilityTransferStatusRequested || got.EndTimestamp != nil ||
		!got.StartTimestamp.Equal(december) || *got.ActiveHandshakeId != *h.Id ||
		*got.Source.ManagementAccountId != customer || *got.Target.ManagementAccountId != payer {
		t.Errorf("transfer %+v", got)
	}
	matches(t, `arn:aws:organizations::111111111111:transfer/o-\w+/billing/inbound/rt-\w+`, *got.Arn)
	matches(t, `arn:aws:organizations::`+customer+`:transfer/o-\w+/billing/outbound/rt-\w+`, *r.transfer(customer, transfer).Arn)
}

func TestInviteRefusesWrongInput(t *testing.T) {
	r := newRig(t)
	customer := r.customer()
	tag := func(k, v string) types.Tag { return types.Tag{Key: aws.String(k), Value: aws.String(v)} }
	manyTags := func(in *inviteInput) {
		for i := range 51 {
			in.Tags = append(in.Tags, tag(strings.Repeat("k", i+1), ""))
		}
	}
	for name, c := range map[string]struct {
		change func(*inviteInput)
		want   check
	}{
		"name empty":        {func(in *inviteInput) { in.SourceName = aws.String("") }, invalid("MIN_LENGTH_EXCEEDED")},
		"name too long":     {func(in *inviteInput) { in.SourceName = aws.String(strings.Repeat("x", 129)) }, invalid("MAX_LENGTH_EXCEEDED")},
		"name not ASCII":    {func(in *inviteInput) { in.SourceName = aws.String("Müller") }, invalid("INVALID_PATTERN")},
		"name with script":  {func(in *inviteInput) { in.SourceName = aws.String("<script>") }, invalid("INVALID_PATTERN")},
		"notes too long":    {func(in *inviteInput) { in.Notes = aws.String(strings.Repeat("x", 1025)) }, invalid("MAX_LENGTH_EXCEEDED")},
		"notes with script": {func(in *inviteInput) { in.Notes = aws.String(`<IMG onerror=x>`) }, invalid("INVALID_PATTERN")},
		"other type":        {func(in *inviteInput) { in.Type = "TAXES" }, invalid("UNSUPPORTED_ACTION_IN_RESPONSIBILITY_TRANSFER")},
		"party organization": {
			func(in *inviteInput) { in.Target.Type = types.HandshakePartyTypeOrganization },
			invalid("INVALID_PARTY_TYPE_TARGET"),
		},
		"party unknown":      {func(in *inviteInput) { in.Target.Type = "PERSON" }, invalid("INVALID_ENUM")},
		"account 11 digits":  {func(in *inviteInput) { in.Target.Id = aws.String("12345678901") }, invalid("INVALID_PATTERN")},
		"account too long":   {func(in *inviteInput) { in.Target.Id = aws.String(strings.Repeat("1", 65)) }, invalid("MAX_LENGTH_EXCEEDED")},
		"account nobody has": {func(in *inviteInput) { in.Target.Id = aws.String("999999999999") }, invalid("TARGET_NOT_SUPPORTED")},
		"no e-mail address": {
			func(in *inviteInput) {
				*in.Target = types.HandshakeParty{Id: aws.String("root"), Type: types.HandshakePartyTypeEmail}
			},
			invalid("INVALID_EMAIL_ADDRESS_TARGET"),
		},
		"system tag":        {func(in *inviteInput) { in.Tags = []types.Tag{tag("aws:x", "")} }, invalid("INVALID_SYSTEM_TAGS_PARAMETER")},
		"tag twice":         {func(in *inviteInput) { in.Tags = []types.Tag{tag("a", ""), tag("a", "")} }, invalid("DUPLICATE_TAG_KEY")},
		"tag key empty":     {func(in *inviteInput) { in.Tags = []types.Tag{tag("", "")} }, invalid("MIN_LENGTH_EXCEEDED")},
		"tag value pattern": {func(in *inviteInput) { in.Tags = []types.Tag{tag("a", "{}")} }, invalid("INVALID_PATTERN")},
		"too many tags":     {manyTags, constraint("MAX_TAG_LIMIT_EXCEEDED")},
		"in the month": {
			func(in *inviteInput) { in.StartTimestamp = aws.Time(december.AddDate(0, 0, 1)) }, invalid("START_DATE_NOT_BEGINNING_OF_MONTH"),
		},
		"in the day": {
			func(in *inviteInput) { in.StartTimestamp = aws.Time(december.Add(time.Millisecond)) }, invalid("START_DATE_NOT_BEGINNING_OF_DAY"),
		},
		"this month": {
			func(in *inviteInput) { in.StartTimestamp = aws.Time(december.AddDate(0, -1, 0)) }, invalid("START_DATE_TOO_EARLY"),
		},
		"in thirteen months": {func(in *inviteInput) { in.StartTimestamp = aws.Time(december.AddDate(1, 0, 0)) }, invalid("START_DATE_TOO_LATE")},
	} {
		t.Run(name, func(t *testing.T) {
			in := invitation(customer)
			c.change(in)
			_, err := r.organizations(payer).InviteOrganizationToTransferResponsibility(t.Context(), in)
			refused(t, err, c.want)
		})
	}
	if left := r.sim.Transfers(""); len(left) != 0 {
		t.Errorf("a refused invitation left %+v", left)
	}
}

func TestStartCanBeAcceptedUntil24HoursBefore(t *testing.T) {
	r := newRig(t)
	r.at(december.Add(-24*time.Hour - time.Millisecond))
	r.invite(r.customer())
	r.at(december.Add(-24 * time.Hour))
	_, err := r.organizations(payer).InviteOrganizationToTransferResponsibility(t.Context(), invitation(r.customer()))
	refused(t, err, invalid("START_DATE_TOO_EARLY"))
}

func TestInviteRefusesByTheStateOfTheTarget(t *testing.T) {
	r := newRig(t)
	for condition, want := range map[state.Condition]check{
		state.UnsupportedPricing:      constraint("UNSUPPORTED_PRICING"),
		state.TargetValidationFailure: handshakeConstraint("TARGET_ACCOUNT_VALIDATION_FAILURE"),
		state.DifferentSellerOfRecord: handshakeConstraint("ORGANIZATION_FROM_DIFFERENT_SELLER_OF_RECORD"),
	} {
		_, err := r.organizations(payer).InviteOrganizationToTransferResponsibility(t.Context(), invitation(r.customer(condition)))
		refused(t, err, want)
	}
	gov := r.found(simaws.NewOrganization{NewAccount: simaws.NewAccount{Partition: state.GovCloud}})
	_, err := r.organizations(payer).InviteOrganizationToTransferResponsibility(t.Context(), invitation(gov))
	refused(t, err, handshakeConstraint("ORGANIZATION_FROM_DIFFERENT_SELLER_OF_RECORD"))

	alone, err := r.sim.SignUp(t.Context(), simaws.NewAccount{Name: "Alone", Email: "alone@customer.test"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.organizations(payer).InviteOrganizationToTransferResponsibility(t.Context(), invitation(alone.ID))
	refused(t, err, invalid("TARGET_NOT_SUPPORTED"))
	_, err = r.organizations(payer).InviteOrganizationToTransferResponsibility(t.Context(), invitation(payer))
	refused(t, err, handshakeConstraint("SOURCE_AND_TARGET_CANNOT_MATCH"))
}

func TestInviteRefusesByTheStateOfTheCaller(t *testing.T) {
	r := newRig(t)
	customer := r.customer()
	invite := func(caller string) error {
		_, err := r.organizations(caller).InviteOrganizationToTransferResponsibility(t.Context(), invitation(customer))
		return err
	}
	for condition, want := range map[state.Condition]check{
		state.NotActive:                constraint("ACCOUNT_NOT_ACTIVE_FOR_TRANSFER_RESPONSIBILITY"),
		state.UnmetBillingPrerequisite: constraint("UNMET_BILLING_PREREQUISITE"),
		state.EmailNotVerified:         handshakeConstraint("MANAGEMENT_ACCOUNT_EMAIL_NOT_VERIFIED"),
	} {
		refused(t, invite(r.customer(condition)), want)
	}
	refused(t, invite(r.found(simaws.NewOrganization{FeatureSet: types.OrganizationFeatureSetConsolidatedBilling})),
		constraint("ORGANIZATION_NOT_IN_ALL_FEATURES_MODE"))
	refused(t, invite(r.found(simaws.NewOrganization{NewAccount: simaws.NewAccount{Partition: state.China}})),
		is[*types.UnsupportedAPIEndpointException])
	refused(t, invite(r.customer()), constraint("RESPONSIBILITY_TRANSFER_MAX_INBOUND_QUOTA_VIOLATION")) // AWS's default is 0

	alone, err := r.sim.SignUp(t.Context(), simaws.NewAccount{Name: "Alone", Email: "alone@customer.test"})
	if err != nil {
		t.Fatal(err)
	}
	refused(t, invite(alone.ID), is[*types.AWSOrganizationsNotInUseException])
	refused(t, invite(r.member(payer)), is[*types.AccessDeniedException])
}

func TestSecondInvitationIsADuplicateWhileTheFirstIsPending(t *testing.T) {
	r := newRig(t)
	customer := r.found(simaws.NewOrganization{NewAccount: simaws.NewAccount{Email: "Root@Customer.test"}})
	again := func(p types.HandshakeParty) error {
		in := invitation(customer)
		in.Target, in.SourceName = &p, aws.String("another name")
		_, err := r.organizations(payer).InviteOrganizationToTransferResponsibility(t.Context(), in)
		return err
	}
	byID := types.HandshakeParty{Id: aws.String(customer), Type: types.HandshakePartyTypeAccount}
	byEmail := types.HandshakeParty{Id: aws.String("root@customer.test"), Type: types.HandshakePartyTypeEmail}
	h, _ := r.invite(customer)
	refused(t, again(byID), is[*types.DuplicateHandshakeException])
	refused(t, again(byEmail), is[*types.DuplicateHandshakeException])
	if _, err := r.organizations(payer).CancelHandshake(t.Context(), &orgs.CancelHandshakeInput{HandshakeId: h.Id}); err != nil {
		t.Fatal(err)
	}
	if err := again(byEmail); err != nil {
		t.Fatal(err)
	}
	refused(t, again(byID), is[*types.DuplicateHandshakeException])
}

func TestInvitationByAddressFindsItsAccountLater(t *testing.T) {
	r := newRig(t)
	in := invitation("")
	in.Target = &types.HandshakeParty{Id: aws.String("new@customer.test"), Type: types.HandshakePartyTypeEmail}
	out, err := r.organizations(payer).InviteOrganizationToTransferResponsibility(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	transfer := resourceOf(out.Handshake, types.HandshakeResourceTypeResponsibilityTransfer)
	if source := r.transfer(payer, transfer).Source; source.ManagementAccountId != nil ||
		*source.ManagementAccountEmail != "new@customer.test" {
		t.Errorf("source %+v", source)
	}
	customer := r.found(simaws.NewOrganization{NewAccount: simaws.NewAccount{Email: "New@customer.test"}})
	list, err := r.organizations(customer).ListOutboundResponsibilityTransfers(
		t.Context(), &orgs.ListOutboundResponsibilityTransfersInput{Type: "BILLING"},
	)
	if err != nil || len(list.ResponsibilityTransfers) != 1 {
		t.Fatalf("outbound %+v, %v", list, err)
	}
	if err := r.accept(customer, out.Handshake); err != nil {
		t.Fatal(err)
	}
	if got := r.transfer(payer, transfer); *got.Source.ManagementAccountId != customer ||
		got.Status != types.ResponsibilityTransferStatusAccepted {
		t.Errorf("transfer %+v", got)
	}
}
