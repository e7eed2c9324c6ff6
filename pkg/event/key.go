package event

import (
	"fmt"
	"os"

	"github.com/nats-io/nkeys"
)

// Key is how a user proves who it is: it signs what the server asks it to. It is asked anew for every connection.
type Key func() (nkeys.KeyPair, error)

// KeyFile is the key whose NKEY seed lies in a file. The file is read for every connection, so that a new key needs no
// restart.
func KeyFile(path string) Key {
	return func() (nkeys.KeyPair, error) {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("NATS key: %w", err)
		}
		pair, err := nkeys.ParseDecoratedUserNKey(text)
		if err != nil {
			return nil, fmt.Errorf("NATS key: %s holds no seed of a user: %w", path, err)
		}
		return pair, nil
	}
}

// NewKey makes a key that lives in memory, and returns its public part.
func NewKey() (key Key, public string, err error) {
	pair, err := nkeys.CreateUser()
	if err != nil {
		return nil, "", err
	}
	public, err = pair.PublicKey()
	return func() (nkeys.KeyPair, error) { return pair, nil }, public, err
}

// Public is the part of the key that the server knows.
func (k Key) Public() (string, error) {
	pair, err := k()
	if err != nil {
		return "", err
	}
	return pair.PublicKey()
}

func (k Key) sign(nonce []byte) ([]byte, error) {
	pair, err := k()
	if err != nil {
		return nil, err
	}
	return pair.Sign(nonce)
}
