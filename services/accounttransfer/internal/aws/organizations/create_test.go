package organizations_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/clock"
	simaws "example.com/handover/pkg/sim/aws"
	simorganizations "example.com/handover/pkg/sim/aws/organizations"
	"example.com/handover/pkg/sim/aws/state"
	"example.com/handover/services/accounttransfer/internal/aws/organizations"
)

const (
	reseller = "111111111111"
	payer    = "222222222222"
)

// TestEachPageHasItsTurn: an organization may have thousands of accounts, and each page of them counts for AWS.
func TestEachPageHasItsTurn(t *testing.T) {
	now := clock.NewMovable(time.Date(2026, time.March, 2, 10, 0, 0, 0, time.UTC))
	settings := simorganizations.DefaultSettings()
	settings.AccountLimit = 0
	sim, err := simaws.New(simaws.Options{Now: now.Now, Settings: settings})
	if err != nil {
		t.Fatal(err)
	}
	var pages atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		target := r.Header.Get("X-Amz-Target")
		if strings.HasSuffix(target, ".ListAccounts") || strings.HasSuffix(target, ".ListCreateAccountStatus") {
			pages.Add(1)
		}
		sim.ServeHTTP(w, r)
	}))
	t.Cleanup(func() { _ = sim.Close(); server.Close() })
	if _, err := sim.SignUp(t.Context(), simaws.NewAccount{ID: reseller, Name: "Reseller", Email: "root@example.com"}); err != nil {
		t.Fatal(err)
	}
	_, _, err = sim.CreateOrganization(t.Context(), simaws.NewOrganization{
		NewAccount: simaws.NewAccount{ID: payer, Name: "Payer", Email: "payer@example.com"},
	})
	if err != nil {
		t.Fatal(err)
	}
	role, err := sim.DeployRole(t.Context(), state.Role{Account: payer, Name: "handover", Trusts: []string{reseller}, ExternalID: "x-1"})
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
	c, as := organizations.New(clients), aws.Payer{AccountID: payer, RoleARN: role.ARN(), ExternalID: "x-1"}
	const accounts = 25 // more than a page
	for i := range accounts {
		a, err := sim.SignUp(t.Context(), simaws.NewAccount{Name: "Member", Email: fmt.Sprintf("member-%d@example.com", i)})
		if err == nil {
			err = sim.Members().Invite(t.Context(), payer, a.ID)
		}
		if err == nil {
			_, err = sim.Members().Join(t.Context(), a.ID)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	var turns int64
	turn := func(context.Context) error { turns++; return nil }
	if found, err := c.AccountOf(t.Context(), as, "nobody@example.com", turn); found != nil || err != nil {
		t.Errorf("found %v, %v", found, err)
	}
	if pages.Load() < 2 || turns != pages.Load() {
		t.Errorf("%d turns for %d pages", turns, pages.Load())
	}
	turns = 0
	pages.Store(0)
	if id, err := c.Creating(t.Context(), as, "Nobody's", now.Now(), turn); id != "" || err != nil {
		t.Errorf("found %s, %v", id, err)
	}
	if pages.Load() == 0 || turns != pages.Load() {
		t.Errorf("%d turns for %d pages of creations", turns, pages.Load())
	}
}
