package aws_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	orgs "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/errs"
	simaws "example.com/handover/pkg/sim/aws"
	"example.com/handover/pkg/sim/aws/state"
)

// member creates a member account of an organization.
func (r *rig) member(management string) string {
	r.t.Helper()
	email := fmt.Sprintf("member-%d@customer.test", r.accounts.Add(1))
	out, err := r.organizations(management).CreateAccount(
		r.t.Context(), &orgs.CreateAccountInput{AccountName: aws.String("Member"), Email: &email},
	)
	if err != nil {
		r.t.Fatal(err)
	}
	done, err := r.organizations(management).DescribeCreateAccountStatus(r.t.Context(),
		&orgs.DescribeCreateAccountStatusInput{CreateAccountRequestId: out.CreateAccountStatus.Id})
	if err != nil {
		r.t.Fatal(err)
	}
	return aws.ToString(done.CreateAccountStatus.AccountId)
}

func (r *rig) signUp(conditions ...state.Condition) string {
	r.t.Helper()
	email := fmt.Sprintf("alone-%d@customer.test", r.accounts.Add(1))
	a, err := r.sim.SignUp(r.t.Context(), simaws.NewAccount{Name: "Alone", Email: email, Conditions: conditions})
	if err != nil {
		r.t.Fatal(err)
	}
	return a.ID
}

func TestStandAloneAccountBecomesAnOrganization(t *testing.T) {
	r := newRig(t)
	account := r.signUp()
	_, err := r.organizations(account).DescribeOrganization(t.Context(), &orgs.DescribeOrganizationInput{})
	refused(t, err, is[*types.AWSOrganizationsNotInUseException])
	_, err = r.organizations(account).CreateOrganization(t.Context(), &orgs.CreateOrganizationInput{FeatureSet: "SOME"})
	refused(t, err, invalid("INVALID_ENUM"))
	out, err := r.organizations(account).CreateOrganization(t.Context(), &orgs.CreateOrganizationInput{})
	if err != nil || out.Organization.FeatureSet != types.OrganizationFeatureSetAll || *out.Organization.MasterAccountId != account {
		t.Fatalf("%+v, %v", out, err)
	}
	matches(t, `o-[a-z0-9]{10,32}`, *out.Organization.Id)
	_, err = r.organizations(account).CreateOrganization(t.Context(), &orgs.CreateOrganizationInput{})
	refused(t, err, is[*types.AlreadyInOrganizationException])
	seen, err := r.organizations(r.member(account)).DescribeOrganization(t.Context(), &orgs.DescribeOrganizationInput{})
	if err != nil || *seen.Organization.Id != *out.Organization.Id {
		t.Errorf("a member sees %+v, %v", seen, err)
	}
}

func TestAccountsAreListedAndDescribed(t *testing.T) {
	r := newRig(t, func(o *simaws.Options) { o.Settings.AccountLimit = 0 })
	for range 22 {
		r.member(payer)
	}
	count := 0
	for pages := orgs.NewListAccountsPaginator(r.organizations(payer), &orgs.ListAccountsInput{}); pages.HasMorePages(); {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		count += len(page.Accounts)
	}
	if count != 23 {
		t.Errorf("%d accounts", count)
	}
	member := r.member(payer)
	got, err := r.organizations(payer).DescribeAccount(t.Context(), &orgs.DescribeAccountInput{AccountId: &member})
	if err != nil || got.Account.State != types.AccountStateActive || got.Account.Status != "" ||
		got.Account.JoinedMethod != types.AccountJoinedMethodCreated {
		t.Errorf("%+v, %v", got, err)
	}
	_, err = r.organizations(payer).DescribeAccount(t.Context(), &orgs.DescribeAccountInput{AccountId: aws.String(r.customer())})
	refused(t, err, is[*types.AccountNotFoundException])
	_, err = r.organizations(member).ListAccounts(t.Context(), &orgs.ListAccountsInput{})
	refused(t, err, is[*types.AccessDeniedException])
}

func TestAccountCreationTakesItsTime(t *testing.T) {
	r := newRig(t, func(o *simaws.Options) { o.Settings.AccountCreation = time.Minute })
	create := func(email string) *types.CreateAccountStatus {
		t.Helper()
		out, err := r.organizations(payer).CreateAccount(t.Context(), &orgs.CreateAccountInput{AccountName: aws.String("Member"), Email: &email})
		if err != nil {
			t.Fatal(err)
		}
		return out.CreateAccountStatus
	}
	good, taken := create("member@reseller.test"), create("AWS@reseller.test")
	if good.State != types.CreateAccountStateInProgress || taken.State != types.CreateAccountStateInProgress || good.AccountId != nil {
		t.Errorf("at once: %+v, %+v", good, taken)
	}
	list := func(s types.CreateAccountState) []types.CreateAccountStatus {
		t.Helper()
		out, err := r.organizations(payer).ListCreateAccountStatus(
			t.Context(), &orgs.ListCreateAccountStatusInput{States: []types.CreateAccountState{s}},
		)
		if err != nil {
			t.Fatal(err)
		}
		return out.CreateAccountStatuses
	}
	if n := len(list(types.CreateAccountStateInProgress)); n != 2 {
		t.Errorf("%d in progress", n)
	}
	accounts, err := r.organizations(payer).ListAccounts(t.Context(), &orgs.ListAccountsInput{})
	if err != nil || len(accounts.Accounts) != 1 {
		t.Errorf("too early: %+v, %v", accounts, err)
	}
	r.at(now.Add(time.Minute))
	if done := list(types.CreateAccountStateSucceeded); len(done) != 1 || *done[0].Id != *good.Id || done[0].AccountId == nil {
		t.Errorf("succeeded: %+v", done)
	}
	if failed := list(types.CreateAccountStateFailed); len(failed) != 1 ||
		failed[0].FailureReason != types.CreateAccountFailureReasonEmailAlreadyExists {
		t.Errorf("failed: %+v", failed)
	}
	_, err = r.organizations(r.customer()).DescribeCreateAccountStatus(
		t.Context(), &orgs.DescribeCreateAccountStatusInput{CreateAccountRequestId: good.Id},
	)
	refused(t, err, is[*types.CreateAccountStatusNotFoundException])
}

func TestCreateAccountRefuses(t *testing.T) {
	r := newRig(t, func(o *simaws.Options) { o.Settings.Finalizing, o.Settings.AccountLimit = time.Hour, 2 })
	create := func(change func(*orgs.CreateAccountInput)) error {
		in := &orgs.CreateAccountInput{AccountName: aws.String("Member"), Email: aws.String("member@reseller.test")}
		change(in)
		_, err := r.organizations(payer).CreateAccount(t.Context(), in)
		return err
	}
	asIs := func(*orgs.CreateAccountInput) {}
	refused(t, create(asIs), is[*types.FinalizingOrganizationException])
	r.at(now.Add(time.Hour))
	refused(t, create(func(in *orgs.CreateAccountInput) { in.Email = aws.String("a@b.c") }), invalid("MIN_LENGTH_EXCEEDED"))
	refused(t, create(func(in *orgs.CreateAccountInput) { in.Email = aws.String("member.at.x") }), invalid("INVALID_PATTERN"))
	refused(t, create(func(in *orgs.CreateAccountInput) { in.RoleName = aws.String("AWSServiceRoleForX") }), invalid("INVALID_ROLE_NAME"))
	refused(t, create(func(in *orgs.CreateAccountInput) { in.IamUserAccessToBilling = "MAYBE" }), invalid("INVALID_ENUM"))
	if err := create(asIs); err != nil {
		t.Fatal(err)
	}
	refused(t, create(asIs), constraint("ACCOUNT_NUMBER_LIMIT_EXCEEDED"))
}

func (r *rig) inviteToJoin(account string) (*types.Handshake, error) {
	out, err := r.organizations(payer).InviteAccountToOrganization(r.t.Context(), &orgs.InviteAccountToOrganizationInput{
		Target: &types.HandshakeParty{Id: aws.String(account), Type: types.HandshakePartyTypeAccount},
	})
	if err != nil {
		return nil, err
	}
	return out.Handshake, nil
}

func TestMemberOfAnotherOrganizationMovesInOneStep(t *testing.T) {
	r := newRig(t)
	member := r.member(r.customer())
	h, err := r.inviteToJoin(member)
	if err != nil || !h.ExpirationTimestamp.Equal(now.AddDate(0, 0, 15)) {
		t.Fatalf("%+v, %v", h, err)
	}
	matches(t, `arn:aws:organizations::111111111111:handshake/o-\w+/invite/h-\w+`, *h.Arn)
	_, err = r.inviteToJoin(member)
	refused(t, err, is[*types.DuplicateHandshakeException])
	if _, err := r.sim.Members().Join(t.Context(), member); err != nil {
		t.Fatal(err)
	}
	got, err := r.organizations(payer).DescribeAccount(t.Context(), &orgs.DescribeAccountInput{AccountId: &member})
	if err != nil || got.Account.JoinedMethod != types.AccountJoinedMethodInvited {
		t.Errorf("%+v, %v", got, err)
	}
	_, err = r.inviteToJoin(member)
	refused(t, err, handshakeConstraint("ALREADY_IN_AN_ORGANIZATION"))
}

func TestJoiningIsRefused(t *testing.T) {
	r := newRig(t)
	for _, c := range []struct {
		account string
		want    check
	}{
		{r.customer(), is[*types.MasterCannotLeaveOrganizationException]},
		{r.signUp(state.PaymentInstrumentRequired), handshakeConstraint("PAYMENT_INSTRUMENT_REQUIRED")},
		{r.signUp(state.MembershipChangeRateReached), handshakeConstraint("ORGANIZATION_MEMBERSHIP_CHANGE_RATE_LIMIT_EXCEEDED")},
		{r.signUp(state.DifferentSellerOfRecord), handshakeConstraint("ORGANIZATION_FROM_DIFFERENT_SELLER_OF_RECORD")},
	} {
		h, err := r.inviteToJoin(c.account)
		if err != nil {
			t.Fatal(err)
		}
		refused(t, r.accept(c.account, h), c.want)
	}
	for condition, want := range map[state.Condition]check{
		state.InvitesDisabled:  handshakeConstraint("INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES"),
		state.EmailNotVerified: is[*types.AccountOwnerNotVerifiedException],
	} {
		if err := r.sim.SetConditions(t.Context(), payer, condition); err != nil {
			t.Fatal(err)
		}
		_, err := r.inviteToJoin(r.signUp())
		refused(t, err, want)
	}
}

func TestSignUpAskedForAgain(t *testing.T) {
	r := newRig(t)
	n := simaws.NewAccount{ID: "210987654321", Name: "n", Email: "new@x.test"}
	first, org, err := r.sim.CreateOrganization(t.Context(), simaws.NewOrganization{NewAccount: n})
	if err != nil || org.Management != n.ID {
		t.Fatalf("%+v, %v", org, err)
	}
	second, again, err := r.sim.CreateOrganization(t.Context(), simaws.NewOrganization{NewAccount: n})
	if err != nil || second.ID != first.ID || again.ID != org.ID {
		t.Errorf("%+v, %+v, %v", second, again, err)
	}
	if third, err := r.sim.SignUp(t.Context(), n); err != nil || third.Organization != org.ID {
		t.Errorf("%+v, %v", third, err)
	}
	n.Name = "another"
	if _, err := r.sim.SignUp(t.Context(), n); errs.ReasonOf(err) != "ACCOUNT_EXISTS" {
		t.Error(err)
	}
}

func TestSignUpRefuses(t *testing.T) {
	r := newRig(t)
	for reason, n := range map[string]simaws.NewAccount{
		"ACCOUNT_EXISTS":     {ID: payer, Name: "n", Email: "new@x.test"},
		"EMAIL_EXISTS":       {Name: "n", Email: "AWS@RESELLER.test"},
		"ACCOUNT_ID_INVALID": {ID: "1", Name: "n", Email: "new@x.test"},
		"NAME_MISSING":       {Email: "new@x.test"},
		"EMAIL_INVALID":      {Name: "n", Email: "x"},
		"PARTITION_UNKNOWN":  {Name: "n", Email: "new@x.test", Partition: "moon"},
		"CONDITION_UNKNOWN":  {Name: "n", Email: "new@x.test", Conditions: []state.Condition{"TIRED"}},
	} {
		if _, err := r.sim.SignUp(t.Context(), n); errs.ReasonOf(err) != reason {
			t.Errorf("%s: %v", reason, err)
		}
		if _, _, err := r.sim.CreateOrganization(t.Context(), simaws.NewOrganization{NewAccount: n}); errs.ReasonOf(err) != reason {
			t.Errorf("%s: %v", reason, err)
		}
	}
}
