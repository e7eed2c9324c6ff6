package connection

import (
	"strings"
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/services/accounttransfer/internal/contract"
	"example.com/handover/services/accounttransfer/internal/process"
)

// EffectTerm is the effect that proposes a service term; its subject is the attempt.
const EffectTerm = "send-service-term"

// MadeWanted is when AWS is to be asked for what meets a condition once AWS has it.
func MadeWanted(cond process.Condition) func(*Connection) []intent.Want {
	return func(c *Connection) []intent.Want {
		_, there := c.Made[cond]
		return wantCreation(c, cond, there)
	}
}

// MadeAs notes that AWS has it. Its fact has the id that AWS gave; without one, the step that it completes tells of it.
func MadeAs(c *Connection, cond process.Condition, name, id string, now time.Time) []fact.Fact {
	c.unblock(cond)
	if c.Made == nil {
		c.Made = map[process.Condition]contract.Held{}
	}
	c.Made[cond] = contract.Held{Name: c.TransferID, ID: id, SeenAt: now}
	if name == "" {
		return nil
	}
	return []fact.Fact{fact.Internally(tell(name, "id", id))}
}

// MadeToken is the token by which AWS makes it once.
func MadeToken(cond process.Condition) func(*Connection, string) string {
	what := strings.ToLower(strings.ReplaceAll(string(cond), "_", "-"))
	return func(c *Connection, _ string) string { return c.token(what) }
}

// RelationshipID is Partner Central's id of the relationship; empty before there is one.
func RelationshipID(c *Connection) string { return c.Made[RelationCreated].ID }

func wantCreation(c *Connection, cond process.Condition, there bool) []intent.Want {
	at, demanded := c.wants(cond)
	if !demanded || there || c.State != Effective || c.Withdrawal.under() {
		return nil
	}
	return intent.At(at)
}

// TermToken is the token by which AWS proposes a service term once per attempt.
func TermToken(c *Connection, attempt string) string { return c.token("service-term-" + attempt) }

// RevocationToken is the token by which AWS is asked once for each revocation.
func RevocationToken(c *Connection, nth string) string { return c.token("revocation-" + nth) }

// CreationRefused notes that what a condition needs cannot be created as things are, and who can mend that.
func CreationRefused(c *Connection, cond process.Condition, r Refusal, now time.Time) []fact.Fact {
	if cond == TermSent {
		c.Contract.Refused()
	}
	if _, demanded := c.Demands[cond]; !demanded && (cond != TermSent || !termAgain(c)) {
		return nil
	}
	before, known := c.Blocks[cond]
	if c.block(cond, r.block(r.RetryAfter, now)); known && before.says(c.Blocks[cond]) {
		return nil // the same again is no news
	}
	f := tell(FactCreationRefused, "what", string(cond), "owner", string(r.Blocked.Owner), "failure", r.Failure.Text.Key)
	return []fact.Fact{fact.Because(fact.Internally(f), r.Reason)}
}
