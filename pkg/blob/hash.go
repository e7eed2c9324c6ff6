package blob

import (
	"crypto/sha256"
	"encoding/hex"
)

// Hash is the SHA-256 of a content, in hexadecimal: by it a blob is told from another.
func Hash(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
