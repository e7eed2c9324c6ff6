// Package accountid reads ids of AWS accounts: twelve digits.
//
// It owns the form alone; whether an account is there, and what it may do, only AWS knows.
package accountid

import (
	"strings"
	"unicode"
)

// Read returns the twelve digits of an id as people paste it: with spaces and dashes of every kind between them, and quotation marks
// around them. What is no id comes back as it was.
func Read(pasted string) string {
	digits := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Pd, r) || strings.ContainsRune("\"'’“”«»−", r) {
			return -1
		}
		return r
	}, pasted)
	if Valid(digits) {
		return digits
	}
	return pasted
}

// Valid reports whether s has the form of an AWS account id: twelve digits.
func Valid(s string) bool { return len(s) == 12 && strings.Trim(s, "0123456789") == "" }
