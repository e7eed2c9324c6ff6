package main

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	claim      = regexp.MustCompile(`^(ORD|XFR|BIL|SUP|NTF|GW)-`)
	wellFormed = regexp.MustCompile(`^(ORD|XFR|BIL|SUP|NTF|GW)(-[A-Z]{2,3})?-[0-9]{2,3}$`)
	repeated   = regexp.MustCompile(`#[0-9]+$`) // what testing appends to a name that was used before
)

// most is how many requirements one test can prove: one that names more asserts too little about each.
const most = 3

// claims says whether a segment of a test's path begins like an id.
func claims(segment string) bool { return claim.MatchString(segment) }

// ids takes the ids from the beginning of a segment ("ORD-021_ORD-022_the_draft"; testing turns spaces into
// underscores).
func ids(segment string) ([]string, error) {
	words := strings.FieldsFunc(repeated.ReplaceAllString(segment, ""), func(r rune) bool { return strings.ContainsRune("_,: ", r) })
	var found []string
	for _, word := range words {
		if !claims(word) {
			break
		}
		if !wellFormed.MatchString(word) {
			return nil, fmt.Errorf("%q is no id", word)
		}
		found = append(found, word)
	}
	if len(found) > most {
		return nil, fmt.Errorf("%d ids in one name, at most %d", len(found), most)
	}
	return found, nil
}
