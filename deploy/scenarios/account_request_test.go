package scenarios_test

import (
	"cmp"
	"testing"

	"google.golang.org/grpc/codes"

	"example.com/handover/deploy/actors"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

type (
	acr      = accounttransferv1.AccountRequest
	acrState = accounttransferv1.AccountRequestState
)

// The states of a request, in short.
const (
	acrInReview  = accounttransferv1.AccountRequestState_ACCOUNT_REQUEST_STATE_IN_REVIEW
	acrInfo      = accounttransferv1.AccountRequestState_ACCOUNT_REQUEST_STATE_INFO_REQUESTED
	acrApproved  = accounttransferv1.AccountRequestState_ACCOUNT_REQUEST_STATE_APPROVED
	acrCreating  = accounttransferv1.AccountRequestState_ACCOUNT_REQUEST_STATE_CREATING
	acrFollowUp  = accounttransferv1.AccountRequestState_ACCOUNT_REQUEST_STATE_FOLLOW_UP
	acrReady     = accounttransferv1.AccountRequestState_ACCOUNT_REQUEST_STATE_READY
	acrRejected  = accounttransferv1.AccountRequestState_ACCOUNT_REQUEST_STATE_REJECTED
	acrCancelled = accounttransferv1.AccountRequestState_ACCOUNT_REQUEST_STATE_CANCELLED
)

// setUp is a customer whose provider is set up, as AccountTransfer knows.
func (w *world) setUp(t *testing.T) customer {
	t.Helper()
	c := w.newCustomer(t)
	c.setUp(t)
	return c
}

func (c customer) setUp(t *testing.T) {
	t.Helper()
	if err := c.w.op(t).SetProvider(t.Context(), c.id); err != nil {
		t.Fatalf("set up the provider: %v", err)
	}
	c.w.Settle(t)
}

// requestsAccount is a request of a customer whose provider is set up.
func (c customer) requestsAccount(t *testing.T, change ...func(*accounttransferv1.CreateAccountRequestRequest)) *acr {
	t.Helper()
	c.setUp(t)
	return c.asksForAccount(t, change...)
}

func (c customer) asksForAccount(t *testing.T, change ...func(*accounttransferv1.CreateAccountRequestRequest)) *acr {
	t.Helper()
	req := actors.AccountRequest(c.id)
	for _, f := range change {
		f(req)
	}
	r, err := c.hands(t).RequestAccount(t.Context(), req)
	if err != nil {
		t.Fatalf("request the account: %v", err)
	}
	c.w.Settle(t)
	return c.w.request(t, r.GetAccountRequestId())
}

func (w *world) request(t *testing.T, requestID string) *acr {
	t.Helper()
	resp, err := w.Requests.GetAccountRequest(w.operator(t), &accounttransferv1.GetAccountRequestRequest{AccountRequestId: requestID})
	if err != nil {
		t.Fatalf("read the request: %v", err)
	}
	return resp.GetAccountRequest()
}

// stands fails unless the request is in a state.
func (w *world) stands(t *testing.T, requestID string, want acrState) *acr {
	t.Helper()
	r := w.request(t, requestID)
	if r.GetState() != want {
		t.Fatalf("the request is %s (waits for %v, AWS says %v), want %s", r.GetState(), r.GetWaiting(), r.GetCreation(), want)
	}
	return r
}

// approves has Operations approve the request, and waits for what comes of it.
func (w *world) approves(t *testing.T, requestID string) *acr {
	t.Helper()
	if err := w.op(t).ApproveAccount(t.Context(), requestID); err != nil {
		t.Fatalf("approve: %v", err)
	}
	w.Settle(t)
	return w.request(t, requestID)
}

// followedUp is a request whose account is there.
func (c customer) followedUp(t *testing.T, change ...func(*accounttransferv1.CreateAccountRequestRequest)) *acr {
	t.Helper()
	r := c.requestsAccount(t, change...)
	c.w.approves(t, r.GetAccountRequestId())
	return c.w.stands(t, r.GetAccountRequestId(), acrFollowUp)
}

// casesOf are those of a request that are not over.
func (w *world) casesOf(t *testing.T, requestID string) (open []*supportv1.Case) {
	t.Helper()
	resp, err := w.Cases.ListCases(w.operator(t), &supportv1.ListCasesRequest{Correlation: requestID, PageSize: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range resp.GetCases() {
		if c.GetState() == supportv1.CaseState_CASE_STATE_NEW || c.GetState() == supportv1.CaseState_CASE_STATE_OPEN {
			open = append(open, c)
		}
	}
	return open
}

// mailsAbout are those that were asked for by a request from a template.
func (w *world) mailsAbout(t *testing.T, requestID, template string) (found []*notificationsv1.Notification) {
	t.Helper()
	resp, err := w.Mails.ListNotifications(w.operator(t), &notificationsv1.ListNotificationsRequest{Correlation: requestID, PageSize: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range resp.GetNotifications() {
		if n.GetTemplateKey() == template {
			found = append(found, n)
		}
	}
	return found
}

// TestAccountRequest is the life of a request for a new account, from the customer's profile to an account that is ready.
func TestAccountRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	t.Run("XFR-NA-01 without a customer's profile there is no request", w.profileIsNeeded)
	t.Run("XFR-NA-04 XFR-NA-05 without a provider and its pricebook there is no request", w.providerIsNeeded)
	t.Run("XFR-NA-03 the reseller finds the customer in the list and opens its profile", w.profileIsOpened)
	t.Run("XFR-NA-07 the pricebook that the provider names is opened and edited", w.pricebookIsEdited)
	t.Run("XFR-NA-06 the invoice currency is chosen among the seller's", w.currencyIsChosen)
	t.Run("XFR-NA-08 a provider that the portal does not show takes no request", w.portalIsNeeded)
	t.Run("XFR-NA-09 the optimization of reserved instances cannot be passed on", w.optimizationStays)
	t.Run("XFR-NA-10 XFR-NA-11 SUP-008 a request goes to Cloud Support Ops of its region at once", w.requestIsRouted)
	t.Run("XFR-NA-02 XFR-NA-12 approved, the account is created in the payer's organization, watched and billed", w.accountIsCreated)
	t.Run("XFR-NA-14 a root address is used once", w.addressIsUnique)
	t.Run("XFR-NA-15 a root address is one that AWS takes, of a mailbox that is read", w.mailboxIsRead)
	t.Run("XFR-NA-16 XFR-NA-17 the account has the name and is to have the plan that were asked for", w.fieldsAreAsked)
	t.Run("XFR-NA-18 XFR-NA-19 NTF-011 the root owner is reminded until the password is reset", w.rootIsReset)
	t.Run("XFR-NA-20 XFR-NA-22 GW-009 the role is validated", w.roleIsValidated)
	t.Run("XFR-NA-21 the support plan is changed where it was asked for", w.planIsChanged)
	t.Run("XFR-NA-21 a change to Business is seen at AWS without anybody's word", w.planIsSeen)
	t.Run("XFR-NA-23 GW-009 the support plan group is set, and the account is ready", w.groupIsSet)
}

func (w *world) refusesAccount(
	t *testing.T, c customer, code codes.Code, reason string, change ...func(*accounttransferv1.CreateAccountRequestRequest),
) {
	t.Helper()
	req := actors.AccountRequest(c.id)
	for _, f := range change {
		f(req)
	}
	_, err := w.op(t).RequestAccount(t.Context(), req)
	refusal(t, err, code, reason)
}

func (w *world) profileIsNeeded(t *testing.T) {
	nobody := customer{w: w, id: "cus_00000000000000000000000000"}
	w.refusesAccount(t, nobody, codes.InvalidArgument, "CUSTOMER_UNKNOWN")
	c := w.newCustomer(t)
	listed, err := w.Customers.ListCustomers(w.operator(t), &ordersv1.ListCustomersRequest{CustomerId: c.id})
	if err != nil || len(listed.GetCustomers()) != 1 || listed.GetCustomers()[0].GetProvider() != nil {
		t.Errorf("the list of customers has %v, %v", listed.GetCustomers(), err)
	}
}

func (w *world) providerIsNeeded(t *testing.T) {
	c := w.newCustomer(t)
	w.Settle(t)
	w.refusesAccount(t, c, codes.FailedPrecondition, "PROVIDER_NOT_SET_UP")
	c.setUp(t)
	got, err := w.Customers.GetCustomer(w.operator(t), &ordersv1.GetCustomerRequest{CustomerId: c.id})
	if p := got.GetCustomer().GetProvider(); err != nil || p.GetPricebookId() == "" || p.GetCurrencyCode() != "EUR" || !p.GetPortalEnabled() {
		t.Errorf("the provider is %v, %v", p, err)
	}
	c.asksForAccount(t)
}

func (w *world) setProvider(t *testing.T, c customer, change func(*ordersv1.SetProviderRequest)) error {
	t.Helper()
	found, err := w.Customers.GetCustomer(w.operator(t), &ordersv1.GetCustomerRequest{CustomerId: c.id})
	if err != nil {
		t.Fatal(err)
	}
	req := &ordersv1.SetProviderRequest{CustomerId: c.id, Provider: &ordersv1.Provider{
		CurrencyCode: "EUR", PricebookId: cmp.Or(found.GetCustomer().GetProvider().GetPricebookId(), anyBook), PortalEnabled: true,
	}}
	change(req)
	_, err = w.Customers.SetProvider(w.operator(t), req)
	return err
}

func (w *world) currencyIsChosen(t *testing.T) {
	c := w.newCustomer(t)
	err := w.setProvider(t, c, func(r *ordersv1.SetProviderRequest) { r.Provider.CurrencyCode = "JPY" })
	refusal(t, err, codes.InvalidArgument, "CURRENCY_NOT_SERVED")
	if r := c.requestsAccount(t); r.GetCurrencyCode() != "EUR" {
		t.Errorf("invoiced in %q", r.GetCurrencyCode())
	}
}

func (w *world) portalIsNeeded(t *testing.T) {
	c := w.setUp(t)
	if err := w.setProvider(t, c, func(r *ordersv1.SetProviderRequest) { r.Provider.PortalEnabled = false }); err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	w.refusesAccount(t, c, codes.FailedPrecondition, "PROVIDER_NOT_SET_UP")
}

func (w *world) optimizationStays(t *testing.T) {
	c := w.newCustomer(t)
	err := w.setProvider(t, c, func(r *ordersv1.SetProviderRequest) { r.PassRiOptimization = true })
	if e := refusal(t, err, codes.InvalidArgument, "RI_PASS_THROUGH_UNAVAILABLE"); !violated(e, "pass_ri_optimization") {
		t.Errorf("refused with %+v", e)
	}
}

func (w *world) requestIsRouted(t *testing.T) {
	r := w.setUp(t).asksForAccount(t)
	w.stands(t, r.GetAccountRequestId(), acrInReview)
	if r.GetRegion() != "EMEA" || r.GetOperationsGroup() == "" || r.GetWaiting().GetOwner() != typev1.Party_PARTY_RESELLER {
		t.Errorf("the request is %v", r)
	}
	open := w.casesOf(t, r.GetAccountRequestId())
	if len(open) != 1 || open[0].GetKind() != supportv1.CaseKind_CASE_KIND_ACCOUNT_REQUEST ||
		!mentions(open[0].GetTitle(), r.GetOperationsGroup(), "EMEA") {
		t.Errorf("the cases are %v", open)
	}
	listed, err := w.Requests.ListAccountRequests(w.operator(t), &accounttransferv1.ListAccountRequestsRequest{
		CustomerId: r.GetCustomerId(), Region: "EMEA", States: []acrState{acrInReview},
		WaitingOwners: []typev1.Party{typev1.Party_PARTY_RESELLER},
	})
	if err != nil || len(listed.GetAccountRequests()) != 1 {
		t.Errorf("the list of the region has %v, %v", listed.GetAccountRequests(), err)
	}
}

func (w *world) accountIsCreated(t *testing.T) {
	c := w.newCustomer(t)
	r := c.followedUp(t)
	con := w.connectionOf(t, r)
	if con.GetBasis() != accounttransferv1.ConnectionBasis_CONNECTION_BASIS_MEMBERSHIP || con.GetAccountId() != r.GetAccountId() ||
		con.GetState() != accounttransferv1.ConnectionState_CONNECTION_STATE_EFFECTIVE || con.GetAccountRequestId() != r.GetAccountRequestId() ||
		!con.GetStartTime().AsTime().Equal(at(t, "2026-02-01T00:00:00Z")) {
		t.Errorf("the connection is %v", con)
	}
	billed, err := w.Billing.ListRelationships(w.operator(t), &billingv1.ListRelationshipsRequest{CustomerId: c.id})
	if err != nil || len(billed.GetRelationships()) != 1 || billed.GetRelationships()[0].GetAccountId() != r.GetAccountId() {
		t.Errorf("billing has %v, %v", billed.GetRelationships(), err)
	}
	// No agreement stands behind it yet: the reseller pays, and Operations is told.
	found := w.nextSweep(t).GetUnclaimed()
	if len(found) != 1 || found[0].GetSourceAccountId() != r.GetAccountId() || found[0].GetCaseId() == "" {
		t.Errorf("found without an agreement: %v", found)
	}
	if n := len(w.mailsAbout(t, r.GetAccountRequestId(), "account-request-approved")); n != 1 {
		t.Errorf("told of the approval %d times", n)
	}
}

func (w *world) connectionOf(t *testing.T, r *acr) *accounttransferv1.Connection {
	t.Helper()
	resp, err := w.Connections.GetConnection(w.operator(t), &accounttransferv1.GetConnectionRequest{ConnectionId: r.GetConnectionId()})
	if err != nil {
		t.Fatalf("read the connection of %v: %v", r, err)
	}
	return resp.GetConnection()
}

func (w *world) addressIsUnique(t *testing.T) {
	first, second := w.setUp(t), w.setUp(t)
	req := actors.AccountRequest(first.id)
	r, err := first.hands(t).RequestAccount(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	same := func(again *accounttransferv1.CreateAccountRequestRequest) {
		again.RootEmail = "R" + req.GetRootEmail()[1:]
	}
	w.refusesAccount(t, second, codes.FailedPrecondition, "ROOT_EMAIL_IN_USE", same)
	w.rejectsAccount(t, r.GetAccountRequestId())
	second.asksForAccount(t, same) // nothing came of the first: it is free again
}

func (w *world) rejectsAccount(t *testing.T, requestID string) {
	t.Helper()
	_, err := w.Requests.RejectAccountRequest(w.operator(t), &accounttransferv1.RejectAccountRequestRequest{
		AccountRequestId: requestID, Reason: "The customer has an account already.",
	})
	if err != nil {
		t.Fatalf("reject: %v", err)
	}
	w.Settle(t)
}

func (w *world) mailboxIsRead(t *testing.T) {
	c := w.setUp(t)
	w.refusesAccount(t, c, codes.InvalidArgument, "MAILBOX_NOT_CONFIRMED", func(r *accounttransferv1.CreateAccountRequestRequest) {
		r.MailboxConfirmed = false
	})
	w.refusesAccount(t, c, codes.InvalidArgument, "ROOT_EMAIL_INVALID", func(r *accounttransferv1.CreateAccountRequestRequest) {
		r.RootEmail = "a-root-address-that-is-longer-than-what-aws-takes-as-an-address@example.com"
	})
	r := c.asksForAccount(t)
	read := func(as func() (*accounttransferv1.GetAccountRequestResponse, error)) string {
		resp, err := as()
		if err != nil {
			t.Fatal(err)
		}
		return resp.GetMailbox().GetRootEmail()
	}
	get := &accounttransferv1.GetAccountRequestRequest{AccountRequestId: r.GetAccountRequestId()}
	if read(func() (*accounttransferv1.GetAccountRequestResponse, error) {
		return w.Requests.GetAccountRequest(c.person(t), get)
	}) == "" {
		t.Error("the customer does not see its root address")
	}
}

func (w *world) fieldsAreAsked(t *testing.T) {
	r := w.newCustomer(t).followedUp(t, func(r *accounttransferv1.CreateAccountRequestRequest) {
		r.AccountRequest.Nickname, r.AccountRequest.SupportType = "Data lake", accounttransferv1.SupportType_SUPPORT_TYPE_DEVELOPER
	})
	if r.GetNickname() != "Data lake" || r.GetSupportType() != accounttransferv1.SupportType_SUPPORT_TYPE_DEVELOPER ||
		r.GetSupportPlan() != accounttransferv1.SupportType_SUPPORT_TYPE_BASIC_NONE {
		t.Errorf("the request is %v", r)
	}
	created := w.creations(t)
	if len(created) == 0 || !mentions(created[len(created)-1].GetRequest(), "Data lake") {
		t.Errorf("AWS was asked %v", created)
	}
}

// creations are the calls by which AWS was asked for an account, oldest first.
func (w *world) creations(t *testing.T) (found []*sandboxv1.AwsCall) {
	t.Helper()
	resp, err := w.Sandbox.ListAwsCalls(w.operator(t), &sandboxv1.ListAwsCallsRequest{Operation: opCreateAccount, PageSize: 500})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range resp.GetCalls() {
		if c.GetEffect() {
			found = append(found, c)
		}
	}
	return found
}
