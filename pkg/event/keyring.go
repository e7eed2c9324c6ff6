package event

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nats-io/nkeys"
)

// MakeKeys writes a seed, NAME.nk, into a folder for every account whose user has no key there.
func MakeKeys(folder string, accounts []Account) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	for _, a := range accounts {
		if found, err := keysIn(folder, a.Name); err != nil || len(found) > 0 {
			if err != nil {
				return err
			}
			continue
		}
		pair, err := nkeys.CreateUser()
		if err != nil {
			return err
		}
		seed, err := pair.Seed()
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, a.Name+".nk"), append(seed, '\n'), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// WithKeys returns accounts whose users have the keys of a folder. The keys of orders are those of the files orders.*: a
// seed in a file that ends in .nk, a public key in one that ends in .pub. There are two while one replaces the other.
func WithKeys(folder string, accounts []Account) ([]Account, error) {
	accounts = slices.Clone(accounts)
	for i, a := range accounts {
		found, err := keysIn(folder, a.Name)
		if err != nil {
			return nil, err
		}
		user := a.Users[0]
		user.Keys = found
		accounts[i].Users = []User{user}
	}
	return accounts, nil
}

func keysIn(folder, name string) (public []string, err error) {
	files, err := filepath.Glob(filepath.Join(folder, name+".*"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		var key string
		switch filepath.Ext(file) {
		case ".nk":
			key, err = KeyFile(file).Public()
		case ".pub":
			var text []byte
			text, err = os.ReadFile(file)
			if key = strings.TrimSpace(string(text)); err == nil && !nkeys.IsValidPublicUserKey(key) {
				err = fmt.Errorf("NATS key: %s holds no public key of a user", file)
			}
		default:
			continue
		}
		if err != nil {
			return nil, err
		}
		public = append(public, key)
	}
	return public, nil
}
