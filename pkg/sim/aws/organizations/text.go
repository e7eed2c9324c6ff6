package organizations

import (
	"regexp"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
)

// text is what AWS demands of a string member. The SDK does not check it, so a client's mistake shows only here.
type text struct {
	name     string
	min, max int // in characters; zero: no bound
	pattern  *regexp.Regexp
	free     bool // written by people: also filtered for scripts
	optional bool
}

var (
	accountPattern = regexp.MustCompile(`^\d{12}$`)
	emailPattern   = regexp.MustCompile(`^[^\s@]+@[^\s@]+\.[^\s@]+$`)
	printable      = regexp.MustCompile(`^[ -~]+$`)
	tagPattern     = regexp.MustCompile(`^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$`)
	// scripting is what AWS's filter on free text catches; its rules are not published, these are the plain cases.
	scripting = regexp.MustCompile(`(?i)<\s*/?\s*(script|iframe|object|embed|svg|img)\b|javascript:|\bon(error|load|click)\s*=`)
)

var (
	accountID        = text{name: "AccountId", max: 12, pattern: accountPattern}
	accountName      = text{name: "AccountName", min: 1, max: 50, pattern: printable, free: true}
	accountEmail     = text{name: "Email", min: 6, max: 64, pattern: emailPattern}
	roleName         = text{name: "RoleName", max: 64, pattern: regexp.MustCompile(`^[\w+=,.@-]{1,64}$`), optional: true}
	creationID       = text{name: "CreateAccountRequestId", max: 36, pattern: regexp.MustCompile(`^car-[a-z0-9]{8,32}$`)}
	handshakeID      = text{name: "HandshakeId", max: 34, pattern: regexp.MustCompile(`^h-[0-9a-z]{8,32}$`)}
	transferID       = text{name: "Id", pattern: regexp.MustCompile(`^rt-[0-9a-z]{8,32}$`)}
	transferName     = text{name: "Name", min: 1, max: 128, pattern: printable, free: true}
	sourceName       = text{name: "SourceName", min: 1, max: 128, pattern: printable, free: true}
	notes            = text{name: "Notes", max: 1024, free: true, optional: true}
	partyID          = text{name: "Target.Id", min: 1, max: 64}
	tagKey           = text{name: "Tags.Key", min: 1, max: 128, pattern: tagPattern, free: true}
	tagValue         = text{name: "Tags.Value", max: 256, pattern: tagPattern, free: true}
	optionalFilterID = text{name: "Filter.ParentHandshakeId", max: 34, pattern: handshakeID.pattern, optional: true}
	optionalID       = text{name: "Id", pattern: transferID.pattern, optional: true}
)

// check returns the violation of the first rule that v breaks.
func (t text) check(v *string) error {
	if v == nil {
		if t.optional {
			return nil
		}
		return invalid(types.InvalidInputExceptionReasonInputRequired, "%s is required.", t.name)
	}
	n := utf8.RuneCountInString(*v)
	switch {
	case n < t.min:
		return invalid(types.InvalidInputExceptionReasonMinLengthExceeded, "%s is shorter than %d.", t.name, t.min)
	case t.max > 0 && n > t.max:
		return invalid(types.InvalidInputExceptionReasonMaxLengthExceeded, "%s is longer than %d.", t.name, t.max)
	case t.pattern != nil && !t.pattern.MatchString(*v), t.free && scripting.MatchString(*v):
		return invalid(types.InvalidInputExceptionReasonInvalidPattern, "%s does not match the required pattern.", t.name)
	}
	return nil
}

// first returns the first violation.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
