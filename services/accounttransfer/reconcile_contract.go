package accounttransfer

import (
	"context"
	"slices"
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/id"
	"example.com/handover/services/accounttransfer/internal/transfer"
)

// checkTerm reads how the service term stands.
func (r *reconciler) checkTerm(_, calls context.Context, c *claim, a transfer.Action) (decision, error) {
	payer, err := r.enter(calls, a.PayerID, apiPartnerCentral)
	if err != nil {
		return nil, err
	}
	handshake := c.Doc.Term().ID
	listed, err := r.partner.Terms(calls, payer.Payer, c.Doc.RelationshipID())
	if err != nil {
		return nil, r.later(err)
	}
	seen := standing(listed, handshake)
	return func(t *transfer.Transfer, now time.Time) ([]fact.Fact, error) { return t.ObserveTerm(seen, now) }, nil
}

// standing returns how a handshake stands in a list; one that is not listed has no status.
func standing(listed []transfer.TermSeen, handshake string) transfer.TermSeen {
	if i := slices.IndexFunc(listed, func(t transfer.TermSeen) bool { return t.HandshakeID == handshake }); i >= 0 {
		return listed[i]
	}
	return transfer.TermSeen{HandshakeID: handshake}
}

// checkRole tries to enter the customer's account by the Bootstrap Role.
func (r *reconciler) checkRole(_, calls context.Context, c *claim, a transfer.Action) (decision, error) {
	if err := r.permit(calls, a.SourceAccountID, "sts"); err != nil {
		return nil, err
	}
	state, err := r.roles.Look(calls, c.Doc.RoleARN(), a.SourceAccountID, c.ID)
	if err != nil {
		return nil, r.later(err)
	}
	return func(t *transfer.Transfer, now time.Time) ([]fact.Fact, error) { return t.RoleSeen(state, now) }, nil
}

// flagRoles chooses the id of the case that follows the missing roles; it is opened by a pass of its own.
func (r *reconciler) flagRoles(context.Context, context.Context, *claim, transfer.Action) (decision, error) {
	caseID := id.New("cas")
	return func(t *transfer.Transfer, now time.Time) ([]fact.Fact, error) { return t.RolesOverdue(caseID, now) }, nil
}
