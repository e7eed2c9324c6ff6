package costs_test

import (
	"net/http/httptest"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/clock"
	simaws "example.com/handover/pkg/sim/aws"
	"example.com/handover/pkg/sim/aws/bill"
	"example.com/handover/pkg/sim/aws/organizations"
	"example.com/handover/pkg/sim/aws/state"
)

const (
	reseller = "999988887777"
	payer    = "111122223333"
)

var march = calendar.Month{Year: 2026, Month: time.March}

// rig is an AWS with the reseller's payer, whose pages are short.
type rig struct {
	*simaws.Simulator
	t       *testing.T
	clock   *clock.Business
	clients *aws.Clients
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, clock: clock.NewMovable(time.Date(2026, 2, 16, 9, 0, 0, 0, time.UTC))}
	key, secret := simaws.AccessKey(reseller)
	var err error
	r.Simulator, err = simaws.New(simaws.Options{
		Now: r.clock.Now, Settings: organizations.DefaultSettings(), Billing: bill.Settings{CostGroups: 2, Invoices: 1, Views: 1},
	})
	r.ok(err)
	at := httptest.NewServer(r.Simulator)
	t.Cleanup(func() { r.ok(r.Close()); at.Close() })
	_, err = r.SignUp(t.Context(), simaws.NewAccount{ID: reseller, Name: "Reseller", Email: "root@reseller.test"})
	r.ok(err)
	r.organization(payer)
	_, err = r.DeployRole(t.Context(), state.Role{Account: payer, Name: "handover", Trusts: []string{reseller}, ExternalID: "secret"})
	r.ok(err)
	r.clients, err = aws.New(t.Context(), aws.Config{Endpoint: at.URL, AccessKeyID: key, SecretAccessKey: secret, Timeout: 5 * time.Second})
	r.ok(err)
	return r
}

func (r *rig) ok(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) organization(account string) {
	r.t.Helper()
	quota := 10
	_, _, err := r.CreateOrganization(r.t.Context(), simaws.NewOrganization{
		NewAccount: simaws.NewAccount{ID: account, Name: "Account " + account, Email: account + "@aws.test"}, InboundQuota: &quota,
	})
	r.ok(err)
}

// transferred is a customer's organization whose billing the payer takes from March on.
func (r *rig) transferred(account string) {
	r.t.Helper()
	r.organization(account)
	api, err := r.clients.Organizations(r.payer())
	r.ok(err)
	start, name := march.Start(), "transfer of "+account
	_, err = api.InviteOrganizationToTransferResponsibility(r.t.Context(), &sdk.InviteOrganizationToTransferResponsibilityInput{
		Type: types.ResponsibilityTransferTypeBilling, SourceName: &name, StartTimestamp: &start,
		Target: &types.HandshakeParty{Id: &account, Type: types.HandshakePartyTypeAccount},
	})
	r.ok(err)
	_, err = r.AcceptBillingTransfer(r.t.Context(), account)
	r.ok(err)
}

func (r *rig) payer() aws.Payer {
	return aws.Payer{AccountID: payer, RoleARN: "arn:aws:iam::" + payer + ":role/handover", ExternalID: "secret"}
}

// at moves the clock.
func (r *rig) at(t time.Time) {
	r.t.Helper()
	r.ok(r.clock.Set(t))
}

func (r *rig) use(account string, lines ...state.Usage) {
	r.t.Helper()
	for i := range lines {
		lines[i].Account, lines[i].Month = account, march
	}
	_, err := r.RecordUsage(r.t.Context(), lines...)
	r.ok(err)
}
