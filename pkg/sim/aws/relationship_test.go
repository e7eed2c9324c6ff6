package aws_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	"example.com/handover/pkg/aws/channel"
	"example.com/handover/pkg/aws/channel/types"
	"example.com/handover/pkg/errs"
)

func TestProgramManagementAccountIsFoundByItsAccount(t *testing.T) {
	r := newRig(t)
	p := r.partnership()
	matches(t, "pma-[a-z0-9]{13}", p.program)
	again, err := r.sim.RegisterProgramManagementAccount(t.Context(), payer, "New name", "")
	if err != nil || again != p.program {
		t.Errorf("got %s, %v", again, err)
	}
	list := func(caller, account string) []types.ProgramManagementAccountSummary {
		out, err := r.channel(caller).ListProgramManagementAccounts(t.Context(), &channel.ListProgramManagementAccountsInput{
			Catalog: aws.String("AWS"), AccountIds: []string{account},
		})
		if err != nil {
			t.Fatal(err)
		}
		return out.Items
	}
	if got := list(payer, payer); len(got) != 1 || *got[0].Id != p.program || *got[0].DisplayName != "New name" ||
		got[0].Status != types.ProgramManagementAccountStatusActive || !got[0].StartDate.Equal(now) {
		t.Errorf("got %+v", got)
	}
	if got := append(list(payer, p.customer), list(p.customer, payer)...); len(got) != 0 {
		t.Errorf("got %+v", got)
	}
	for reason, in := range map[string][3]string{
		"ACCOUNT_NOT_FOUND":  {"999999999999", "Nobody", ""},
		"NAME_INVALID":       {p.customer, strings.Repeat("x", 31), ""},
		"PROGRAM_ID_INVALID": {p.customer, "Customer", "pma-1"},
		"PROGRAM_ID_TAKEN":   {p.customer, "Customer", p.program},
	} {
		if _, err := r.sim.RegisterProgramManagementAccount(t.Context(), in[0], in[1], in[2]); errs.ReasonOf(err) != reason {
			t.Errorf("%s: got %v", reason, err)
		}
	}
}

func TestRelationshipIsBegunOnce(t *testing.T) {
	r := newRig(t, kept(t))
	p := r.partnership()
	id := p.related()
	matches(t, "rs-[a-z0-9]{13}", id)
	r.restart()
	if again := p.related(); again != id {
		t.Errorf("the same token made %s and %s", id, again)
	}
	other := func(change func(*channel.CreateRelationshipInput)) error {
		in := p.relation()
		change(in)
		_, err := p.channel(payer).CreateRelationship(t.Context(), in)
		return err
	}
	refused(t, other(func(in *channel.CreateRelationshipInput) { in.DisplayName = aws.String("cus_2") }), clashes(id))
	refused(t, other(func(in *channel.CreateRelationshipInput) { in.ClientToken = nil }), clashes(id))
	if n := len(r.sim.Relationships(p.customer)); n != 1 {
		t.Errorf("%d relationships", n)
	}
}

func TestRelationshipIsReadByItsPartnerAlone(t *testing.T) {
	r := newRig(t)
	p := r.partnership()
	id := p.related()
	get := func(caller, identifier string) (*types.RelationshipDetail, error) {
		out, err := r.channel(caller).GetRelationship(t.Context(), &channel.GetRelationshipInput{
			Catalog: aws.String("AWS"), ProgramManagementAccountIdentifier: &p.program, Identifier: &identifier,
		})
		if err != nil {
			return nil, err
		}
		return out.RelationshipDetail, nil
	}
	got, err := get(payer, id)
	if err != nil {
		t.Fatal(err)
	}
	want := &types.RelationshipDetail{
		Arn: aws.String(
			"arn:aws:partnercentral:us-east-1:" + payer + ":catalog/AWS/program-management-account/" + p.program + "/relationship/" + id,
		),
		Id: &id, Catalog: aws.String("AWS"), ProgramManagementAccountId: &p.program, AssociatedAccountId: &p.customer,
		AssociationType: types.AssociationTypeEndCustomer, DisplayName: aws.String("cus_1"), Sector: types.SectorCommercial,
		ResaleAccountModel: types.ResaleAccountModelEndCustomer, Revision: aws.String("1"), StartDate: &now, CreatedAt: &now, UpdatedAt: &now,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want (-), got (+):\n%s", diff)
	}
	if byARN, err := get(payer, *got.Arn); err != nil || *byARN.Id != id {
		t.Errorf("by its ARN: %+v, %v", byARN, err)
	}
	_, err = get(p.customer, id)
	refused(t, err, is[*types.ResourceNotFoundException])
	_, err = get(payer, "rs-aaaaaaaaaaaaa")
	refused(t, err, is[*types.ResourceNotFoundException])
}

func TestRelationshipRefusesWrongInput(t *testing.T) {
	p := newRig(t).partnership()
	const request, business = types.ValidationExceptionReasonRequestValidationFailed, types.ValidationExceptionReasonBusinessValidationFailed
	plan := func(location string) types.SupportPlan {
		return &types.SupportPlanMemberResoldEnterprise{Value: types.ResoldEnterprise{
			Coverage: types.CoverageEntireOrganization, TamLocation: &location, ChargeAccountId: &p.customer,
		}}
	}
	for name, c := range map[string]struct {
		change func(*channel.CreateRelationshipInput)
		want   check
	}{
		"name too long": {
			func(in *channel.CreateRelationshipInput) { in.DisplayName = aws.String(strings.Repeat("ü", 31)) },
			wrong(request, "displayName", "INVALID_STRING_FORMAT"),
		},
		"name empty": {
			func(in *channel.CreateRelationshipInput) { in.DisplayName = aws.String("") }, wrong(request, "displayName", "INVALID_STRING_FORMAT"),
		},
		"account": {
			func(in *channel.CreateRelationshipInput) { in.AssociatedAccountId = aws.String("12") },
			wrong(request, "associatedAccountId", "INVALID_STRING_FORMAT"),
		},
		"nobody's account": {
			func(in *channel.CreateRelationshipInput) { in.AssociatedAccountId = aws.String("999999999999") },
			wrong(business, "associatedAccountId", "INVALID_VALUE"),
		},
		"sector": {func(in *channel.CreateRelationshipInput) { in.Sector = "PUBLIC" }, wrong(request, "sector", "INVALID_ENUM_VALUE")},
		"model": {
			func(in *channel.CreateRelationshipInput) { in.ResaleAccountModel = "ECAM" }, wrong(request, "resaleAccountModel", "INVALID_ENUM_VALUE"),
		},
		"token": {
			func(in *channel.CreateRelationshipInput) { in.ClientToken = aws.String("a b") }, wrong(request, "clientToken", "INVALID_STRING_FORMAT"),
		},
		"program": {
			func(in *channel.CreateRelationshipInput) { in.ProgramManagementAccountIdentifier = aws.String(payer) },
			wrong(request, "programManagementAccountIdentifier", "INVALID_STRING_FORMAT"),
		},
		"other program": {func(in *channel.CreateRelationshipInput) {
			in.ProgramManagementAccountIdentifier = aws.String("pma-aaaaaaaaaaaaa")
		}, is[*types.ResourceNotFoundException]},
		"other catalog": {func(in *channel.CreateRelationshipInput) { in.Catalog = aws.String("Sandbox") }, is[*types.ResourceNotFoundException]},
		"support plan": {
			func(in *channel.CreateRelationshipInput) { in.RequestedSupportPlan = plan("") },
			wrong(request, "requestedSupportPlan.tamLocation", "INVALID_STRING_FORMAT"),
		},
	} {
		t.Run(name, func(t *testing.T) {
			in := p.relation()
			c.change(in)
			_, err := p.channel(payer).CreateRelationship(t.Context(), in)
			refused(t, err, c.want)
		})
	}
	in := p.relation()
	in.RequestedSupportPlan = plan("Munich")
	if _, err := p.channel(payer).CreateRelationship(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if got := p.sim.Relationships(payer); len(got) != 1 || !strings.Contains(got[0].SupportPlan, `"resoldEnterprise":{`) {
		t.Errorf("got %+v", got)
	}
}

func TestRelationshipsAreListedInPages(t *testing.T) {
	r := newRig(t)
	p := r.partnership()
	want := []string{p.related()}
	for _, name := range []string{"cus_2", "cus_3"} {
		in := p.relation()
		in.AssociatedAccountId, in.DisplayName, in.ClientToken = aws.String(r.customer()), &name, &name
		out, err := r.channel(payer).CreateRelationship(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, *out.RelationshipDetail.Id)
	}
	list := func(in channel.ListRelationshipsInput) (*channel.ListRelationshipsOutput, error) {
		in.Catalog = aws.String("AWS")
		return r.channel(payer).ListRelationships(t.Context(), &in)
	}
	var got []string
	for in := (channel.ListRelationshipsInput{MaxResults: aws.Int32(2)}); ; {
		out, err := list(in)
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range out.Items {
			got = append(got, *item.Id)
		}
		if in.NextToken = out.NextToken; in.NextToken == nil {
			break
		}
		_, err = list(channel.ListRelationshipsInput{NextToken: out.NextToken, DisplayNames: []string{"cus_1"}})
		refused(t, err, wrong(types.ValidationExceptionReasonRequestValidationFailed, "nextToken", "INVALID_VALUE"))
	}
	slices.Sort(got) // all three began at once
	if diff := cmp.Diff(slices.Sorted(slices.Values(want)), got); diff != "" {
		t.Errorf("want (-), got (+):\n%s", diff)
	}
	_, err := list(channel.ListRelationshipsInput{MaxResults: aws.Int32(101)})
	refused(t, err, wrong(types.ValidationExceptionReasonRequestValidationFailed, "maxResults", "VALUE_OUT_OF_RANGE"))
	for name, in := range map[string]channel.ListRelationshipsInput{
		"account": {AssociatedAccountIds: []string{p.customer}},
		"name":    {DisplayNames: []string{"cus_1"}},
		"both":    {ProgramManagementAccountIdentifiers: []string{p.program}, AssociatedAccountIds: []string{p.customer, "111"}},
	} {
		if out, err := list(in); err != nil || len(out.Items) != 1 || *out.Items[0].Id != want[0] {
			t.Errorf("by %s: %+v, %v", name, out, err)
		}
	}
}

func TestRelationshipChangesAndEnds(t *testing.T) {
	r := newRig(t)
	p := r.partnership()
	id := p.related()
	update := func(revision string) (*channel.UpdateRelationshipOutput, error) {
		return r.channel(payer).UpdateRelationship(t.Context(), &channel.UpdateRelationshipInput{
			Catalog: aws.String("AWS"), ProgramManagementAccountIdentifier: &p.program, Identifier: &id,
			DisplayName: aws.String("cus_9"), Revision: &revision,
		})
	}
	if out, err := update("1"); err != nil || *out.RelationshipDetail.Revision != "2" || *out.RelationshipDetail.DisplayName != "cus_9" {
		t.Errorf("got %+v, %v", out, err)
	}
	_, err := update("1")
	refused(t, err, clashes(id))

	end := func() error {
		_, err := r.channel(payer).DeleteRelationship(t.Context(), &channel.DeleteRelationshipInput{
			Catalog: aws.String("AWS"), ProgramManagementAccountIdentifier: &p.program, Identifier: &id,
		})
		return err
	}
	handshake := p.propose(p.fixed(id, now.AddDate(0, 0, 90)))
	refused(t, end(), clashes(handshake)) // it waits for an answer
	if err := p.acceptTerm(p.customer, handshake); err != nil {
		t.Fatal(err)
	}
	refused(t, end(), clashes(handshake)) // it binds
	r.at(now.AddDate(0, 0, 90))
	if err := end(); err != nil {
		t.Error(err)
	}
	refused(t, end(), is[*types.ResourceNotFoundException])
}
