// Package id makes and checks the identifiers of the suite: a prefix that names the kind of thing, an underscore,
// and 26 characters that sort by time of creation (a UUIDv7 in lower-case base32).
package id

import (
	"encoding/base32"
	"strings"

	"github.com/google/uuid"
)

// Pattern is what follows the prefix and underscore, as an RE2 expression.
const Pattern = `[0-9a-v]{26}`

// New returns a fresh id with the given prefix: New("ord") is "ord_0dm3…".
func New(prefix string) string {
	u := uuid.Must(uuid.NewV7())
	return prefix + "_" + strings.ToLower(base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(u[:]))
}

// Valid reports whether s is an id of that prefix.
func Valid(prefix, s string) bool {
	rest, ok := strings.CutPrefix(s, prefix+"_")
	if !ok || len(rest) != 26 {
		return false
	}
	return strings.Trim(rest, "0123456789abcdefghijklmnopqrstuv") == ""
}
