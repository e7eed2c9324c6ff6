package state

import (
	"time"

	"example.com/handover/pkg/aws/channel/types"
)

// Relationship is a partner's relationship with an account, in AWS Partner Central.
type Relationship struct {
	ID             string // rs-…
	ProgramAccount string // pma-…
	Owner          string // the account behind it
	Account        string // the other account
	DisplayName    string
	Association    types.AssociationType
	Model          types.ResaleAccountModel
	Sector         types.Sector
	SupportPlan    string // what was asked for, as JSON; empty: nothing
	Revision       int
	Token          string // of the call that created it
	Request        string // what that call asked for, to know a repeated one
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

func (r Relationship) key() string       { return r.ID }
func (r Relationship) since() time.Time  { return r.CreatedAt }
func (r Relationship) parties() []string { return []string{r.Owner, r.Account} }
