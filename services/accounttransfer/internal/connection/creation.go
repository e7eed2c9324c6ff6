package connection

import (
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/services/accounttransfer/internal/contract"
	"example.com/handover/services/accounttransfer/internal/process"
)

// The effects by which AWS is asked to create something.
const (
	EffectGroup        = "create-billing-group"
	EffectRelationship = "create-relationship"
	EffectTerm         = "send-service-term" // its subject is the attempt
)

// GroupWanted is when the billing group is to be created.
func GroupWanted(c *Connection) []intent.Want { return wantCreation(c, GroupCreated, c.Group != nil) }

// RelationshipWanted is when the relationship is to be created.
func RelationshipWanted(c *Connection) []intent.Want {
	return wantCreation(c, RelationCreated, c.Contract.Relationship != nil)
}

func wantCreation(c *Connection, cond process.Condition, there bool) []intent.Want {
	at, demanded := c.wants(cond)
	if !demanded || there || c.State != Effective || c.Withdrawal.under() {
		return nil
	}
	return intent.At(at)
}

// GroupToken is the token by which AWS creates one billing group.
func GroupToken(c *Connection) string { return c.token("billing-group") }

// RelationshipToken is the token by which AWS creates one Partner Central relationship.
func RelationshipToken(c *Connection) string { return c.token("relationship") }

// TermToken is the token by which AWS proposes a service term once per attempt.
func TermToken(c *Connection, attempt string) string { return c.token("service-term-" + attempt) }

// RevocationToken is the token by which AWS is asked once for each revocation.
func RevocationToken(c *Connection, nth string) string { return c.token("revocation-" + nth) }

// GroupCreatedAs notes that AWS has the billing group.
func GroupCreatedAs(c *Connection, arn string, now time.Time) []fact.Fact {
	c.unblock(GroupCreated)
	c.Group = &contract.Held{Name: c.TransferID, ID: arn, SeenAt: now}
	return []fact.Fact{internally(tell(FactBillingGroupCreated, "arn", arn))}
}

// RelationshipCreatedAs notes that AWS has the relationship.
func RelationshipCreatedAs(c *Connection, id string, now time.Time) []fact.Fact {
	c.unblock(RelationCreated)
	c.Contract.Relationship = &contract.Held{Name: c.TransferID, ID: id, SeenAt: now}
	return []fact.Fact{internally(tell(FactRelationshipCreated, "relationship_id", id))}
}

// CreationRefused notes that what a condition needs cannot be created as things are, and who can mend that.
func CreationRefused(c *Connection, cond process.Condition, r Refusal, now time.Time) []fact.Fact {
	if cond == TermSent {
		c.Contract.Refused()
	}
	if _, demanded := c.Demands[cond]; !demanded {
		return nil
	}
	before, known := c.Blocks[cond]
	if c.block(cond, r.block(r.RetryAfter, now)); known && before.says(c.Blocks[cond]) {
		return nil // the same again is no news
	}
	return []fact.Fact{because(
		internally(tell(FactCreationRefused, "what", string(cond), "owner", string(r.Blocked.Owner), "failure", r.Failure.Text.Key)), r.Reason,
	)}
}
