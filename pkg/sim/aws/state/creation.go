package state

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
)

// Creation is one request to create a member account. Its outcome is decided when it is made and shown from ReadyAt.
type Creation struct {
	ID            string // car-…
	Management    string // account that asked
	AccountName   string
	Account       string // the new account; empty when it failed
	FailureReason types.CreateAccountFailureReason
	RequestedAt   time.Time
	ReadyAt       time.Time
}

// StateAt is what a caller sees at that time.
func (c Creation) StateAt(now time.Time) types.CreateAccountState {
	switch {
	case now.Before(c.ReadyAt):
		return types.CreateAccountStateInProgress
	case c.FailureReason != "":
		return types.CreateAccountStateFailed
	default:
		return types.CreateAccountStateSucceeded
	}
}

func (c Creation) key() string       { return c.ID }
func (c Creation) since() time.Time  { return c.RequestedAt }
func (c Creation) parties() []string { return []string{c.Management} }
