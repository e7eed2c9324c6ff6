package accounttransfer

import (
	"context"
	"time"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/kit"
	"example.com/handover/services/accounttransfer/internal/aws/billingconductor"
	"example.com/handover/services/accounttransfer/internal/aws/partnercentral"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/contract"
	"example.com/handover/services/accounttransfer/internal/process"
)

// groupExists is Billing Conductor's reason for a transfer that has a group by another name.
const groupExists = "BILLING_GROUP_ALREADY_EXIST_IN_CURRENT_BILLING_PERIOD"

// conflicts reports whether AWS says that it has what it was asked to create: from an earlier try, or from an earlier
// connection of the customer.
func conflicts(err error) bool {
	o := aws.Classify(err)
	return o.Code == "Conflict" || o.Reason == groupExists
}

// ofContract are the effects that record the accepted transfer at AWS, in order of precedence.
func (o *outside) ofContract() []effect {
	return []effect{
		o.createGroup(), o.createRelationship(), o.sendTerm(), o.checkTerm(),
	}
}

func (o *outside) partnerPermit(ctx context.Context, a attempt) error {
	return o.admitted(ctx, a.Doc.PayerID, apiPartnerCentral)
}

// creation is one thing that AWS is asked to create with a token.
type creation struct {
	create, find func(ctx context.Context, a attempt) (id string, err error)
	made         func(c *connection.Connection, id string, now time.Time) []fact.Fact
}

// do creates it, and finds what AWS says is there already.
func (m creation) do(ctx context.Context, a attempt) (record, error) {
	id, err := m.create(ctx, a)
	if conflicts(err) {
		found, lookErr := m.find(ctx, a)
		switch {
		case lookErr != nil:
			return nil, lookErr
		case found != "":
			id, err = found, nil
		}
	}
	return noting(func(c *connection.Connection, now time.Time) []fact.Fact { return m.made(c, id, now) }), err
}

func (m creation) look(ctx context.Context, a attempt) (record, error) {
	id, err := m.find(ctx, a)
	if err != nil || id == "" {
		return nil, err
	}
	return noting(func(c *connection.Connection, now time.Time) []fact.Fact { return m.made(c, id, now) }), nil
}

// refuses records that AWS will not create what a condition needs.
func refuses(cond process.Condition) func(*connection.Connection, kit.Intended, intent.Outcome, time.Time) ([]fact.Fact, error) {
	return func(c *connection.Connection, _ kit.Intended, out intent.Outcome, now time.Time) ([]fact.Fact, error) {
		switch out.Reason {
		case noProgram:
			return connection.CreationRefused(c, cond, connection.NoProgramAccount(), now), nil
		case noRelationship:
			return connection.CreationRefused(c, cond, connection.NoRelationship(), now), nil
		}
		return connection.CreationRefused(c, cond, connection.JudgeCreation(out.Reason), now), nil
	}
}

// makes begins the name of an effect that meets a condition.
const makes = "make "

// makes is the effect by which AWS makes, once, what meets a condition. name is that of its fact; empty: it has none.
func (m creation) makes(cond process.Condition, name string) effect {
	m.made = func(c *connection.Connection, id string, now time.Time) []fact.Fact {
		return connection.MadeAs(c, cond, name, id, now)
	}
	return effect{
		Name: makes + string(cond), Wanted: connection.MadeWanted(cond), Token: connection.MadeToken(cond),
		Do: m.do, Find: m.look, Refused: refuses(cond),
	}
}

// createGroup has the billing group created: without one the customer sees no costs.
func (o *outside) createGroup() effect {
	e := creation{
		create: func(ctx context.Context, a attempt) (string, error) {
			p, err := o.payer(ctx, a.Doc.PayerID)
			if err != nil {
				return "", err
			}
			return o.groups.Create(ctx, p.Payer, billingconductor.Group{Name: a.Doc.TransferID, Token: a.Token, TransferARN: a.Doc.TransferARN()})
		},
		find: func(ctx context.Context, a attempt) (string, error) {
			p, err := o.payer(ctx, a.Doc.PayerID)
			if err != nil {
				return "", err
			}
			return o.groups.Find(ctx, p.Payer, a.Doc.TransferARN())
		},
	}.makes(connection.GroupCreated, connection.FactBillingGroupCreated)
	e.Admit = func(ctx context.Context, a attempt) error { return o.admitted(ctx, a.Doc.PayerID, apiBillingConductor) }
	return atAWS(o, e)
}

// createRelationship registers the customer in Partner Central.
func (o *outside) createRelationship() effect {
	wanted := func(ctx context.Context, a attempt) (account, partnercentral.Relationship, error) {
		p, err := o.program(ctx, a)
		return p, partnercentral.Relationship{Program: p.program, AccountID: a.Doc.AccountID, Name: a.Doc.TransferID, Token: a.Token}, err
	}
	return o.atPartnerCentral(creation{
		create: func(ctx context.Context, a attempt) (string, error) {
			p, r, err := wanted(ctx, a)
			if err != nil {
				return "", err
			}
			return o.partner.Relate(ctx, p.Payer, r)
		},
		find: func(ctx context.Context, a attempt) (string, error) {
			p, r, err := wanted(ctx, a)
			if err != nil {
				return "", err
			}
			return o.partner.FindRelationship(ctx, p.Payer, r)
		},
	}.makes(connection.RelationCreated, connection.FactRelationshipCreated))
}

// sendTerm has AWS mail the service term to the customer.
func (o *outside) sendTerm() effect {
	m := creation{
		create: func(ctx context.Context, a attempt) (string, error) {
			p, err := o.program(ctx, a)
			switch {
			case err != nil:
				return "", err
			case connection.RelationshipID(a.Doc) == "":
				return "", &unready{noRelationship}
			}
			return o.partner.Propose(ctx, p.Payer, partnercentral.Term{
				Program: p.program, RelationshipID: connection.RelationshipID(a.Doc), Before: a.Doc.Contract.Term().EndAt, Token: a.Token,
			})
		},
		find: func(ctx context.Context, a attempt) (string, error) {
			seen, err := o.terms(ctx, a)
			return a.Doc.Contract.Unknown(seen), err
		},
		made: connection.TermRequested,
	}
	return o.atPartnerCentral(effect{
		Name: connection.EffectTerm, Wanted: connection.TermWanted, Do: m.do, Find: m.look, Refused: refuses(connection.TermSent),
		Token: func(c *connection.Connection, attempt string) string { return connection.TermToken(c, attempt) },
		Begin: func(c *connection.Connection, _ kit.Intended, now time.Time) ([]fact.Fact, error) {
			connection.IntendTerm(c, now)
			return nil, nil
		},
	})
}

// checkTerm asks AWS how the service term stands.
func (o *outside) checkTerm() effect {
	return o.atPartnerCentral(effect{
		Name: connection.LookTerm, Look: true, Wanted: connection.CheckTermWanted,
		Do: func(ctx context.Context, a attempt) (record, error) {
			id := a.Doc.Contract.Term().ID
			listed, err := o.terms(ctx, a)
			return served(connection.LookTerm, a, func(c *connection.Connection, now time.Time) []fact.Fact {
				return connection.ObserveTerm(c, contract.Standing(listed, id), now)
			}), err
		},
	})
}

// program returns the payer, which must be known to Partner Central.
func (o *outside) program(ctx context.Context, a attempt) (account, error) {
	p, err := o.payer(ctx, a.Doc.PayerID)
	if err == nil && p.program == "" {
		err = &unready{noProgram}
	}
	return p, err
}

func (o *outside) terms(ctx context.Context, a attempt) ([]contract.Seen, error) {
	p, err := o.payer(ctx, a.Doc.PayerID)
	if err != nil {
		return nil, err
	}
	return o.partner.Terms(ctx, p.Payer, connection.RelationshipID(a.Doc))
}

// What keeps AWS from being asked at all.
const (
	noProgram      = "NO_PROGRAM_ACCOUNT"
	noRelationship = "NO_RELATIONSHIP"
)

// unready says that what a call needs is not there: the suite refuses in AWS's place.
type unready struct{ lacks string }

func (u *unready) Error() string { return "AWS was not asked: " + u.lacks }

// atPartnerCentral completes an effect at Partner Central.
func (o *outside) atPartnerCentral(e effect) effect {
	e = atAWS(o, e)
	e.Admit = o.partnerPermit
	e.Outcome = func(err error) intent.Outcome {
		if u, ok := err.(*unready); ok { //nolint:errorlint // made here and wrapped by nobody
			return intent.Outcome{Class: intent.Refused, Reason: u.lacks, Message: u.Error()}
		}
		return aws.OutcomeOf(err)
	}
	return e
}
