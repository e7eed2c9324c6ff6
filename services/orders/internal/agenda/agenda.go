// Package agenda merges what people must see to, as every service lists it, into one list by pages.
//
// It owns the order and the page tokens. What the entries are, and who asks for them, it does not know.
package agenda

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"example.com/handover/pkg/errs"
)

// Entry is one thing that people must see to, as a service lists it.
type Entry[T any] struct {
	Urgency int64  // the smaller one is the more urgent one, of equals the one with the smaller id
	ID      string // of what it is about
	Token   string // with which its service goes on after it
	Doc     T
}

// Page is what one service has answered: from where its token says, in order.
type Page[T any] struct {
	Entries []Entry[T]
	Next    string // token with which it goes on after these; empty: it has no others
}

// Tokens say by service where each goes on.
type Tokens map[string]Place

// Place is where one service goes on.
type Place struct {
	Token string `json:"token,omitempty"` // after what was shown; empty: nothing was
	More  bool   `json:"more,omitempty"`  // it had others after that
}

// Read reads a token of Write. Refused with PAGE_TOKEN_INVALID.
func Read(token string) (Tokens, error) {
	tokens := Tokens{}
	if token == "" {
		return tokens, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err == nil {
		err = json.Unmarshal(raw, &tokens)
	}
	if err != nil || len(tokens) == 0 {
		return nil, errs.InvalidField("page_token", "PAGE_TOKEN_INVALID", "this page token belongs to another request")
	}
	return tokens, nil
}

// Write is the token of the page that goes on from there.
func (t Tokens) Write() (string, error) {
	raw, err := json.Marshal(t)
	if err != nil {
		return "", fmt.Errorf("write a page token: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(raw), nil
}

// Merge takes the most urgent entries of all services, so many of them, and says where each service goes on: one that has not
// answered where it was. More reports whether there are others, also of one that was cut off.
func Merge[T any](pages map[string]Page[T], from Tokens, size int) (page []T, next Tokens, more bool) {
	type placed struct {
		Entry[T]
		service string
	}
	var all []placed
	for service, p := range pages {
		for _, e := range p.Entries {
			all = append(all, placed{e, service})
		}
	}
	slices.SortFunc(all, func(a, b placed) int { return cmp.Or(cmp.Compare(a.Urgency, b.Urgency), cmp.Compare(a.ID, b.ID)) })
	next = maps.Clone(from)
	all = all[:min(size, len(all))]
	taken := map[string]int{}
	for _, e := range all {
		page = append(page, e.Doc)
		next[e.service] = Place{Token: e.Token}
		taken[e.service]++
	}
	for service, p := range pages {
		place := Place{Token: next[service].Token, More: p.Next != "" || taken[service] < len(p.Entries)}
		if p.Next != "" && taken[service] == len(p.Entries) { // also where it could read none of what it has on that page
			place.Token = p.Next
		}
		next[service] = place
	}
	for _, place := range next {
		more = more || place.More
	}
	return page, next, more
}
