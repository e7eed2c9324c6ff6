package mail

import (
	"regexp"
	"strings"

	"example.com/handover/pkg/errs"
)

const (
	atom  = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
	label = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)

// mailbox is an address as servers accept it without SMTPUTF8: a dot-atom, and a domain of two labels at least.
var mailbox = regexp.MustCompile(`^` + atom + `(\.` + atom + `)*@(` + label + `\.)+` + label + `$`)

func isMailbox(address string) bool {
	local, _, _ := strings.Cut(address, "@")
	return len(local) <= 64 && len(address) <= 254 && mailbox.MatchString(address)
}

func checkSender(address string) error {
	if !isMailbox(address) {
		return errs.InvalidField("from", "SENDER_INVALID", "the sender is no mailbox")
	}
	return nil
}

func domain(address string) string {
	return strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
}
