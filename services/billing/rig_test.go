package billing_test

import (
	"net/http/httptest"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit/kittest"
	simaws "example.com/handover/pkg/sim/aws"
	"example.com/handover/pkg/sim/aws/bill"
	"example.com/handover/pkg/sim/aws/organizations"
	"example.com/handover/pkg/sim/aws/state"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/billing"
	"example.com/handover/services/billing/internal/period"
	"example.com/handover/services/billing/internal/pricebook"
)

const (
	resellerAccount = "999988887777"
	payerAccount    = "111122223333"
	customerAccount = "123456789012"
	neighbour       = "210987654321"
)

// month is one of 2026.
func month(m time.Month) calendar.Month { return calendar.Month{Year: 2026, Month: m} }

// rig is billing alone beside an AWS with the reseller's payer, by one clock.
type rig struct {
	*alone
	aws     *simaws.Simulator
	t       *testing.T
	clients *aws.Clients
	clock   *clock.Business
	payer   aws.Payer
	ownedBy string // customer whose own organization the payer manages; empty: it is for all
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{alone: startAlone(t), t: t, clock: clock.NewMovable(time.Date(2026, 2, 16, 9, 0, 0, 0, time.UTC))}
	key, secret := simaws.AccessKey(resellerAccount)
	var err error
	r.aws, err = simaws.New(simaws.Options{Now: r.clock.Now, Settings: organizations.DefaultSettings(), Billing: bill.Settings{CostGroups: 2}})
	must(t, err)
	listener := httptest.NewServer(r.aws)
	t.Cleanup(func() { must(t, r.aws.Close()); listener.Close() })
	_, err = r.aws.SignUp(t.Context(), simaws.NewAccount{ID: resellerAccount, Name: "Reseller", Email: "root@reseller.test"})
	must(t, err)
	r.organization(payerAccount)
	_, err = r.aws.DeployRole(t.Context(), state.Role{
		Account: payerAccount, Name: "handover", Trusts: []string{resellerAccount}, ExternalID: "secret",
	})
	must(t, err)
	r.clients, err = aws.New(t.Context(), aws.Config{
		Endpoint: listener.URL, AccessKeyID: key, SecretAccessKey: secret, Timeout: 5 * time.Second,
	})
	must(t, err)
	r.payer = aws.Payer{AccountID: payerAccount, RoleARN: "arn:aws:iam::" + payerAccount + ":role/handover", ExternalID: "secret"}
	return r
}

func (r *rig) organization(account string) {
	r.t.Helper()
	quota := 10
	_, _, err := r.aws.CreateOrganization(r.t.Context(), simaws.NewOrganization{
		NewAccount: simaws.NewAccount{ID: account, Name: "Account " + account, Email: account + "@aws.test"}, InboundQuota: &quota,
	})
	must(r.t, err)
}

// transferred has the payer take the billing of the customer's organization from March on.
func (r *rig) transferred() {
	account := customerAccount
	r.t.Helper()
	r.organization(account)
	api, err := r.clients.Organizations(r.payer)
	must(r.t, err)
	start, name := month(time.March).Start(), "transfer of "+account
	_, err = api.InviteOrganizationToTransferResponsibility(r.t.Context(), &sdk.InviteOrganizationToTransferResponsibilityInput{
		Type: types.ResponsibilityTransferTypeBilling, SourceName: &name, StartTimestamp: &start,
		Target: &types.HandshakeParty{Id: &account, Type: types.HandshakePartyTypeAccount},
	})
	must(r.t, err)
	_, err = r.aws.AcceptBillingTransfer(r.t.Context(), account)
	must(r.t, err)
}

// joined is an account that becomes a member of the payer's organization.
func (r *rig) joined(account string) {
	r.t.Helper()
	_, err := r.aws.SignUp(r.t.Context(), simaws.NewAccount{ID: account, Name: "Account " + account, Email: account + "@aws.test"})
	must(r.t, err)
	api, err := r.clients.Organizations(r.payer)
	must(r.t, err)
	_, err = api.InviteAccountToOrganization(r.t.Context(), &sdk.InviteAccountToOrganizationInput{
		Target: &types.HandshakeParty{Id: &account, Type: types.HandshakePartyTypeAccount},
	})
	must(r.t, err)
	_, err = r.aws.Members().Join(r.t.Context(), account)
	must(r.t, err)
}

// uses records what an account uses in a month.
func (r *rig) uses(account string, m time.Month, lines ...state.Usage) {
	r.t.Helper()
	for i := range lines {
		lines[i].Account, lines[i].Month = account, month(m)
	}
	_, err := r.aws.RecordUsage(r.t.Context(), lines...)
	must(r.t, err)
}

// at moves the clock of both.
func (r *rig) at(to time.Time) {
	r.t.Helper()
	must(r.t, r.clock.Set(to))
	r.pass(r.t, to)
}

// billed begins the billing of a connection in US dollars, at cost.
func (r *rig) billed(c *accounttransferv1.Connection, terms ...func(*ordersv1.Agreement)) *billingv1.Relationship {
	r.t.Helper()
	agreement := &ordersv1.Agreement{
		AgreementId: id.New("agr"), OrderId: c.GetOrderId(), CustomerId: c.GetCustomerId(), TransferId: c.GetTransferId(),
		SellerId: id.New("sel"), CurrencyCode: "USD", State: ordersv1.AgreementState_AGREEMENT_STATE_ACTIVE,
	}
	for _, change := range terms {
		change(agreement)
	}
	must(r.t, billing.Keep(r.t.Context(), r.env.DB, pricebook.Pricebook{
		ID: id.New("pbk"), SellerID: agreement.GetSellerId(), DisplayName: "Standard", CurrencyCode: "USD", Standard: true,
	}))
	r.hearConnection(r.t, c)
	r.hearAgreement(r.t, agreement)
	return r.ofConnection(r.t, c)[0]
}

// period waits for the period of a month.
func (r *rig) period(relationshipID string, m time.Month) *billingv1.Period {
	r.t.Helper()
	var found *billingv1.Period
	kittest.Until(r.t, "the period of "+m.String(), func() bool {
		for _, p := range r.periods(r.t, relationshipID) {
			if time.Month(p.GetMonth().GetMonth()) == m {
				found = p
			}
		}
		return found != nil
	})
	return found
}

// steps does what is due of a period until nothing is, and returns it.
func (r *rig) steps(periodID string) *billingv1.Period {
	r.t.Helper()
	for range 20 {
		action, err := billing.Step(r.t.Context(), r.env.DB, r.clients, r.payer, r.ownedBy, periodID)
		must(r.t, err)
		if action == period.None {
			resp, err := r.billing.GetPeriod(r.operator(r.t), &billingv1.GetPeriodRequest{PeriodId: periodID})
			must(r.t, err)
			return resp.GetPeriod()
		}
	}
	r.t.Fatalf("there is always something to do of period %s", periodID)
	return nil
}

func (r *rig) invoices(relationshipID string) []*billingv1.Invoice {
	r.t.Helper()
	api := billingv1.NewInvoiceServiceClient(r.Conn())
	resp, err := api.ListInvoices(r.operator(r.t), &billingv1.ListInvoicesRequest{RelationshipId: relationshipID})
	must(r.t, err)
	return resp.GetInvoices()
}
