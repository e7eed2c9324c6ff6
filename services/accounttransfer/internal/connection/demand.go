package connection

import (
	"maps"
	"slices"
	"time"

	"example.com/handover/pkg/text"
	"example.com/handover/services/accounttransfer/internal/access"
	"example.com/handover/services/accounttransfer/internal/contract"
	"example.com/handover/services/accounttransfer/internal/process"
)

// The conditions of a connection that a journey can demand, in the order in which they come about.
const (
	AccountValid       process.Condition = "ACCOUNT_VALID"
	InvitationSent     process.Condition = "INVITATION_SENT"
	InvitationAccepted process.Condition = "INVITATION_ACCEPTED"
	GroupCreated       process.Condition = "BILLING_GROUP_CREATED"
	RelationCreated    process.Condition = "RELATIONSHIP_CREATED"
	TermSent           process.Condition = "TERM_SENT"
	TermAccepted       process.Condition = "TERM_ACCEPTED"
	RoleDeployed       process.Condition = "ROLE_DEPLOYED"
)

// Observed are those that the connection knows by looking. All others are met by what AWS was asked to make.
func Observed() []process.Condition {
	return []process.Condition{
		AccountValid, InvitationSent, InvitationAccepted, TermSent, TermAccepted, RoleDeployed, MembersInvited, MembersJoined,
	}
}

// conditions are all that the connection reports on.
func (c *Connection) conditions() []process.Condition {
	made := map[process.Condition]bool{}
	for cond := range c.Demands {
		made[cond] = true
	}
	for cond := range c.Made {
		made[cond] = true
	}
	for _, cond := range Observed() {
		delete(made, cond)
	}
	return append(Observed(), slices.Sorted(maps.Keys(made))...)
}

// Demand is that a journey wants a condition to come about.
type Demand struct {
	Since   time.Time `json:"since"`             // the closer, the more often it is looked for
	Due     time.Time `json:"due,omitzero"`      // it is looked for once more then
	Relaxed bool      `json:"relaxed,omitempty"` // the journey goes on without: once a day is enough
}

// Demand takes over what the journey wants now. It reports whether that is a change.
func (c *Connection) Demand(wanted map[process.Condition]Demand) bool {
	if len(wanted) == 0 {
		wanted = nil
	}
	if maps.EqualFunc(c.Demands, wanted, Demand.same) {
		return false
	}
	c.Demands = wanted
	return true
}

func (d Demand) same(o Demand) bool {
	return d.Since.Equal(o.Since) && d.Due.Equal(o.Due) && d.Relaxed == o.Relaxed
}

// wants reports whether a condition is demanded and nothing keeps it from being tried at a time; when it is to be tried is
// the second answer, zero for never by itself.
func (c *Connection) wants(cond process.Condition) (at time.Time, demanded bool) {
	if _, demanded = c.Demands[cond]; !demanded || c.Stopped {
		return time.Time{}, false
	}
	b, blocked := c.Blocks[cond]
	if !blocked {
		return immediately, true
	}
	return retryAt(c, cond, b), true
}

// pause is how long what was refused is left alone, however often somebody asks to look.
const pause = 15 * time.Minute

// retryAt is when a refused condition is tried again: by itself, or earlier when somebody has asked to look since.
func retryAt(c *Connection, cond process.Condition, b Block) time.Time {
	if c.lookAsked(string(cond)) && (b.RetryAt.IsZero() || b.At.Add(pause).Before(b.RetryAt)) {
		return b.At.Add(pause)
	}
	return b.RetryAt
}

// Block is why a condition cannot come about as things are.
type Block struct {
	Failure process.Failure `json:"failure"`
	Blocked process.Blocked `json:"blocked"`
	Final   bool            `json:"final,omitempty"` // nobody can mend it: the proposal has failed
	Since   time.Time       `json:"since"`           // when it was first so
	At      time.Time       `json:"at"`
	RetryAt time.Time       `json:"retry_at,omitzero"` // zero: only when somebody asks
}

// says reports whether two blocks say the same.
func (b Block) says(o Block) bool {
	return b.Failure.Code == o.Failure.Code && b.Failure.Text.Equal(o.Failure.Text) && b.Blocked.Owner == o.Blocked.Owner
}

func (c *Connection) block(cond process.Condition, b Block) {
	if c.Blocks == nil {
		c.Blocks = map[process.Condition]Block{}
	}
	b.Blocked.RetryAt, b.Since = b.RetryAt, b.At
	if before, known := c.Blocks[cond]; known && before.says(b) {
		b.Since = before.Since
	}
	c.Blocks[cond] = b
	if c.Looked == nil {
		c.Looked = map[string]int64{}
	}
	c.Looked[string(cond)] = c.Looks
}

func (c *Connection) unblock(cond process.Condition) {
	delete(c.Blocks, cond)
	if len(c.Blocks) == 0 {
		c.Blocks = nil
	}
}

// Retry forgets why a condition could not come about: somebody says that it is mended. A final refusal stays.
func (c *Connection) Retry(cond process.Condition) {
	if b, blocked := c.Blocks[cond]; blocked && !b.Final {
		c.unblock(cond)
	}
}

// Reports says what is known of every condition.
func (c *Connection) Reports() []process.Report {
	var reports []process.Report
	for _, cond := range c.conditions() {
		r := reportOn(c, cond)
		if b, blocked := c.Blocks[cond]; blocked && !r.Met {
			r.Failure, r.Blocked = &b.Failure, b.Blocked
		}
		reports = append(reports, r)
	}
	return reports
}

func reportOn(c *Connection, cond process.Condition) process.Report {
	r := process.Report{Condition: cond}
	bound, term := c.State != Proposed && !c.StartAt.IsZero(), c.Contract.Binding()
	switch cond {
	case AccountValid:
		r.Met = process.ValidAccountID(c.AccountID)
	case InvitationSent:
		inv := c.Current()
		r.Met = bound || inv != nil && inv.AccountID == c.AccountID && (inv.State == Requested || inv.State == Declined || inv.State == Expired)
	case InvitationAccepted:
		r.Met = bound
		if inv := c.Current(); inv != nil && inv.State == Requested && inv.AccountID == c.AccountID {
			r.Until = inv.AcceptBy
		}
	case TermSent:
		r.Met = term != nil
	case TermAccepted:
		r.Met = term != nil && term.State == contract.Accepted
	case MembersInvited, MembersJoined:
		membersReport(c, &r)
	case RoleDeployed:
		r.Met, r.LookedAt, r.Told = c.Role.In(), c.Role.CheckedAt, roleInstruction(c)
	default:
		_, r.Met = c.Made[cond]
	}
	return r
}

// roleInstruction says what is to be done for the role, and where it is deployed with one click.
func roleInstruction(c *Connection) text.Text {
	key := "step.deploy-roles"
	if c.Role.State == access.Unsafe {
		key = "step.deploy-roles.unsafe"
	}
	if c.Role.DeployURL == "" {
		return text.New(key)
	}
	return text.New(key+".link", "url", c.Role.DeployURL)
}

// FinalFailure returns why the proposal has failed for good; nil while it has not.
func FinalFailure(c *Connection) *process.Failure {
	for _, cond := range c.conditions() {
		if b, blocked := c.Blocks[cond]; blocked && b.Final {
			return &b.Failure
		}
	}
	return nil
}
