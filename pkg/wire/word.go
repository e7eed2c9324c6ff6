package wire

import (
	"strings"

	"example.com/handover/pkg/mailaddress"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// Word spells something that is read out on the phone so that a search finds it in whatever case it was written. Of an ARN of AWS it is
// the end: what its console shows.
func Word(by typev1.MatchedBy, value string) string {
	if by == typev1.MatchedBy_MATCHED_BY_AWS_ID {
		value = value[strings.LastIndex(value, "/")+1:]
	}
	return Name(by) + ":" + strings.ToLower(strings.TrimSpace(value))
}

// Words is Word of each that is not empty.
func Words(by typev1.MatchedBy, values ...string) (words []string) {
	for _, v := range values {
		if v != "" {
			words = append(words, Word(by, v))
		}
	}
	return words
}

// MailKey spells a mail address for a column by which it is found, in whatever case it was written, and whether its domain is in punycode.
func MailKey(address string) string { return mailaddress.Key(address) }
