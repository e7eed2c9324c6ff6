package auth

import (
	"context"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"

	"github.com/coreos/go-oidc/v3/oidc"

	"example.com/handover/pkg/config"
)

// keys returns what verifies the issuer's signatures.
func (t Trust) keys(ctx context.Context) (oidc.KeySet, error) {
	if t.JWKSURL != "" {
		return oidc.NewRemoteKeySet(ctx, t.JWKSURL), nil
	}
	_, err := readPublicKeys(t.PublicKeyFile.Path())
	return keyFile(t.PublicKeyFile), err
}

// keyFile reads an issuer's keys whenever a token is verified that was not lately.
type keyFile config.File

// VerifySignature implements oidc.KeySet.
func (f keyFile) VerifySignature(ctx context.Context, token string) ([]byte, error) {
	keys, err := readPublicKeys(string(f))
	if err != nil {
		return nil, fmt.Errorf("fetching keys: %w", err) // as the library says of keys behind a URL
	}
	return (&oidc.StaticKeySet{PublicKeys: keys}).VerifySignature(ctx, token)
}

// readPublicKeys reads every PUBLIC KEY block, so that a file can hold the old and the new key while they change.
func readPublicKeys(path string) ([]crypto.PublicKey, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var keys []crypto.PublicKey
	for {
		var block *pem.Block
		if block, text = pem.Decode(text); block == nil {
			break
		}
		key, err := x509.ParsePKIXPublicKey(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("%s: no PEM block with a public key", path)
	}
	return keys, nil
}
