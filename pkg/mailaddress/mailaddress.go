// Package mailaddress reads mail addresses: what the contract takes is what the mailer can send to.
//
// It owns the one rule for both. Whether a mailbox exists, only its server knows.
package mailaddress

import (
	"errors"
	"regexp"
	"strings"

	"golang.org/x/net/idna"
)

// What RFC 5321 lets pass, in octets, and the domain in the form that travels.
const (
	maxLocal   = 64
	maxAddress = 254
)

// Why a text is no address that a mail can be sent to. The texts do not show it: it is personal data.
var (
	ErrForm   = errors.New(`must be a mail address: a part before the "@", and a domain after it`)
	ErrLocal  = errors.New(`the part before the "@" must be of ASCII characters, with single dots between, without quotation marks and spaces`)
	ErrDomain = errors.New(`the part after the "@" must be a full domain, with a dot; it may be internationalized`)
	ErrLong   = errors.New(`must have at most 64 characters before the "@", and 254 in all with the domain as it travels (punycode)`)
)

// atoms is a dot-atom of RFC 5322. What must be quoted is not taken: mailers and ticket systems on the way do not agree about it.
var atoms = regexp.MustCompile("^[0-9A-Za-z!#$%&'*+/=?^_`{|}~-]+(\\.[0-9A-Za-z!#$%&'*+/=?^_`{|}~-]+)*$")

// number is a label that no top-level domain has.
var number = regexp.MustCompile(`^[0-9]+$`)

// ASCII returns an address as SMTP carries it, the domain in punycode, without the spaces around it. Its errors are this package's.
func ASCII(address string) (string, error) {
	address = strings.TrimSpace(address)
	at := strings.LastIndexByte(address, '@')
	if at < 1 || at == len(address)-1 {
		return "", ErrForm
	}
	local := address[:at]
	if !atoms.MatchString(local) {
		return "", ErrLocal
	}
	domain, err := travelling(address[at+1:])
	if err != nil {
		return "", err
	}
	if len(local) > maxLocal || len(local)+1+len(domain) > maxAddress {
		return "", ErrLong
	}
	return local + "@" + domain, nil
}

// travelling is a domain in punycode, as DNS and SMTP know it.
func travelling(domain string) (string, error) {
	ascii, err := idna.New(
		idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(true), idna.VerifyDNSLength(true), idna.BidiRule(),
	).ToASCII(domain)
	dot := strings.LastIndexByte(ascii, '.')
	if err != nil || dot < 1 || dot == len(ascii)-1 || number.MatchString(ascii[dot+1:]) {
		return "", ErrDomain
	}
	return ascii, nil
}

// Key is what the spellings of one address have in common: in whatever case, and whether its domain is in punycode. A text that is no
// address is its own.
func Key(address string) string {
	if ascii, err := ASCII(address); err == nil {
		address = ascii
	}
	return strings.ToLower(strings.TrimSpace(address))
}
