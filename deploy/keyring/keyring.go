// Package keyring keeps the NKEYs of the users of NATS in a folder, from which the accounts of a server are written.
//
// It owns the names of the files. What an account may do, the services' Specs say (pkg/kit).
package keyring

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nats-io/nkeys"

	"example.com/handover/pkg/event"
)

// Make writes a seed, NAME.nk, into a folder for every account whose user has no key there.
func Make(folder string, accounts []event.Account) error {
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

// Fill returns accounts whose users have the keys of a folder. The keys of orders are those of the files orders.*: a
// seed in a file that ends in .nk, a public key in one that ends in .pub. There are two while one replaces the other.
func Fill(folder string, accounts []event.Account) ([]event.Account, error) {
	accounts = slices.Clone(accounts)
	for i, a := range accounts {
		found, err := keysIn(folder, a.Name)
		if err != nil {
			return nil, err
		}
		user := a.Users[0]
		user.Keys = found
		accounts[i].Users = []event.User{user}
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
			key, err = event.KeyFile(file).Public()
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
