// Package page cuts lists into pages for the services whose lists are simulated, and makes the tokens that continue
// them. A token belongs to one list: its caller, its operation and its filter. Which exception a wrong one leads to is
// the service's own affair.
package page

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// TokenError says that a token does not continue this list.
type TokenError struct {
	Foreign bool // it is a token, but of another list
}

func (e *TokenError) Error() string {
	if e.Foreign {
		return "the token belongs to another request"
	}
	return "this is not a token"
}

type token struct {
	List string `json:"list"`
	Last string `json:"last"`
}

// Cut returns the page of at most size rows that a token continues with, and the token for the next page; nil: that was
// the last. Keys are unique and give the order, so that a page does not shift when rows come or go. list names the list.
// An error is a *TokenError, or the simulator's own.
func Cut[T any](rows []T, key func(T) string, size int, next *string, list string) ([]T, *string, error) {
	slices.SortFunc(rows, func(a, b T) int { return strings.Compare(key(a), key(b)) })
	if next != nil {
		last, err := read(*next, list)
		if err != nil {
			return nil, nil, err
		}
		rows = slices.DeleteFunc(rows, func(row T) bool { return key(row) <= last })
	}
	if len(rows) <= size {
		return rows, nil, nil
	}
	doc, err := json.Marshal(token{List: list, Last: key(rows[size-1])})
	if err != nil {
		return nil, nil, fmt.Errorf("page: next token: %w", err)
	}
	return rows[:size], aws.String(base64.RawURLEncoding.EncodeToString(doc)), nil
}

func read(next, list string) (string, error) {
	var t token
	doc, err := base64.RawURLEncoding.DecodeString(next)
	if err != nil || json.Unmarshal(doc, &t) != nil {
		return "", &TokenError{}
	}
	if t.List != list {
		return "", &TokenError{Foreign: true}
	}
	return t.Last, nil
}

// Name names the list that a caller asks an operation for with a filter: any input but the token and the size.
func Name(caller, operation string, filter any) (string, error) {
	doc, err := json.Marshal(filter)
	if err != nil {
		return "", fmt.Errorf("page: %s: %w", operation, err)
	}
	sum := sha256.Sum256(doc)
	return caller + " " + operation + " " + base64.RawURLEncoding.EncodeToString(sum[:12]), nil
}

// Size is how many rows a page has: what the caller asks for, within the service's own size.
func Size(asked *int32, own int) int {
	if asked == nil || *asked < 1 {
		return own
	}
	return min(int(*asked), own)
}
