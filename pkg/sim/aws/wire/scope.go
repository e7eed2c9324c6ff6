// Package wire translates between HTTP and the AWS SDK's own structs, as a server: it reads requests into the SDK's
// inputs and writes the SDK's outputs and errors, in the protocols that the unmodified clients speak.
//
// It knows no operation and no rule; signatures are read for who and where, never checked.
package wire

import (
	"net/http"
	"regexp"
)

// Scope is the credential scope of a Signature Version 4 header.
type Scope struct {
	AccessKey string
	Region    string
	Service   string // the signing name: "organizations", "sts"
}

var credential = regexp.MustCompile(`^AWS4-HMAC-SHA256 Credential=([^/,\s]+)/\d{8}/([^/,\s]+)/([^/,\s]+)/aws4_request,`)

// ScopeOf reads the Authorization header; false when there is none of that form.
func ScopeOf(r *http.Request) (Scope, bool) {
	m := credential.FindStringSubmatch(r.Header.Get("Authorization"))
	if m == nil {
		return Scope{}, false
	}
	return Scope{AccessKey: m[1], Region: m[2], Service: m[3]}, true
}
