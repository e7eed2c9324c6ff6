package letter

import "errors"

// ErrAddress says that a recipient's address is none.
var ErrAddress = errors.New("an address is none that a mail can be sent to")

// Class is what became of a letter.
type Class string

// The classes. Only after Lost it is unknown whether the provider has the letter; after all others but Taken it surely
// has not.
const (
	Taken            Class = "TAKEN"
	Refused          Class = "REFUSED"           // the provider will never take this letter
	RecipientRefused Class = "RECIPIENT_REFUSED" // it will never take it for one of the addresses
	Later            Class = "LATER"             // not reached, busy, or not set up: the same letter may be taken later
	Lost             Class = "LOST"              // handed over, and no clear answer
)

// Answer is what a provider made of a letter.
type Answer struct {
	Class Class
	Code  string // the provider's, without its words, which may hold an address: "550", "MessageRejected"; empty: none
}

// Unfit is the answer to a letter that has no Message.
func Unfit(err error) Answer {
	if errors.Is(err, ErrAddress) {
		return Answer{Class: RecipientRefused}
	}
	return Answer{Class: Refused}
}
