package auth_test

import (
	"crypto/ed25519"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"google.golang.org/grpc/metadata"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/config"
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
	return p.sign(t, audience, map[string]any{"handover": own})
}

// sign signs the usual claims and more.
func (p *provider) sign(t *testing.T, audience string, more map[string]any) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.EdDSA, Key: jose.JSONWebKey{Key: p.key, KeyID: "k1"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	token, err := jwt.Signed(signer).Claims(jwt.Claims{
		Issuer: "https://login.example.com", Subject: "carl", Audience: jwt.Audience{audience},
		Expiry: jwt.NewNumericDate(clock.Machine{}.Now().Add(time.Hour).Time()),
	}).Claims(more).Serialize()
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
		{"a role in capitals", auth.HeaderPerson, "handover", map[string]any{"ROLE": "CUSTOMER"}, errs.New(errs.Unauthenticated, "", "")},
		{
			"a role twice", auth.HeaderPerson, "handover", map[string]any{"Role": "OPERATOR", "role": "CUSTOMER"}, nil, // what is spelt right counts
		},
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

// What an issuer signs besides, in another spelling, is never taken for a claim.
func TestClaimNamesMatchExactly(t *testing.T) {
	p := newProvider(t)
	guard, err := auth.NewGuard(t.Context(), auth.Config{Issuers: []auth.Trust{
		{Issuer: "https://login.example.com", Audience: "handover", JWKSURL: p.URL},
	}}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	operator := map[string]any{"role": "OPERATOR", "rights": []string{"things"}}
	customer := map[string]any{"role": "CUSTOMER", "customers": []string{"cus_1"}}
	for name, tt := range map[string]struct {
		claims map[string]any
		role   auth.Role // empty: not believed
	}{
		"as it is":               {map[string]any{"handover": customer}, auth.Customer},
		"another spelling alone": {map[string]any{"Handover": operator}, ""},
		"another one besides":    {map[string]any{"handover": customer, "HANDOVER": operator}, auth.Customer},
		"fields spelt otherwise": {map[string]any{"handover": map[string]any{
			"role": "CUSTOMER", "Customers": []string{"cus_2"}, "ROLE": "OPERATOR", "Rights": []string{"things"},
		}}, auth.Customer},
		"another subject before":   {map[string]any{"handover": customer, "SUB": "olga"}, auth.Customer},
		"another subject after":    {map[string]any{"handover": customer, "\u017fub": "olga"}, ""},           // a long s, which folds to s
		"another audience besides": {map[string]any{"handover": customer, "Aud": "handover"}, auth.Customer}, // the same one
		"a subject with a NUL":     {map[string]any{"handover": customer, "sub": "carl\x00olga"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, err := guard.Authenticate(
				metadata.NewIncomingContext(t.Context(), metadata.Pairs(auth.HeaderPerson, p.sign(t, "handover", tt.claims))), "/x/y")
			who, _ := auth.From(ctx)
			if who.Role != tt.role || (err == nil) != (tt.role != "") {
				t.Fatalf("got %q, %v; want %q", who.Role, err, tt.role)
			}
			if err == nil && (who.Subject != "carl" || len(who.Rights) > 0 || slices.Contains(who.Customers, "cus_2")) {
				t.Errorf("believed %+v", who)
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
		"no PEM block":   {Issuer: "x", Audience: "y", PublicKeyFile: config.File(empty)},
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
