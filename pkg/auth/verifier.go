package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	exactjson "github.com/go-jose/go-jose/v4/json"
	"github.com/go-jose/go-jose/v4/jwt"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/errs"
)

// maxToken bounds what is parsed before anything is verified, in bytes.
const maxToken = 8 << 10

// claims is the suite's own claim, "handover", of a token.
type claims struct {
	Role      Role     `json:"role,omitempty"`
	Customers []string `json:"customers,omitempty"`
	Partner   string   `json:"partner,omitempty"`
	Rights    []string `json:"rights,omitempty"`
	Regions   []string `json:"regions,omitempty"`
	Workload  string   `json:"workload,omitempty"`
}

// identity is a verified token.
type identity struct {
	issuer, subject string
	expiry          time.Time // machine time
	claims          claims
}

// owner is Principal.Owner of a person.
func (i identity) owner() string {
	return "person " + i.issuer + " " + i.subject + " as " + string(i.claims.Role)
}

// Verifier turns tokens into identities. Time is machine time: moving business time expires nothing.
type Verifier struct {
	issuers map[string]issuer
	known   *cache
	machine clock.Machine
}

type issuer struct {
	trust  Trust
	tokens *oidc.IDTokenVerifier
}

// NewVerifier reads the key files; keys behind a URL are fetched at first use, so that an issuer that is away holds up
// nobody's start. The context's values reach those fetches, its end does not.
func NewVerifier(ctx context.Context, c Config) (*Verifier, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	v := &Verifier{issuers: map[string]issuer{}, known: newCache(cacheSize), machine: c.Machine}
	for _, t := range c.Issuers {
		keys, err := t.keys(ctx)
		if err != nil {
			return nil, fmt.Errorf("issuer %s: %w", t.Issuer, err)
		}
		v.issuers[t.Issuer] = issuer{t, oidc.NewVerifier(t.Issuer, keys, &oidc.Config{
			ClientID:             t.Audience,
			SupportedSigningAlgs: []string{oidc.EdDSA, oidc.RS256, oidc.ES256},
			Now:                  v.now,
		})}
	}
	return v, nil
}

// verify returns UNAUTHENTICATED for a token that is not believed and UNAVAILABLE while an issuer's keys cannot be
// read. Why a token is not believed is for the log, not for the one who shows it.
func (v *Verifier) verify(ctx context.Context, raw string) (identity, error) {
	if found, ok := v.known.get(raw, v.now()); ok {
		return found, nil
	}
	from, err := v.issuerOf(raw)
	if err != nil {
		return identity{}, unbelieved(err)
	}
	token, err := from.tokens.Verify(ctx, raw)
	if err != nil && strings.Contains(err.Error(), "fetching keys") { // the library has no error value for it
		return identity{}, errs.Wrap(err, errs.Unavailable, "UNAVAILABLE", "the token's issuer cannot be asked for its keys")
	}
	if err != nil {
		return identity{}, unbelieved(err)
	}
	own, err := exactClaims(token)
	if err != nil {
		return identity{}, unbelieved(err)
	}
	found := identity{token.Issuer, token.Subject, token.Expiry, own}
	if err := from.trust.vouchesFor(found); err != nil {
		return identity{}, unbelieved(err)
	}
	v.known.put(raw, found, v.now())
	return found, nil
}

// exactClaims reads the suite's own claim by the names as they are spelt: the standard library would take "ROLE" for
// "role", and the last of two. The claims that the OIDC library has read as the standard library does must be these, too.
func exactClaims(token *oidc.IDToken) (claims, error) {
	var all json.RawMessage
	if err := token.Claims(&all); err != nil {
		return claims{}, err
	}
	exact := struct {
		jwt.Claims
		Handover claims `json:"handover"`
	}{}
	if err := exactjson.Unmarshal(all, &exact); err != nil {
		return claims{}, err
	}
	if exact.Issuer != token.Issuer || exact.Subject != token.Subject || !slices.Equal([]string(exact.Audience), token.Audience) ||
		exact.Expiry == nil || !exact.Expiry.Time().Equal(token.Expiry) {
		return claims{}, errors.New("a claim is there in two spellings")
	}
	return exact.Handover, nil
}

// issuerOf chooses whose keys to verify with; what it reads is not believed yet.
func (v *Verifier) issuerOf(raw string) (issuer, error) {
	if len(raw) > maxToken {
		return issuer{}, fmt.Errorf("token is longer than %d bytes", maxToken)
	}
	token, err := jwt.ParseSigned(raw, []jose.SignatureAlgorithm{jose.EdDSA, jose.RS256, jose.ES256})
	if err != nil {
		return issuer{}, err
	}
	var c jwt.Claims
	if err := token.UnsafeClaimsWithoutVerification(&c); err != nil {
		return issuer{}, err
	}
	from, ok := v.issuers[c.Issuer]
	if !ok {
		return issuer{}, fmt.Errorf("issuer %q is not trusted", c.Issuer)
	}
	return from, nil
}

// vouchesFor keeps an issuer to what it was trusted with.
func (t Trust) vouchesFor(i identity) error {
	switch c := i.claims; {
	case i.subject == "" || strings.ContainsFunc(i.subject, unicode.IsControl):
		return fmt.Errorf("token has no subject that can be written down")
	case c.Workload != "" && !t.Workloads:
		return fmt.Errorf("issuer may not vouch for workloads")
	case c.Workload != "" && c.Role != "":
		return fmt.Errorf("token is for a workload and has role %q", c.Role)
	case c.Workload == "" && !c.Role.ofPerson():
		return fmt.Errorf("role %q is no role of a person", c.Role)
	case c.Role == Partner && c.Partner == "":
		return fmt.Errorf("token is for a partner and does not say which")
	case c.Workload == "" && len(t.Roles) > 0 && !slices.Contains(t.Roles, c.Role):
		return fmt.Errorf("issuer may not vouch for role %s", c.Role)
	}
	return nil
}

func unbelieved(cause error) error {
	return errs.Wrap(cause, errs.Unauthenticated, "UNAUTHENTICATED", "the token is not valid here, or no longer")
}

func (v *Verifier) now() time.Time { return v.machine.Now().Time() }
