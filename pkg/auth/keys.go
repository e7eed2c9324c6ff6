package auth

import (
	"context"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"

	"github.com/coreos/go-oidc/v3/oidc"
)

// keys returns what verifies the issuer's signatures.
func (t Trust) keys(ctx context.Context) (oidc.KeySet, error) {
	if t.JWKSURL != "" {
		return oidc.NewRemoteKeySet(ctx, t.JWKSURL), nil
	}
	keys, err := readPublicKeys(t.PublicKeyFile.Path())
	if err != nil {
		return nil, err
	}
	return &oidc.StaticKeySet{PublicKeys: keys}, nil
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
