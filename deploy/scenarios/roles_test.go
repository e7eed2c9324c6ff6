package scenarios_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/handover/deploy/config"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// bootstrapTemplate is where the reseller keeps the template of the role.
const bootstrapTemplate = "https://templates.example.com/bootstrap role.yaml"

// TestRoles is the customer's part after the service term: the Bootstrap Role, by which the reseller is let in.
func TestRoles(t *testing.T) {
	t.Parallel()
	w := startWorld(t, func(d config.Listeners) string {
		return strings.Replace(
			d.Sections("100ms"), "static_access_key:", "bootstrap_template_url: '"+bootstrapTemplate+"'\n      static_access_key:", 1,
		)
	})
	t.Run("ORD-031 XFR-BT-08 the customer deploys the role by a link, and it is found without anybody's word", w.roleIsFound)
	t.Run(
		"the role that is looked for is the customer's, by its own external id, and the customer reads that it is the only access",
		w.roleIsTheOnlyAccess,
	)
	t.Run("XFR-BT-09 a role that lets in whoever knows its name is refused until it is deployed again", w.roleIsUnsafe)
	t.Run("with AWS's own support missing roles do not stop the order, a case follows them", w.rolesAreFlagged)
	t.Run("a role that comes two days after the order is complete ends flag and case", w.roleComesLate)
	t.Run("a role that is gone, or opened, after the order is complete is flagged and has a case until it is mended", w.roleDrifts)
	t.Run("the customer reads what is wrong with a role that is there, instead of how to deploy one", w.remindedOfUnsafe)
	t.Run("ORD-040 with the channel that ServiceNow says is ready the order is complete and the agreement active", w.channelIsLast)
}

// termed is an order whose customer has accepted the service term and must now deploy the role.
func (c customer) termed(t *testing.T) *ordersv1.Order {
	t.Helper()
	o := c.accepted(t)
	c.acceptTerm(t)
	o = c.process(t, o.GetOrderId())
	if key := o.GetWaiting().GetStepKey(); key != "deploy-roles" {
		t.Fatalf("the order waits for %q", key)
	}
	return o
}

// deploy deploys the role as the customer, with an external id.
func (c customer) deploy(t *testing.T, externalID string) {
	t.Helper()
	if err := c.w.aws(t).DeployRole(t.Context(), c.account, externalID); err != nil {
		t.Fatalf("deploy the role: %v", err)
	}
}

// roleIs fails unless the role of a transfer was found so.
func (w *world) roleIs(t *testing.T, transferID string, want accounttransferv1.BootstrapRoleState) *accounttransferv1.BootstrapRole {
	t.Helper()
	role := w.transfer(t, transferID).GetConnection().GetRole()
	if role.GetState() != want {
		t.Errorf("the role is %v, want it %s", role, want)
	}
	return role
}

func (w *world) roleIsFound(t *testing.T) {
	c := w.newCustomer(t)
	o := c.termed(t)
	role := w.roleIs(t, o.GetTransferId(), accounttransferv1.BootstrapRoleState_BOOTSTRAP_ROLE_STATE_MISSING)
	link, err := url.Parse(role.GetDeployUrl())
	if err != nil || o.GetWaiting().GetWhere() != role.GetDeployUrl() {
		t.Fatalf("the customer is sent to %q, the link is %q (%v)", o.GetWaiting().GetWhere(), role.GetDeployUrl(), err)
	}
	page, fields, _ := strings.Cut(link.Fragment, "?")
	query, err := url.ParseQuery(fields)
	if err != nil || page != "/stacks/quickcreate" || query.Get("templateURL") != bootstrapTemplate ||
		query.Get("param_ExternalId") != role.GetExternalId() {
		t.Errorf("the link leads to %q with %v (%v)", page, query, err)
	}
	for _, r := range w.remindersOf(t, o.GetOrderId(), "deploy-roles") {
		if r.GetParams()["url"] != role.GetDeployUrl() || r.GetState() != notificationsv1.ReminderState_REMINDER_STATE_ACTIVE {
			t.Errorf("the customer is reminded by %v", r)
		}
	}
	c.deploy(t, role.GetExternalId())
	w.Advance(t, w.Now(t).Add(time.Hour)) // nobody presses anything
	w.roleIs(t, o.GetTransferId(), accounttransferv1.BootstrapRoleState_BOOTSTRAP_ROLE_STATE_DEPLOYED)
	if s := w.step(t, o.GetTransferId(), "deploy-roles"); s.GetState() != accounttransferv1.StepState_STEP_STATE_DONE || s.GetDoneBy() != nil {
		t.Errorf("the step is %v", s)
	}
}

func (w *world) roleIsTheOnlyAccess(t *testing.T) {
	c := w.newCustomer(t)
	o := c.termed(t)
	if what := o.GetWaiting().GetWhat(); !mentions(what, "only access", "root credentials stay with you", "nobody asks for them") {
		t.Errorf("the customer reads %q", what)
	}
	c.deploy(t, "another customer's")
	o = c.process(t, o.GetOrderId())
	role := w.roleIs(t, o.GetTransferId(), accounttransferv1.BootstrapRoleState_BOOTSTRAP_ROLE_STATE_MISSING)
	if want := "arn:aws:iam::" + c.account + ":role/HandoverBootstrapRole"; role.GetArn() != want ||
		role.GetExternalId() != o.GetTransferId() {
		t.Errorf("the role that is looked for is %v", role)
	}
	c.deploy(t, role.GetExternalId())
	c.process(t, o.GetOrderId())
	w.roleIs(t, o.GetTransferId(), accounttransferv1.BootstrapRoleState_BOOTSTRAP_ROLE_STATE_DEPLOYED)
}

func (w *world) roleIsUnsafe(t *testing.T) {
	c := w.newCustomer(t)
	o := c.termed(t)
	c.deploy(t, "")
	o = c.process(t, o.GetOrderId())
	role := w.roleIs(t, o.GetTransferId(), accounttransferv1.BootstrapRoleState_BOOTSTRAP_ROLE_STATE_UNSAFE)
	if wait := o.GetWaiting(); wait.GetStepKey() != "deploy-roles" || !mentions(wait.GetWhat(), "without its external id", "Deploy it again") {
		t.Errorf("the order waits for %v", wait)
	}
	c.process(t, o.GetOrderId())
	told := 0
	for _, e := range w.entries(t, c.person(t), o.GetOrderId()) {
		if e.GetName() == "role_unsafe" {
			told++
		}
	}
	if told != 1 {
		t.Errorf("the customer was told %d times", told)
	}
	c.deploy(t, role.GetExternalId())
	c.process(t, o.GetOrderId())
	w.roleIs(t, o.GetTransferId(), accounttransferv1.BootstrapRoleState_BOOTSTRAP_ROLE_STATE_DEPLOYED)
}

func (w *world) rolesAreFlagged(t *testing.T) {
	c := w.newCustomer(t)
	o := c.termed(t)
	if err := w.op(t).SkipStep(t.Context(), o.GetTransferId(), "set-up-support-channel", "Not needed here."); err != nil {
		t.Fatal(err)
	}
	w.Advance(t, w.step(t, o.GetTransferId(), "deploy-roles").GetDueTime().AsTime().Add(time.Minute))
	inState(t, w.order(t, o.GetOrderId()), ordersv1.OrderState_ORDER_STATE_COMPLETED)
	tr := w.transfer(t, o.GetTransferId())
	if s := w.step(t, o.GetTransferId(), "deploy-roles"); !slices.Equal(
		tr.GetFlags(), []accounttransferv1.TransferFlag{accounttransferv1.TransferFlag_TRANSFER_FLAG_ROLES_MISSING},
	) || s.GetState() != accounttransferv1.StepState_STEP_STATE_SKIPPED || s.GetReason() == "" {
		t.Errorf("the flags are %v, the step is %v", tr.GetFlags(), s)
	}
	cases, err := w.Cases.ListCases(w.operator(t), &supportv1.ListCasesRequest{CustomerId: c.id, PageSize: 100})
	if err != nil {
		t.Fatal(err)
	}
	if i := slices.IndexFunc(cases.GetCases(), func(c *supportv1.Case) bool {
		return c.GetKind() == supportv1.CaseKind_CASE_KIND_ROLES_MISSING && c.GetSubjectId() == o.GetTransferId() &&
			c.GetCorrelation() == o.GetOrderId()
	}); i < 0 {
		t.Errorf("the customer's cases are %v", cases.GetCases())
	}
	for _, r := range w.remindersOf(t, o.GetOrderId(), "deploy-roles") {
		if r.GetState() == notificationsv1.ReminderState_REMINDER_STATE_ACTIVE {
			t.Errorf("the customer is still reminded: %v", r)
		}
	}
}

// openCases are those of a kind about a customer that are not resolved.
func (w *world) openCases(t *testing.T, c customer, kind supportv1.CaseKind) (open []*supportv1.Case) {
	t.Helper()
	resp, err := w.Cases.ListCases(w.operator(t), &supportv1.ListCasesRequest{CustomerId: c.id, Kinds: []supportv1.CaseKind{kind}})
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range resp.GetCases() {
		if k.GetResolution() == nil {
			open = append(open, k)
		}
	}
	return open
}

// flaggedRole fails unless a transfer has this flag alone, and one open case; none: neither.
func (c customer) flaggedRole(t *testing.T, o *ordersv1.Order, flags ...accounttransferv1.TransferFlag) {
	t.Helper()
	if got := c.w.transfer(t, o.GetTransferId()).GetFlags(); !slices.Equal(got, flags) {
		t.Errorf("the flags are %v, want %v", got, flags)
	}
	if open := c.w.openCases(t, c, supportv1.CaseKind_CASE_KIND_ROLES_MISSING); len(open) != len(flags) {
		t.Errorf("the open cases are %v", open)
	}
}

func (w *world) roleComesLate(t *testing.T) {
	c := w.newCustomer(t)
	o := c.termed(t)
	if err := w.op(t).SkipStep(t.Context(), o.GetTransferId(), "set-up-support-channel", "Not needed here."); err != nil {
		t.Fatal(err)
	}
	w.Advance(t, w.step(t, o.GetTransferId(), "deploy-roles").GetDueTime().AsTime().Add(time.Minute))
	inState(t, w.order(t, o.GetOrderId()), ordersv1.OrderState_ORDER_STATE_COMPLETED)
	c.flaggedRole(t, o, accounttransferv1.TransferFlag_TRANSFER_FLAG_ROLES_MISSING)
	w.Advance(t, w.Now(t).Add(47*time.Hour))
	c.deploy(t, o.GetTransferId())
	w.Advance(t, w.Now(t).Add(25*time.Hour)) // it is looked for once a day
	c.flaggedRole(t, o)
	w.roleIs(t, o.GetTransferId(), accounttransferv1.BootstrapRoleState_BOOTSTRAP_ROLE_STATE_DEPLOYED)
}

func (w *world) roleDrifts(t *testing.T) {
	c := w.newCustomer(t)
	o := c.termed(t)
	c.deploy(t, o.GetTransferId())
	c.process(t, o.GetOrderId())
	if err := w.op(t).SkipStep(t.Context(), o.GetTransferId(), "set-up-support-channel", "Not needed here."); err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	inState(t, w.order(t, o.GetOrderId()), ordersv1.OrderState_ORDER_STATE_COMPLETED)
	const week = 7*24*time.Hour + time.Hour
	for _, drift := range []struct {
		externalID string
		flag       accounttransferv1.TransferFlag
	}{
		{"another customer's", accounttransferv1.TransferFlag_TRANSFER_FLAG_ROLE_LOST},
		{"", accounttransferv1.TransferFlag_TRANSFER_FLAG_ROLE_UNSAFE},
	} {
		c.deploy(t, drift.externalID)
		w.Advance(t, w.Now(t).Add(week))
		c.flaggedRole(t, o, drift.flag)
		c.deploy(t, o.GetTransferId())
		w.Advance(t, w.Now(t).Add(25*time.Hour))
		c.flaggedRole(t, o)
	}
}

func (w *world) remindedOfUnsafe(t *testing.T) {
	c := w.newCustomer(t)
	o := c.termed(t)
	c.deploy(t, "")
	c.process(t, o.GetOrderId())
	for _, r := range w.remindersOf(t, o.GetOrderId(), "deploy-roles") {
		if r.GetState() == notificationsv1.ReminderState_REMINDER_STATE_ACTIVE {
			t.Errorf("the customer is still asked to deploy it: %v", r)
		}
	}
	for _, r := range w.remindersOf(t, o.GetOrderId(), "action-needed") {
		if told := r.GetParams(); !mentions(told["title"], "could be let in") ||
			!mentions(told["body"], "without its external id", "Deploy it again") {
			t.Errorf("the customer is told %v", told)
		}
	}
}

func (w *world) channelIsLast(t *testing.T) {
	c := w.newCustomer(t)
	o := c.termed(t)
	c.deploy(t, o.GetTransferId())
	o = c.process(t, o.GetOrderId())
	inState(t, o, ordersv1.OrderState_ORDER_STATE_PROCESSING)
	tr := w.transfer(t, o.GetTransferId())
	for _, wait := range []*typev1.Waiting{tr.GetWaiting(), w.order(t, o.GetOrderId()).GetWaiting()} {
		if wait.GetOwner() != typev1.Party_PARTY_RESELLER || wait.GetStepKey() != "set-up-support-channel" || wait.GetWhat() == "" ||
			wait.GetWhere() == "" || wait.GetUntilTime() != nil || wait.GetEscalateTime() == nil {
			t.Errorf("it waits for %v", wait)
		}
	}
	channel, err := w.Channels.GetChannel(w.operator(t), &supportv1.GetChannelRequest{ChannelId: tr.GetChannelId()})
	if err != nil || channel.GetChannel().GetKind() != supportv1.ChannelKind_CHANNEL_KIND_RESOLD {
		t.Fatalf("the channel is %v, %v", channel, err)
	}
	records, err := w.agent(t).Records(t.Context(), channel.GetChannel().GetCaseId())
	if err != nil || len(records) != 1 {
		t.Fatalf("ServiceNow holds %v, %v", records, err)
	}
	if s := c.agreementOf(t, o).GetState(); s != ordersv1.AgreementState_AGREEMENT_STATE_PROVISIONING {
		t.Errorf("with a step to do the agreement is %s", s)
	}
	if err := w.agent(t).ResolveCase(t.Context(), channel.GetChannel().GetCaseId(), "The channel is open."); err != nil {
		t.Fatal(err)
	}
	w.Advance(t, w.Now(t).Add(6*time.Hour))
	inState(t, w.order(t, o.GetOrderId()), ordersv1.OrderState_ORDER_STATE_COMPLETED)
	if got := w.transfer(t, o.GetTransferId()); got.GetState() != accounttransferv1.TransferState_TRANSFER_STATE_COMPLETED ||
		len(got.GetFlags()) != 0 {
		t.Errorf("the transfer is %s with %v", got.GetState(), got.GetFlags())
	}
	for _, step := range w.transfer(t, o.GetTransferId()).GetSteps() {
		if step.GetState() != accounttransferv1.StepState_STEP_STATE_DONE {
			t.Errorf("left over is %v", step)
		}
	}
	if a := c.agreementOf(t, o); a.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_ACTIVE || a.GetActivateTime() == nil {
		t.Errorf("the agreement is %v", a)
	}
}
