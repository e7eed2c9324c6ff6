package costs_test

import (
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/money"
	simaws "example.com/handover/pkg/sim/aws"
	"example.com/handover/pkg/sim/aws/state"
	"example.com/handover/services/billing/internal/costs"
	"example.com/handover/services/billing/internal/statement"
	"example.com/handover/services/billing/internal/vendorinvoices"
)

// joined is an account of its own that has become a member of the payer's organization.
func (r *rig) joined(account string) {
	r.t.Helper()
	_, err := r.SignUp(r.t.Context(), simaws.NewAccount{ID: account, Name: "Account " + account, Email: account + "@aws.test"})
	r.ok(err)
	api, err := r.clients.Organizations(r.payer())
	r.ok(err)
	_, err = api.InviteAccountToOrganization(r.t.Context(), &sdk.InviteAccountToOrganizationInput{
		Target: &types.HandshakeParty{Id: &account, Type: types.HandshakePartyTypeAccount},
	})
	r.ok(err)
	_, err = r.Members().Join(r.t.Context(), account)
	r.ok(err)
}

// TestMemberOfTheOrganization: a member's charges are read out of the payer's own bill, no charge of anybody else among
// them, and AWS's invoices are over all of it.
func TestMemberOfTheOrganization(t *testing.T) {
	r := newRig(t)
	r.joined(customer)
	r.joined(neighbour)
	r.transferred("333344445555")
	r.at(time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC))
	r.use(customer, state.Usage{Service: "Amazon EC2", Amount: "100.5"}, state.Usage{Service: "Amazon S3", Amount: "7"},
		state.Usage{Service: "Scanner", BillingEntity: "AWS Marketplace", Amount: "50"})
	r.use(neighbour, state.Usage{Service: "Amazon EC2", Amount: "900"})
	r.use(payer, state.Usage{Service: "AWS Support (Business)", RecordType: "Support", Amount: "20"})
	r.use("333344445555", state.Usage{Service: "Amazon EC2", Amount: "4000"})
	reads, scope := costs.New(r.clients), costs.Scope{LinkedAccountIDs: []string{customer}}
	r.at(march.Next().Start())
	if early, err := reads.Totals(t.Context(), r.payer(), march); err != nil || early.Final {
		t.Errorf("before the month is closed: %+v, %v", early, err)
	}
	_, err := r.CloseMonth(t.Context(), payer, march)
	r.ok(err)

	found, err := reads.Read(t.Context(), r.payer(), scope, march)
	r.ok(err)
	if got := r.total(found); !found.Final || len(found.Charges) != 3 || got != "157.5" {
		t.Errorf("the member: final %t, %d charges, %s", found.Final, len(found.Charges), got)
	}
	whole, err := reads.Totals(t.Context(), r.payer(), march)
	r.ok(err)
	if got := r.total(whole); !whole.Final || got != "1077.5" {
		t.Errorf("the organization: final %t, %s", whole.Final, got)
	}
	invoices, err := vendorinvoices.New(r.clients).List(t.Context(), r.payer(), payer, march)
	r.ok(err)
	sums := map[statement.Entity]string{}
	for _, v := range invoices.Invoices {
		sums[v.Entity] = v.Total.Amount()
	}
	if len(sums) != 2 || sums[statement.AWS] != "1027.50" || sums[statement.Marketplace] != "50.00" {
		t.Errorf("the organization's invoices are %v", sums)
	}
}

func (r *rig) total(c costs.Costs) string {
	r.t.Helper()
	sum, err := money.Zero("USD")
	for _, charge := range c.Charges {
		r.ok(err)
		sum, err = sum.Add(charge.Amount)
	}
	r.ok(err)
	return sum.Amount()
}
