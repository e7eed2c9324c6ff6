package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"example.com/handover/pkg/errs"
)

// Sizes of pages.
const (
	defaultPage = 50
	MaxPage     = 500
)

func pageSize(asked int) int {
	if asked <= 0 {
		return defaultPage
	}
	return min(asked, MaxPage)
}

// token continues a list. It is bound to what was asked and by whom, so that it cannot be carried to another filter,
// order or caller.
type token struct {
	Bound string `json:"b"`
	After []any  `json:"a"` // the values that the last row is ordered by: strings and integers
}

// boundTo is a digest of everything that a token depends on.
func boundTo(parts ...any) (string, error) {
	text, err := json.Marshal(parts)
	if err != nil {
		return "", fmt.Errorf("bind a page token: %w", err)
	}
	sum := sha256.Sum256(text)
	return base64.RawURLEncoding.EncodeToString(sum[:12]), nil
}

func writeToken(bound string, after ...any) (string, error) {
	text, err := json.Marshal(token{bound, after})
	if err != nil {
		return "", fmt.Errorf("write a page token: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(text), nil
}

// readToken returns the n values to continue after; nil for the first page. errs.Invalid "PAGE_TOKEN_INVALID" for a
// token that we did not give to this question.
func readToken(text, bound string, n int) ([]any, error) {
	if text == "" {
		return nil, nil
	}
	invalid := errs.InvalidField("page_token", "PAGE_TOKEN_INVALID", "this page token belongs to another request")
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil, invalid
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber() // a float would lose microseconds
	var t token
	if err := decoder.Decode(&t); err != nil || t.Bound != bound || len(t.After) != n {
		return nil, invalid
	}
	for i, v := range t.After {
		switch v := v.(type) {
		case string:
		case json.Number:
			if t.After[i], err = v.Int64(); err != nil {
				return nil, invalid
			}
		default:
			return nil, invalid
		}
	}
	return t.After, nil
}

// paged cuts the row that was read beyond the page and writes the token that continues after the last one kept.
func paged[R any](rows []R, size int, bound string, key func(R) []any) ([]R, string, error) {
	if len(rows) <= size {
		return rows, "", nil
	}
	rows = rows[:size]
	next, err := writeToken(bound, key(rows[size-1])...)
	return rows, next, err
}
