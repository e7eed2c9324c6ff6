package state

import (
	"crypto/rand"
	"fmt"
	"math/big"
	"strings"
)

// NewID returns an id in AWS's pattern: the prefix, a dash, and 12 lower-case letters and digits.
func NewID(prefix string) string {
	return prefix + "-" + strings.ToLower(rand.Text()[:12])
}

// NewAccountID returns a free account id of 12 digits.
func (tx *Tx) NewAccountID() string {
	for {
		n, _ := rand.Int(rand.Reader, big.NewInt(900_000_000_000)) // rand.Reader does not fail
		id := fmt.Sprint(100_000_000_000 + n.Int64())
		if _, taken := tx.Accounts.Get(id); !taken {
			return id
		}
	}
}
