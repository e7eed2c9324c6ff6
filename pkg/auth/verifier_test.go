package auth_test

import (
	"crypto/ed25519"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"google.golang.org/grpc/metadata"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/errs"
)

// provider is an identity provider of somebody else, with its keys behind a URL.
type provider struct {
	*httptest.Server
	key  ed25519.PrivateKey
	down bool
}

func newProvider(t *testing.T) *provider {
	t.Helper()
	public, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	p := &provider{key: key}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if p.down {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: public, KeyID: "k1", Algorithm: "EdDSA", Use: "sig"}}})
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *provider) token(t *testing.T, audience string, own map[string]any) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.EdDSA, Key: jose.JSONWebKey{Key: p.key, KeyID: "k1"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	token, err := jwt.Signed(signer).Claims(jwt.Claims{
		Issuer: "https://login.example.com", Subject: "carl", Audience: jwt.Audience{audience},
		Expiry: jwt.NewNumericDate(clock.Machine{}.Now().Add(time.Hour).Time()),
	}).Claims(map[string]any{"handover": own}).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return "Bearer " + token
}

func TestOutsideIssuer(t *testing.T) {
	p := newProvider(t)
	trust := auth.Trust{
		Issuer: "https://login.example.com", Audience: "handover", JWKSURL: p.URL, Roles: []auth.Role{auth.Customer, auth.Partner},
	}
	guard, err := auth.NewGuard(t.Context(), auth.Config{Issuers: []auth.Trust{trust}}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	authenticate := func(header, token string) error {
		ctx := metadata.NewIncomingContext(t.Context(), metadata.Pairs(header, token))
		_, err := guard.Authenticate(ctx, "/x/y")
		return err
	}
	customer := map[string]any{"role": "CUSTOMER", "customers": []string{"cus_1"}}
	p.down = true
	if err := authenticate(auth.HeaderPerson, p.token(t, "handover", customer)); errs.KindOf(err) != errs.Unavailable {
		t.Errorf("keys cannot be read: got %v, want UNAVAILABLE", err)
	}
	p.down = false
	tests := []struct {
		name, header, audience string
		own                    map[string]any
		want                   error
	}{
		{"a role it may vouch for", auth.HeaderPerson, "handover", customer, nil},
		{
			"a role it may not vouch for", auth.HeaderPerson, "handover", map[string]any{"role": "OPERATOR"}, errs.New(errs.Unauthenticated, "", ""),
		},
		{"a partner", auth.HeaderPerson, "handover", map[string]any{"role": "PARTNER", "partner": "par_1"}, nil},
		{
			"a partner that says not which", auth.HeaderPerson, "handover",
			map[string]any{"role": "PARTNER"},
			errs.New(errs.Unauthenticated, "", ""),
		},
		{"the role of a workload", auth.HeaderPerson, "handover", map[string]any{"role": "SERVICE"}, errs.New(errs.Unauthenticated, "", "")},
		{"a workload", auth.HeaderWorkload, "handover", map[string]any{"workload": "orders"}, errs.New(errs.Unauthenticated, "", "")},
		{"no role", auth.HeaderPerson, "handover", nil, errs.New(errs.Unauthenticated, "", "")},
		{"for somebody else", auth.HeaderPerson, "wiki", customer, errs.New(errs.Unauthenticated, "", "")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := authenticate(tt.header, p.token(t, tt.audience, tt.own))
			if (err == nil) != (tt.want == nil) || err != nil && errs.KindOf(err) != errs.KindOf(tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

func TestATokenEndsAlthoughItIsKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		token := f.personFor(auth.Principal{Subject: "anna", Role: auth.Customer}, time.Minute)
		for range 2 {
			if _, err := f.arrive("GetThing", auth.HeaderPerson, token); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(2 * time.Minute)
		if _, err := f.arrive("GetThing", auth.HeaderPerson, token); errs.KindOf(err) != errs.Unauthenticated {
			t.Errorf("after its end: got %v, want UNAUTHENTICATED", err)
		}
	})
}

func TestConfigIsChecked(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "keys.pem")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tests := map[string]auth.Trust{
		"both needed":    {Issuer: "x", JWKSURL: "https://x"},
		"exactly one":    {Issuer: "x", Audience: "y"},
		"exactly one of": {Issuer: "x", Audience: "y", JWKSURL: "https://x", PublicKeyFile: "x.pem"},
		"no role of":     {Issuer: "x", Audience: "y", JWKSURL: "https://x", Roles: []auth.Role{auth.Service}},
		"no such file":   {Issuer: "x", Audience: "y", PublicKeyFile: "/nowhere.pem"},
		"no PEM block":   {Issuer: "x", Audience: "y", PublicKeyFile: empty},
	}
	for want, trust := range tests {
		_, err := auth.NewGuard(t.Context(), auth.Config{Issuers: []auth.Trust{trust}}, slog.New(slog.DiscardHandler))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
	twice := auth.Trust{Issuer: "x", Audience: "y", JWKSURL: "https://x"}
	if err := (auth.Config{Issuers: []auth.Trust{twice, twice}}).Validate(); err == nil {
		t.Error("an issuer is listed twice without an error")
	}
}
