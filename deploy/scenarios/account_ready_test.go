package scenarios_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"example.com/handover/deploy/actors"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// accountRole is the ARN of the role that the root owner deploys.
func accountRole(r *acr) string {
	return "arn:aws:iam::" + r.GetAccountId() + ":role/HandoverBootstrapRole"
}

// validates enters the role as somebody, and waits for what AWS says.
func (w *world) validates(t *testing.T, ctx context.Context, r *acr, arn string) accounttransferv1.AccountRoleState {
	t.Helper()
	_, err := w.Requests.ValidateRole(ctx, &accounttransferv1.ValidateRoleRequest{AccountRequestId: r.GetAccountRequestId(), RoleArn: arn})
	if err != nil {
		t.Fatalf("validate the role: %v", err)
	}
	w.Settle(t)
	return w.request(t, r.GetAccountRequestId()).GetRole().GetState()
}

func (w *world) deploysRole(t *testing.T, r *acr, externalID string) {
	t.Helper()
	if err := w.aws(t).DeployRole(t.Context(), r.GetAccountId(), externalID); err != nil {
		t.Fatalf("deploy the role: %v", err)
	}
}

func (w *world) confirmsRoot(t *testing.T, ctx context.Context, r *acr, evidence string) error {
	t.Helper()
	_, err := w.Requests.ConfirmRootAccess(ctx, &accounttransferv1.ConfirmRootAccessRequest{
		AccountRequestId: r.GetAccountRequestId(), Evidence: evidence,
	})
	w.Settle(t)
	return err
}

func (w *world) confirmsPlan(
	t *testing.T, ctx context.Context, r *acr, plan accounttransferv1.SupportType,
	change ...func(*accounttransferv1.ConfirmSupportPlanRequest),
) {
	t.Helper()
	req := &accounttransferv1.ConfirmSupportPlanRequest{
		AccountRequestId: r.GetAccountRequestId(), SupportPlan: plan, Evidence: "Seen in the support console.",
	}
	for _, f := range change {
		f(req)
	}
	_, err := w.Requests.ConfirmSupportPlan(ctx, req)
	if err != nil {
		t.Fatalf("confirm the plan: %v", err)
	}
	w.Settle(t)
}

func (w *world) setsGroup(t *testing.T, r *acr, group accounttransferv1.SupportPlanGroup) error {
	t.Helper()
	_, err := w.Requests.SetSupportPlanGroup(w.operator(t), &accounttransferv1.SetSupportPlanGroupRequest{
		AccountRequestId: r.GetAccountRequestId(), SupportPlanGroup: group,
	})
	w.Settle(t)
	return err
}

// reminds are the reminders of the next steps that are still sent.
func (w *world) reminds(t *testing.T, r *acr) (active []*notificationsv1.Reminder) {
	t.Helper()
	for _, reminder := range w.remindersOf(t, r.GetAccountRequestId(), "account-follow-up") {
		if reminder.GetState() == notificationsv1.ReminderState_REMINDER_STATE_ACTIVE {
			active = append(active, reminder)
		}
	}
	return active
}

func (w *world) rootIsReset(t *testing.T) {
	c := w.newCustomer(t)
	r := c.followedUp(t)
	if wait := r.GetWaiting(); wait.GetOwner() != typev1.Party_PARTY_CUSTOMER || !mentions(wait.GetWhat(), "password") {
		t.Errorf("the request waits for %v", wait)
	}
	before := w.reminds(t, r)
	if len(before) != 1 || before[0].GetParams()["root_access"] == "" {
		t.Errorf("reminded by %v", before)
	}
	w.Advance(t, w.Now(t).Add(4*24*time.Hour))
	mails := w.mailsAbout(t, r.GetAccountRequestId(), "account-follow-up")
	if len(mails) == 0 {
		t.Error("nobody was reminded")
	}
	refusal(t, w.confirmsRoot(t, w.operator(t), r, ""), codes.InvalidArgument, "EVIDENCE_REQUIRED")
	if err := w.confirmsRoot(t, c.person(t), r, ""); err != nil {
		t.Fatal(err)
	}
	after := w.reminds(t, r)
	if len(after) != 1 || after[0].GetParams()["root_access"] != "" || after[0].GetParams()["role"] == "" {
		t.Errorf("then reminded by %v", after)
	}
}

func (w *world) roleIsValidated(t *testing.T) {
	c := w.newCustomer(t)
	r := c.followedUp(t)
	_, err := w.Requests.ValidateRole(c.person(t), &accounttransferv1.ValidateRoleRequest{
		AccountRequestId: r.GetAccountRequestId(), RoleArn: "arn:aws:iam::111122223333:role/HandoverBootstrapRole",
	})
	refusal(t, err, codes.InvalidArgument, "ROLE_ACCOUNT_MISMATCH")
	w.deploysRole(t, r, "another-customers")
	if got := w.validates(t, c.person(t), r, accountRole(r)); got != accounttransferv1.AccountRoleState_ACCOUNT_ROLE_STATE_NOT_ASSUMABLE {
		t.Errorf("with another external id it is %s", got)
	}
	w.deploysRole(t, r, "")
	open := accounttransferv1.AccountRoleState_ACCOUNT_ROLE_STATE_EXTERNAL_ID_MISSING
	if got := w.validates(t, c.person(t), r, accountRole(r)); got != open {
		t.Errorf("without an external id it is %s", got)
	}
	w.deploysRole(t, r, r.GetRole().GetExternalId())
	path := "/v1/accountRequests/" + r.GetAccountRequestId()
	w.must(t, c.principal(), "POST", path+":validateRole", `{"roleArn": "`+accountRole(r)+`"}`)
	w.Settle(t)
	if got := w.must(t, c.principal(), "GET", path, "").at("accountRequest", "role", "state"); got != "ACCOUNT_ROLE_STATE_VALID" {
		t.Errorf("deployed as it should be, it is %s", got)
	}
}

func (w *world) planIsChanged(t *testing.T) {
	none := w.newCustomer(t).followedUp(t, func(r *accounttransferv1.CreateAccountRequestRequest) {
		r.AccountRequest.SupportType = accounttransferv1.SupportType_SUPPORT_TYPE_BASIC_NONE
	})
	for _, reminder := range w.reminds(t, none) {
		if reminder.GetParams()["support_plan"] != "" {
			t.Errorf("asked to change a plan that needs no change: %v", reminder)
		}
	}
	c := w.newCustomer(t)
	r := c.followedUp(t)
	if asked := w.reminds(t, r); len(asked) == 0 || asked[0].GetParams()["support_plan"] != "BUSINESS" {
		t.Errorf("reminded by %v", asked)
	}
	w.confirmsPlan(t, c.person(t), r, accounttransferv1.SupportType_SUPPORT_TYPE_BUSINESS)
	r = w.request(t, r.GetAccountRequestId())
	if r.GetSupportPlan() != accounttransferv1.SupportType_SUPPORT_TYPE_BUSINESS || r.GetSupportPlanConfirmation().GetEvidence() == "" {
		t.Errorf("the request is %v", r)
	}
}

// planIsSeen: AWS tells Business by the severity levels of cases, once the role lets us in.
func (w *world) planIsSeen(t *testing.T) {
	c := w.newCustomer(t)
	r := c.followedUp(t)
	w.deploysRole(t, r, r.GetRole().GetExternalId())
	w.validates(t, c.person(t), r, accountRole(r))
	if got := w.request(t, r.GetAccountRequestId()); got.GetSupportPlanConfirmation() != nil {
		t.Errorf("confirmed before it was changed: %v", got.GetSupportPlanConfirmation())
	}
	if err := w.aws(t).ChangeSupportPlan(t.Context(), r.GetAccountId(), "BUSINESS"); err != nil {
		t.Fatal(err)
	}
	w.Advance(t, w.Now(t).Add(2*time.Hour))
	r = w.request(t, r.GetAccountRequestId())
	if r.GetSupportPlan() != accounttransferv1.SupportType_SUPPORT_TYPE_BUSINESS || r.GetSupportPlanConfirmation().GetConfirmedBy() != nil ||
		!mentions(r.GetSupportPlanConfirmation().GetEvidence(), "urgent") {
		t.Errorf("the request is %v", r)
	}
}

// groupIsSet: the group is the last of the four; before it, the margin may be negative, and Operations has a case of that.
func (w *world) groupIsSet(t *testing.T) {
	c := w.newCustomer(t)
	r := c.followedUp(t)
	if err := w.confirmsRoot(t, c.person(t), r, ""); err != nil {
		t.Fatal(err)
	}
	w.deploysRole(t, r, r.GetRole().GetExternalId())
	w.validates(t, c.person(t), r, accountRole(r))
	developer := accounttransferv1.SupportType_SUPPORT_TYPE_DEVELOPER // another one than was asked for
	w.confirmsPlan(t, c.person(t), r, developer)
	if waits := w.stands(t, r.GetAccountRequestId(), acrFollowUp).GetWaiting(); waits.GetOwner() != typev1.Party_PARTY_CUSTOMER ||
		!mentions(waits.GetWhat(), "another support plan") {
		t.Errorf("with another plan the request waits for %v", waits)
	}
	w.confirmsPlan(t, c.person(t), r, developer, func(req *accounttransferv1.ConfirmSupportPlanRequest) { req.InPlace = true })
	if waits := w.stands(t, r.GetAccountRequestId(), acrFollowUp).GetWaiting(); waits.GetOwner() != typev1.Party_PARTY_RESELLER {
		t.Errorf("the request waits for %v", waits)
	}
	if open := w.casesOf(t, r.GetAccountRequestId()); len(open) != 1 ||
		!mentions(open[0].GetTitle()+open[0].GetDescription(), "margin", r.GetAccountId()) {
		t.Errorf("the cases are %v", open)
	}
	passthrough := accounttransferv1.SupportPlanGroup_SUPPORT_PLAN_GROUP_PASSTHROUGH
	err := w.setsGroup(t, r, accounttransferv1.SupportPlanGroup_SUPPORT_PLAN_GROUP_BUSINESS)
	refusal(t, err, codes.FailedPrecondition, "SUPPORT_PLAN_GROUP_MISMATCH")
	path := "/v1/accountRequests/" + r.GetAccountRequestId() + ":setSupportPlanGroup"
	body, err := json.Marshal(map[string]string{"supportPlanGroup": passthrough.String()})
	if err != nil {
		t.Fatal(err)
	}
	w.must(t, actors.OperatorOne(), "POST", path, string(body))
	w.Settle(t)
	r = w.stands(t, r.GetAccountRequestId(), acrReady)
	if r.GetSupportPlanGroup() != passthrough || r.GetWaiting() != nil || r.GetEndTime() == nil {
		t.Errorf("the request is %v", r)
	}
	if open := w.casesOf(t, r.GetAccountRequestId()); len(open) != 0 || len(w.reminds(t, r)) != 0 {
		t.Errorf("left are the cases %v and the reminders %v", open, w.reminds(t, r))
	}
	if n := len(w.mailsAbout(t, r.GetAccountRequestId(), "account-ready")); n != 1 {
		t.Errorf("told that it is ready %d times", n)
	}
}
