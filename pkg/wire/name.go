package wire

import (
	"encoding/hex"
	"strings"

	"example.com/handover/pkg/store"
)

// NameKey spells a name for a column by which it is found by its beginning, in whatever case and spaces it is asked for. It is hexadecimal,
// because databases disagree about the order of letters.
func NameKey(name string) string { return hex.EncodeToString([]byte(folded(name))) }

func folded(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), " ")) }

// NameBegins holds where the key in a column is of a name that begins so.
func NameBegins(column, prefix string) []store.Cond {
	from := NameKey(prefix)
	return []store.Cond{store.Since(column, from), store.Before(column, from+"g")} // "g" comes after every digit
}
