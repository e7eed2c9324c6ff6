// Package identity says who calls the simulated AWS. An access key id encodes its account, and a session token its
// role, so that credentials need no table and outlive a restart.
//
// It owns no accounts and no roles (state), and no rule about who may assume what (sts).
package identity

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"strconv"
	"strings"
)

const (
	longLived  = "AKIA" // prefix of keys that never expire
	temporary  = "ASIA" // prefix of keys that come with a session token
	keyLength  = 20
	codeBytes  = 5 // of a number of 12 digits
	codeLength = 8 // base32 characters of a 12-digit account
	userSuffix = "HANDOVER"
)

// Secret is the secret access key that goes with every access key: signatures are not checked.
const Secret = "simulated-secret-access-key-of-no-value0"

// AccessKey returns the long-lived access key id of an account of 12 digits; empty for anything else.
func AccessKey(account string) string {
	code, ok := encode(account)
	if !ok {
		return ""
	}
	return longLived + code + userSuffix
}

// AccountOf returns the account that an access key id encodes.
func AccountOf(key string) (account string, ok bool) {
	if len(key) != keyLength || (!strings.HasPrefix(key, longLived) && !IsTemporary(key)) {
		return "", false
	}
	raw, err := base32.StdEncoding.DecodeString(key[len(longLived) : len(longLived)+codeLength])
	if err != nil || len(raw) != codeBytes {
		return "", false
	}
	digits := strconv.FormatUint(binary.BigEndian.Uint64(append(make([]byte, 3), raw...)), 10)
	if len(digits) > 12 {
		return "", false
	}
	account = strings.Repeat("0", 12-len(digits)) + digits
	return account, IsTemporary(key) || key == AccessKey(account)
}

// IsTemporary reports whether the key is valid only together with a session token.
func IsTemporary(key string) bool { return strings.HasPrefix(key, temporary) }

// temporaryKey returns a fresh key id for a session in the account.
func temporaryKey(account string) string {
	code, _ := encode(account)
	return temporary + code + rand.Text()[:codeLength]
}

func encode(account string) (string, bool) {
	number, err := strconv.ParseUint(account, 10, 64)
	if err != nil || len(account) != 12 {
		return "", false
	}
	return base32.StdEncoding.EncodeToString(binary.BigEndian.AppendUint64(nil, number)[3:]), true
}
