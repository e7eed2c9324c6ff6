package state

import "time"

// Letter is a mail that AWS sends. It leaves with the commit that caused it.
type Letter struct {
	At      time.Time // business time at which it arrives; it may be later than now
	To      string    // the root address of an account
	Subject string
	Text    string
}

// Post sends a letter if the transaction commits.
func (tx *Tx) Post(l Letter) { tx.letters = append(tx.letters, l) }

// OnLetter says who takes the letters, from many goroutines and while the caller of AWS waits. It is called once, before
// the first change.
func (s *State) OnLetter(take func(Letter)) { s.post = take }
