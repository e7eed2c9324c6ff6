// Package link makes the secret part of a link to an order, and reads it. It is derived from what the order says of the
// link and from a key, so that it stands in the mail alone and is kept nowhere.
//
// It owns the signature. Whether the link that it names still works is package order's.
package link

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"
)

// MinKey is how many bytes a key has at least.
const MinKey = 32

// prefix begins the id of every order; the token holds what follows.
const (
	prefix    = "ord_"
	idLength  = 26
	numberEnd = idLength + 4
	named     = numberEnd + 8 // and then the signature
)

// purpose keeps the signature from meaning anything elsewhere.
const purpose = "handover order link 1\n"

// ErrForged says that a token was not made with the key, or is none.
var ErrForged = errors.New("the token was not made with this key")

// Signer makes and reads tokens with one key.
type Signer struct{ key []byte }

// NewSigner refuses a key that could be guessed.
func NewSigner(key string) (*Signer, error) {
	if len(key) < MinKey {
		return nil, fmt.Errorf("the key of links has %d characters, fewer than %d", len(key), MinKey)
	}
	return &Signer{[]byte(key)}, nil
}

// Named is what a token names.
type Named struct {
	OrderID   string
	Number    int       // of the link, from 1
	ExpiresAt time.Time // kept to the microsecond
}

// Token returns the secret part of a link: 94 characters of base64url, the same each time.
func (s *Signer) Token(n Named) string {
	raw := make([]byte, 0, named+sha256.Size)
	raw = append(raw, strings.TrimPrefix(n.OrderID, prefix)...)
	raw = binary.BigEndian.AppendUint32(raw, uint32(n.Number))
	raw = binary.BigEndian.AppendUint64(raw, uint64(n.ExpiresAt.UnixMicro()))
	return base64.RawURLEncoding.EncodeToString(append(raw, s.sign(raw)...))
}

// Read returns what a token names, or ErrForged. It takes equally long whichever byte of the signature is wrong.
func (s *Signer) Read(token string) (Named, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) != named+sha256.Size || !hmac.Equal(raw[named:], s.sign(raw[:named])) {
		return Named{}, ErrForged
	}
	return Named{
		OrderID:   prefix + string(raw[:idLength]),
		Number:    int(binary.BigEndian.Uint32(raw[idLength:numberEnd])),
		ExpiresAt: time.UnixMicro(int64(binary.BigEndian.Uint64(raw[numberEnd:named]))).UTC(),
	}, nil
}

func (s *Signer) sign(raw []byte) []byte {
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte(purpose))
	mac.Write(raw)
	return mac.Sum(nil)
}
