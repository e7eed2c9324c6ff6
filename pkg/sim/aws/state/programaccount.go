package state

import "time"

// ProgramAccount is an account that is registered in AWS Partner Central as a program management account.
type ProgramAccount struct {
	ID           string // pma-…
	Account      string
	DisplayName  string // customers see it as the sender of a handshake
	Revision     int
	RegisteredAt time.Time
	UpdatedAt    time.Time
}

func (a ProgramAccount) key() string       { return a.ID }
func (a ProgramAccount) since() time.Time  { return a.RegisteredAt }
func (a ProgramAccount) parties() []string { return []string{a.Account} }
