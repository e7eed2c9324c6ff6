package roles_test

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
	"example.com/handover/services/accounttransfer/internal/access"
	"example.com/handover/services/accounttransfer/internal/aws/roles"
)

const (
	reseller = "111111111111"
	customer = "222222222222"
	ours     = "trf_1"
)

func simulator(t *testing.T) (*simaws.Simulator, string) {
	t.Helper()
	now := clock.NewMovable(time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC))
	sim, err := simaws.New(simaws.Options{Now: now.Now, Settings: organizations.DefaultSettings()})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(sim)
	t.Cleanup(func() { _ = sim.Close(); server.Close() })
	for _, account := range []string{reseller, customer} {
		_, _, err := sim.CreateOrganization(t.Context(), simaws.NewOrganization{
			NewAccount: simaws.NewAccount{ID: account, Name: "Account " + account, Email: "root@" + account + ".test"},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return sim, server.URL
}

func client(t *testing.T, endpoint, key, secret string) *roles.Client {
	t.Helper()
	clients, err := aws.New(
		t.Context(), aws.Config{Endpoint: endpoint, AccessKeyID: key, SecretAccessKey: secret, MaxBackoff: time.Millisecond},
	)
	if err != nil {
		t.Fatal(err)
	}
	return roles.New(clients)
}

func TestLook(t *testing.T) {
	sim, endpoint := simulator(t)
	key, secret := simaws.AccessKey(reseller)
	for name, c := range map[string]struct {
		role state.Role
		want access.State
	}{
		"Safe":    {state.Role{ExternalID: ours}, access.Safe},
		"Open":    {state.Role{}, access.Unsafe},
		"AnyID":   {state.Role{AnyID: true}, access.Unsafe},
		"Another": {state.Role{ExternalID: "trf_2"}, access.Missing},
	} {
		t.Run(name, func(t *testing.T) {
			c.role.Account, c.role.Name, c.role.Trusts = customer, name, []string{reseller}
			deployed, err := sim.DeployRole(t.Context(), c.role)
			if err != nil {
				t.Fatal(err)
			}
			got, err := client(t, endpoint, key, secret).Look(t.Context(), deployed.ARN(), customer, ours)
			if err != nil || got.State != c.want {
				t.Errorf("got %+v, %v, want %q", got, err, c.want)
			}
		})
	}
	t.Run("credentials of ours that are not accepted say nothing about the role", func(t *testing.T) {
		got, err := client(t, endpoint, "AKIANOBODYSKEY000000", secret).Look(t.Context(), "arn:aws:iam::"+customer+":role/Safe", customer, ours)
		if err == nil || aws.Classify(err).Class != aws.Denied {
			t.Errorf("got %+v, %v", got, err)
		}
	})
}

// TestLookAtWhatItMayDo: a role that is safe is asked for what the reseller needs. What an account does not have is no lack of a right.
func TestLookAtWhatItMayDo(t *testing.T) {
	sim, endpoint := simulator(t)
	key, secret := simaws.AccessKey(reseller)
	for name, denies := range map[string][]string{
		"All": nil, "One": {"support:DescribeSeverityLevels"}, "None": roles.Probes(), "Others": {"sts:GetSessionToken"},
	} {
		deployed, err := sim.DeployRole(t.Context(), state.Role{
			Account: customer, Name: name, Trusts: []string{reseller}, ExternalID: ours, Denies: denies,
		})
		if err != nil {
			t.Fatal(err)
		}
		got, err := client(t, endpoint, key, secret).Look(t.Context(), deployed.ARN(), customer, ours, roles.Probes()...)
		want := slices.DeleteFunc(slices.Clone(denies), func(action string) bool { return !slices.Contains(roles.Probes(), action) })
		if err != nil || got.State != access.Safe || !slices.Equal(got.Denied, want) {
			t.Errorf("%s: got %+v, %v, want %v denied", name, got, err, want)
		}
	}
}
