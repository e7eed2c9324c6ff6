package main

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/go-jose/go-jose/v4"

	"example.com/handover/pkg/clock"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
)

// spelledClaims shows tokens that are signed as they must be, and would be an operator's if a claim were read by another
// spelling of its name, or the last of two.
func spelledClaims(ctx context.Context, t *target, o *outcome) error {
	signer, err := t.signer()
	if err != nil {
		return err
	}
	now := clock.Machine{}.Now().Time()
	const operator = `"OPERATOR","rights":["operations"]`
	for _, own := range []string{
		`"handover":{"ROLE":` + operator + `}`,
		`"handover":{"Role":` + operator + `}`,
		`"Handover":{"role":` + operator + `}`,
		`"HANDOVER":{"role":` + operator + `},"handover":{"role":"CUSTOMER"}`,
		`"handover":{"role":"CUSTOMER"},"Handover":{"role":` + operator + `}`,
		`"handover":{"role":"CUSTOMER","Role":` + operator + `}`,
		`"handover":{"role":"CUSTOMER","role":` + operator + `}`,
		`"handover":{"role":"CUSTOMER"},"handover":{"role":` + operator + `}`,
		`"handover":{"role":` + operator + `},"SUB":"operator-1"`,
		`"handover":{"role":` + operator + `},"EXP":4102444800`,
		`"handover":{"role":"operator"}`,
		`"handover":{"role":"SERVICE"}`,
	} {
		text := fmt.Sprintf(`{"iss":"handover-dev-issuer","aud":"handover","sub":"anna","iat":%d,"exp":%d,%s}`,
			now.Unix(), now.Add(time.Hour).Unix(), own)
		if !json.Valid([]byte(text)) {
			return fmt.Errorf("%s is no JSON", text)
		}
		signed, err := signer.Sign([]byte(text))
		if err != nil {
			return err
		}
		token, err := signed.CompactSerialize()
		if err != nil {
			return err
		}
		_, err = t.Operations("orders").ListParked(acting(ctx, "Bearer "+token, ""), &opsv1.ListParkedRequest{Service: "orders"})
		o.want(own, err, "UNAUTHENTICATED", "ROLE_DENIED")
	}
	return nil
}

// signer has the key of the deployment's development issuer.
func (t *target) signer() (jose.Signer, error) {
	text, err := os.ReadFile(filepath.Join(t.keys, "dev-issuer.key"))
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("the issuer's key is no PEM")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	return jose.NewSigner(jose.SigningKey{Algorithm: jose.EdDSA, Key: key}, (&jose.SignerOptions{}).WithType("JWT"))
}
