package accounttransfer

import (
	"context"
	"slices"
	"time"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/kit"
	"example.com/handover/services/accounttransfer/internal/aws/partnercentral"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/contract"
)

// revokeTerm asks the customer, through AWS, to agree to the end of the service term. AWS sends it once for its token; a
// conflict means that one is under way.
func (o *outside) revokeTerm() effect {
	return o.atPartnerCentral(effect{
		Name: connection.EffectRevoke, Wanted: connection.RevokeWanted,
		Token: func(c *connection.Connection, attempt string) string { return connection.RevocationToken(c, attempt) },
		Begin: func(c *connection.Connection, _ kit.Intended, _ time.Time) ([]fact.Fact, error) {
			c.Contract.Revoke()
			return nil, nil
		},
		Do: func(ctx context.Context, a attempt) (record, error) {
			p, err := o.program(ctx, a)
			if err != nil {
				return nil, err
			}
			id, err := o.partner.Revoke(ctx, p.Payer, partnercentral.Revocation{
				Program: p.program, RelationshipID: connection.RelationshipID(a.Doc), Token: a.Token,
			})
			if aws.Classify(err).Code == "Conflict" {
				id, err = o.pendingRevocation(ctx, a)
			}
			return noting(func(c *connection.Connection, now time.Time) []fact.Fact {
				if id == "" {
					connection.RevocationRefused(c)
					return nil
				}
				return connection.RevocationSent(c, id, now)
			}), err
		},
		Refused: func(c *connection.Connection, _ kit.Intended, _ intent.Outcome, _ time.Time) ([]fact.Fact, error) {
			connection.RevocationRefused(c)
			return nil, nil
		},
	})
}

func (o *outside) revocations(ctx context.Context, a attempt) ([]contract.Seen, error) {
	p, err := o.payer(ctx, a.Doc.PayerID)
	if err != nil {
		return nil, err
	}
	return o.partner.Revocations(ctx, p.Payer, connection.RelationshipID(a.Doc))
}

// pendingRevocation returns the revocation that the customer has not answered; "" when there is none.
func (o *outside) pendingRevocation(ctx context.Context, a attempt) (string, error) {
	all, err := o.revocations(ctx, a)
	for _, seen := range slices.Backward(all) {
		if seen.Status == contract.Pending {
			return seen.HandshakeID, nil
		}
	}
	return "", err
}

// checkRevocation asks AWS whether the customer has agreed.
func (o *outside) checkRevocation() effect {
	return o.atPartnerCentral(effect{
		Name: connection.LookRevocation, Look: true, Wanted: connection.CheckRevocationWanted,
		Do: func(ctx context.Context, a attempt) (record, error) {
			id := a.Doc.Contract.Revocation.ID
			all, err := o.revocations(ctx, a)
			return served(connection.LookRevocation, a, func(c *connection.Connection, now time.Time) []fact.Fact {
				return connection.ObserveRevocation(c, contract.Standing(all, id), now)
			}), err
		},
	})
}

// cancelTerm takes back a service term that the customer has not answered, and reads what became of it.
func (o *outside) cancelTerm() effect {
	return o.takeBack(handshake{
		effect: "cancel-service-term", wanted: connection.CancelTermWanted,
		list: o.terms,
		sent: connection.TermCancelSent, refused: connection.TermCancelRefused,
	})
}

// cancelRevocation takes back the end of a service term that the customer has not answered.
func (o *outside) cancelRevocation() effect {
	return o.takeBack(handshake{
		effect: connection.EffectCancelRevocation, wanted: connection.CancelRevocationWanted,
		list: o.revocations,
		sent: connection.RevocationCancelSent, refused: connection.RevocationCancelRefused,
	})
}

// handshake is one that AWS is asked to take back, with what records what became of it. Its id is the subject of the effect.
type handshake struct {
	effect  string
	wanted  func(*connection.Connection) []intent.Want
	list    func(context.Context, attempt) ([]contract.Seen, error)
	sent    func(*connection.Connection, contract.Seen, time.Time) []fact.Fact
	refused func(*connection.Connection, time.Time) []fact.Fact
}

func (o *outside) takeBack(h handshake) effect {
	return o.atPartnerCentral(effect{
		Name: h.effect, Wanted: h.wanted,
		Do: func(ctx context.Context, a attempt) (record, error) {
			p, err := o.payer(ctx, a.Doc.PayerID)
			if err != nil {
				return nil, err
			}
			if err := o.partner.Cancel(ctx, p.Payer, a.Subject); err != nil {
				return nil, err
			}
			all, err := h.list(ctx, a)
			return noting(func(c *connection.Connection, now time.Time) []fact.Fact {
				return h.sent(c, contract.Standing(all, a.Subject), now)
			}), err
		},
		Refused: func(c *connection.Connection, _ kit.Intended, _ intent.Outcome, now time.Time) ([]fact.Fact, error) {
			return h.refused(c, now), nil
		},
	})
}
