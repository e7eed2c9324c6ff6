package support_test

import (
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/clock"
	simaws "example.com/handover/pkg/sim/aws"
	"example.com/handover/pkg/sim/aws/organizations"
	"example.com/handover/pkg/sim/aws/state"
	"example.com/handover/services/accounttransfer/internal/aws/support"
)

const (
	reseller = "111111111111"
	customer = "222222222222"
	ours     = "acr_1"
)

// Each plan is told by the severity levels that AWS gives it; one without an API has none.
func TestLevels(t *testing.T) {
	now := clock.NewMovable(time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC))
	sim, err := simaws.New(simaws.Options{Now: now.Now, Settings: organizations.DefaultSettings()})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(sim)
	t.Cleanup(func() { _ = sim.Close(); server.Close() })
	for _, account := range []string{reseller, customer} {
		if _, err := sim.SignUp(t.Context(), simaws.NewAccount{ID: account, Name: "Account", Email: "root@" + account + ".test"}); err != nil {
			t.Fatal(err)
		}
	}
	role, err := sim.DeployRole(t.Context(), state.Role{Account: customer, Name: "Reseller", Trusts: []string{reseller}, ExternalID: ours})
	if err != nil {
		t.Fatal(err)
	}
	key, secret := simaws.AccessKey(reseller)
	clients, err := aws.New(
		t.Context(), aws.Config{Endpoint: server.URL, AccessKeyID: key, SecretAccessKey: secret, MaxBackoff: time.Millisecond},
	)
	if err != nil {
		t.Fatal(err)
	}
	business := []string{"low", "normal", "high", "urgent"}
	for plan, want := range map[state.SupportPlan][]string{
		state.BasicSupport: nil, state.DeveloperSupport: nil, state.BusinessSupport: business,
		state.EnterpriseSupport: append(slices.Clone(business), "critical"),
	} {
		if err := sim.ChangeSupportPlan(t.Context(), customer, plan); err != nil {
			t.Fatal(err)
		}
		got, known, err := support.New(clients).Levels(t.Context(), role.ARN(), ours)
		if err != nil || !known || !slices.Equal(got, want) {
			t.Errorf("%s: %v, known %t, %v", plan, got, known, err)
		}
	}
	if _, _, err := support.New(clients).Levels(t.Context(), role.ARN(), "another"); aws.Classify(err).Class != aws.Denied {
		t.Errorf("by another external id: %v", err)
	}
	if err := sim.ChangeSupportPlan(t.Context(), customer, "PLATINUM"); err == nil {
		t.Error("AWS has a plan that it does not sell")
	}
}
