package aws_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	bc "github.com/aws/aws-sdk-go-v2/service/billingconductor"
	"github.com/aws/aws-sdk-go-v2/service/billingconductor/types"

	"example.com/handover/pkg/sim/aws/bill"
)

func groupInvalid(reason types.ValidationExceptionReason) check {
	return func(err error) bool {
		e, ok := errors.AsType[*types.ValidationException](err)
		return ok && e.Reason == reason && len(e.Fields) == 1
	}
}

func TestBillingGroupOfATransfer(t *testing.T) {
	r := newRig(t, kept(t))
	customer, transfer := r.agreed()
	arn, err := r.group("cus-1", transfer, "token-1", bill.PassthroughPlan)
	if err != nil {
		t.Fatal(err)
	}
	r.restart()
	again, err := r.group("cus-1", transfer, "token-1", bill.PassthroughPlan)
	if err != nil || again != arn {
		t.Errorf("the repeated call made %s, %v", again, err)
	}
	_, err = r.group("cus-2", transfer, "token-1", bill.PassthroughPlan)
	refused(t, err, groupInvalid(types.ValidationExceptionReasonOther)) // the token of another request
	_, err = r.group("cus-2", transfer, "token-2", bill.PassthroughPlan)
	refused(t, err, groupInvalid(types.ValidationExceptionReasonBillingGroupAlreadyExistInCurrentBillingPeriod))
	_, other := r.agreed()
	_, err = r.group("cus-1", other, "token-3", bill.PassthroughPlan)
	refused(t, err, func(err error) bool {
		e, ok := errors.AsType[*types.ConflictException](err)
		return ok && e.Reason == types.ConflictExceptionReasonResourceNameConflict && aws.ToString(e.ResourceId) == arn
	})
	listed := r.groups(t, &types.ListBillingGroupsFilter{ResponsibilityTransferArns: []string{*r.transfer(payer, transfer).Arn}})
	if len(listed) != 1 || *listed[0].Arn != arn || listed[0].Status != types.BillingGroupStatusPending ||
		listed[0].BillingGroupType != types.BillingGroupTypeTransferBilling || listed[0].CreationTime != now.Unix() || listed[0].Size != 1 {
		t.Errorf("listed are %+v", listed)
	}
	r.at(december)
	if listed := r.groups(t, nil); listed[0].Status != types.BillingGroupStatusActive {
		t.Errorf("listed are %+v", listed)
	}
	if all := r.sim.BillingGroups(); len(all) != 1 || all[0].Transfer != transfer || all[0].Owner != payer {
		t.Errorf("groups are %+v", all)
	}
	_, err = r.conductor(r.member(customer)).ListBillingGroups(t.Context(), &bc.ListBillingGroupsInput{})
	refused(t, err, is[*types.AccessDeniedException])
}

func (r *rig) groups(t *testing.T, f *types.ListBillingGroupsFilter) []types.BillingGroupListElement {
	t.Helper()
	var all []types.BillingGroupListElement
	pages := bc.NewListBillingGroupsPaginator(r.conductor(payer), &bc.ListBillingGroupsInput{Filters: f})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, page.BillingGroups...)
	}
	return all
}

func TestBillingGroupsAreRefused(t *testing.T) {
	r := newRig(t)
	_, transfer := r.agreed()
	_, asked := r.invite(r.customer())
	customer, _ := r.agreed()
	for name, c := range map[string]struct {
		change func(*bc.CreateBillingGroupInput)
		want   check
	}{
		"a name with a space": {func(in *bc.CreateBillingGroupInput) { in.Name = aws.String("a b") }, groupInvalid("FIELD_VALIDATION_FAILED")},
		"a token with a colon": {
			func(in *bc.CreateBillingGroupInput) { in.ClientToken = aws.String("a:b") }, groupInvalid("FIELD_VALIDATION_FAILED"),
		},
		"no grouping": {
			func(in *bc.CreateBillingGroupInput) { in.AccountGrouping = &types.AccountGrouping{} }, groupInvalid("FIELD_VALIDATION_FAILED"),
		},
		"both groupings": {
			func(in *bc.CreateBillingGroupInput) { in.AccountGrouping.LinkedAccountIds = []string{payer} }, groupInvalid("FIELD_VALIDATION_FAILED"),
		},
		"a primary account": {
			func(in *bc.CreateBillingGroupInput) { in.PrimaryAccountId = aws.String(payer) }, groupInvalid("ILLEGAL_PRIMARY_ACCOUNT"),
		},
		"a plan that is no ARN": {
			func(in *bc.CreateBillingGroupInput) { in.ComputationPreference.PricingPlanArn = aws.String("x") }, groupInvalid("INVALID_ARN"),
		},
		"a plan of others": {func(in *bc.CreateBillingGroupInput) {
			in.ComputationPreference.PricingPlanArn = aws.String("arn:aws:billingconductor::222222222222:pricingplan/abcdefghij")
		}, groupInvalid("MISMATCHED_PRICINGPLAN_ARN")},
		"a plan that is not there": {func(in *bc.CreateBillingGroupInput) {
			in.ComputationPreference.PricingPlanArn = aws.String("arn:aws:billingconductor::" + payer + ":pricingplan/abcdefghij")
		}, groupInvalid("MISSING_PRICINGPLAN")},
		"a transfer id": {func(in *bc.CreateBillingGroupInput) {
			in.AccountGrouping.ResponsibilityTransferArn = aws.String(transfer)
		}, groupInvalid("INVALID_ARN")},
		"the customer's ARN": {func(in *bc.CreateBillingGroupInput) {
			in.AccountGrouping.ResponsibilityTransferArn = r.transfer(customer, r.sim.Transfers(customer)[0].ID).Arn
		}, groupInvalid("INVALID_ARN")},
		"a transfer that is only asked for": {func(in *bc.CreateBillingGroupInput) {
			in.AccountGrouping.ResponsibilityTransferArn = r.transfer(payer, asked).Arn
		}, groupInvalid("OTHER")},
	} {
		in := r.groupInput("cus-1", transfer, "token", bill.BasicPlan)
		c.change(in)
		_, err := r.conductor(payer).CreateBillingGroup(t.Context(), in)
		if err == nil || !c.want(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(r.sim.BillingGroups()); n != 0 {
		t.Errorf("%d groups are there", n)
	}
}

func TestBillingGroupsChangeAndEnd(t *testing.T) {
	r := newRig(t)
	_, transfer := r.agreed()
	arn, err := r.group("cus-1", transfer, "token", bill.BasicPlan)
	if err != nil {
		t.Fatal(err)
	}
	client := r.conductor(payer)
	out, err := client.UpdateBillingGroup(t.Context(), &bc.UpdateBillingGroupInput{
		Arn: &arn, Name: aws.String("cus-one"), Description: aws.String("One"),
		ComputationPreference: &types.ComputationPreference{PricingPlanArn: aws.String(bill.PassthroughPlan)},
	})
	if err != nil || *out.Name != "cus-one" || *out.PricingPlanArn != bill.PassthroughPlan {
		t.Errorf("%+v, %v", out, err)
	}
	_, err = client.UpdateBillingGroup(t.Context(), &bc.UpdateBillingGroupInput{
		Arn: &arn, AccountGrouping: &types.UpdateBillingGroupAccountGrouping{
			ResponsibilityTransferArn: aws.String("arn:aws:organizations::111111111111:transfer/o-aaaaaaaaaa/billing/inbound/rt-12345678"),
		},
	})
	refused(t, err, groupInvalid(types.ValidationExceptionReasonIllegalBillingGroupType))
	_, err = client.UpdateBillingGroup(t.Context(), &bc.UpdateBillingGroupInput{Arn: aws.String("abcdefghij")})
	refused(t, err, is[*types.ResourceNotFoundException])

	r.at(december)
	if _, err := r.terminate(payer, transfer, nil); err != nil {
		t.Fatal(err)
	}
	if n := len(r.groups(t, nil)); n != 1 {
		t.Errorf("%d groups in the last month", n)
	}
	r.at(january.Add(time.Second))
	if n := len(r.groups(t, nil)); n != 0 {
		t.Errorf("%d groups after the end", n)
	}
	before, err := client.ListBillingGroups(t.Context(), &bc.ListBillingGroupsInput{BillingPeriod: aws.String("2026-12")})
	if err != nil || len(before.BillingGroups) != 1 {
		t.Errorf("of December: %+v, %v", before, err)
	}
	_, err = client.ListBillingGroups(t.Context(), &bc.ListBillingGroupsInput{BillingPeriod: aws.String("2027-02")})
	refused(t, err, groupInvalid(types.ValidationExceptionReasonIllegalBillingPeriod))
	_, err = client.DeleteBillingGroup(t.Context(), &bc.DeleteBillingGroupInput{Arn: &arn})
	refused(t, err, groupInvalid(types.ValidationExceptionReasonIllegalEndedBillinggroup))
}

func TestBillingGroupsOfMembersPageByPage(t *testing.T) {
	r := newRig(t, small)
	client := r.conductor(payer)
	create := func(primary string, accounts ...string) (*bc.CreateBillingGroupOutput, error) {
		return client.CreateBillingGroup(t.Context(), &bc.CreateBillingGroupInput{
			Name: aws.String(fmt.Sprintf("group-%s", primary)), PrimaryAccountId: aws.String(primary),
			ComputationPreference: &types.ComputationPreference{PricingPlanArn: aws.String(bill.BasicPlan)},
			AccountGrouping:       &types.AccountGrouping{LinkedAccountIds: accounts, AutoAssociate: aws.Bool(false)},
		})
	}
	var members []string
	for range 7 {
		m := r.member(payer)
		members = append(members, m)
		if _, err := create(m, m); err != nil {
			t.Fatal(err)
		}
	}
	if all := r.groups(t, nil); len(all) != 7 || all[0].BillingGroupType != types.BillingGroupTypeStandard {
		t.Errorf("listed are %+v", all)
	}
	one := r.groups(t, &types.ListBillingGroupsFilter{
		Names: []types.StringSearch{{SearchOption: types.SearchOptionStartsWith, SearchValue: aws.String("group-" + members[3])}},
	})
	if len(one) != 1 || *one[0].PrimaryAccountId != members[3] {
		t.Errorf("found are %+v", one)
	}
	_, err := create(payer, payer, members[0])
	refused(t, err, groupInvalid(types.ValidationExceptionReasonAccountsAlreadyAssociated))
	_, err = create(payer, payer, r.customer())
	refused(t, err, groupInvalid(types.ValidationExceptionReasonIllegalAccounts))
	_, err = create(members[0], payer)
	refused(t, err, groupInvalid(types.ValidationExceptionReasonPrimaryNotAssociated))
	first, err := client.ListBillingGroups(t.Context(), &bc.ListBillingGroupsInput{})
	if err != nil || first.NextToken == nil {
		t.Fatalf("%+v, %v", first, err)
	}
	_, err = client.ListPricingPlans(t.Context(), &bc.ListPricingPlansInput{NextToken: first.NextToken})
	refused(t, err, groupInvalid("FIELD_VALIDATION_FAILED"))
	if _, err := client.DeleteBillingGroup(t.Context(), &bc.DeleteBillingGroupInput{Arn: first.BillingGroups[0].Arn}); err != nil {
		t.Error(err)
	}
	_, err = client.DeleteBillingGroup(t.Context(), &bc.DeleteBillingGroupInput{Arn: first.BillingGroups[0].Arn})
	refused(t, err, groupInvalid(types.ValidationExceptionReasonMissingBillinggroup))
	plans, err := client.ListPricingPlans(t.Context(), &bc.ListPricingPlansInput{})
	if err != nil || len(plans.PricingPlans) != 2 || *plans.BillingPeriod != "2026-11" {
		t.Errorf("plans are %+v, %v", plans, err)
	}
}
