package auth

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/config"
)

const (
	devIssuer      = "handover-dev-issuer"
	devAudience    = "handover"
	workloadTTL    = time.Hour
	workloadMargin = 10 * time.Minute // renewed this long before it ends, so that no call takes off with a dying token
)

// TokenSource returns a token that is good for at least the length of a call.
type TokenSource func(context.Context) (string, error)

// Issuer signs the tokens of a development deployment. A reader of its folder can be anybody: production trusts an
// identity provider instead.
type Issuer struct {
	Machine clock.Machine

	signer jose.Signer
	folder string
}

// OpenIssuer opens the issuer whose key is in the folder, and makes the key when there is none yet: one key, even when
// several processes start at the same time.
func OpenIssuer(folder string) (*Issuer, error) {
	key, err := openKey(filepath.Join(folder, "dev-issuer.key"))
	if err != nil {
		return nil, fmt.Errorf("development issuer: %w", err)
	}
	if err := writePublicKey(filepath.Join(folder, publicKeyFile), key.Public()); err != nil {
		return nil, fmt.Errorf("development issuer: %w", err)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.EdDSA, Key: key}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return nil, fmt.Errorf("development issuer: %w", err)
	}
	return &Issuer{signer: signer, folder: folder}, nil
}

// Trust is the entry that makes a Config believe this issuer, in everything.
func (i *Issuer) Trust() Trust {
	return Trust{
		Issuer: devIssuer, Audience: devAudience,
		PublicKeyFile: config.File(filepath.Join(i.folder, publicKeyFile)), Workloads: true,
	}
}

// Person returns a token for a person with the principal's subject, role, customers, partner, rights and regions.
func (i *Issuer) Person(p Principal, ttl time.Duration) (string, error) {
	if p.Subject == "" || !p.Role.ofPerson() {
		return "", fmt.Errorf("a person needs a subject and the role of a person, not %q", p.Role)
	}
	if p.Role == Partner && p.Partner == "" {
		return "", fmt.Errorf("a person of role %s needs a partner", p.Role)
	}
	return i.sign(p.Subject, ttl, claims{
		Role: p.Role, Customers: p.Customers, Partner: p.Partner, Rights: p.Rights, Regions: p.Regions,
	})
}

// Workload returns the source of a service's own tokens. It signs a new one well before the last one ends, in
// machine time.
func (i *Issuer) Workload(name string) TokenSource {
	var mu sync.Mutex
	var token string
	var renew time.Time
	return func(context.Context) (string, error) {
		mu.Lock()
		defer mu.Unlock()
		if now := i.Machine.Now().Time(); token == "" || !now.Before(renew) || renew.Sub(now) > workloadTTL { // the clock was set back
			fresh, err := i.sign(name, workloadTTL, claims{Workload: name})
			if err != nil {
				return "", err
			}
			token, renew = fresh, now.Add(workloadTTL-workloadMargin)
		}
		return token, nil
	}
}

func (i *Issuer) sign(subject string, ttl time.Duration, own claims) (string, error) {
	now := i.Machine.Now().Time()
	return jwt.Signed(i.signer).Claims(jwt.Claims{
		Issuer: devIssuer, Subject: subject, Audience: jwt.Audience{devAudience},
		IssuedAt: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(ttl)),
	}).Claims(map[string]any{"handover": own}).Serialize()
}
