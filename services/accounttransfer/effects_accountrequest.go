package accounttransfer

import (
	"cmp"
	"context"
	"time"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/notice"
	"example.com/handover/pkg/store"
	"example.com/handover/services/accounttransfer/internal/access"
	"example.com/handover/services/accounttransfer/internal/accountrequest"
	"example.com/handover/services/accounttransfer/internal/aws/organizations"
	"example.com/handover/services/accounttransfer/internal/connection"
)

type (
	requestEffect  = kit.Effect[accountrequest.Request]
	requestAttempt = kit.Attempt[accountrequest.Request]
	requestRecord  = kit.Record[accountrequest.Request]
)

// ofRequests are the outside acts of requests for new accounts.
func (o *outside) ofRequests() *kit.Effects[accountrequest.Request] {
	return &kit.Effects[accountrequest.Request]{
		All: []requestEffect{
			o.createAccount(), o.checkCreation(), o.checkAccountRole(), o.checkSupportPlan(),
			notice.Effect(o.notices, notice.Set[accountrequest.Request]{
				Wanted: (*accountrequest.Request).Wanted, Kept: func(r *accountrequest.Request) *intent.Wishes { return &r.Wishes },
			}),
		},
		Ledger: func(r *accountrequest.Request) *intent.Ledger { return &r.Intents },
		Dates:  (*accountrequest.Request).Next,
		Tick: func(r *accountrequest.Request, _ string, now time.Time) ([]fact.Fact, error) {
			return r.Tick(now), nil
		},
	}
}

func (o *outside) requestPermit(ctx context.Context, a requestAttempt) error {
	return o.admitted(ctx, a.Doc.PayerID, apiOrganizations)
}

// creating is the payer and the root address of a request.
func (o *outside) creating(ctx context.Context, a requestAttempt) (p account, address string, err error) {
	if p, err = o.payer(ctx, a.Doc.PayerID); err != nil {
		return p, "", err
	}
	box, err := o.tables.mailboxes.Get(ctx, createsAccounts(), a.Doc.MailboxID)
	if err != nil {
		return p, "", err
	}
	return p, box.Doc.Address, nil
}

// createAccount has AWS create the account in the payer's organization. AWS takes no idempotency token: after a lost answer the account
// is looked for by its address, which is unique at AWS, and its creation by its name.
func (o *outside) createAccount() requestEffect {
	return atAWS(o, requestEffect{
		Name: accountrequest.EffectCreate, Admit: o.requestPermit, Wanted: accountrequest.CreateWanted,
		Begin: func(r *accountrequest.Request, _ kit.Intended, now time.Time) ([]fact.Fact, error) {
			return r.Create(now)
		},
		Do: func(ctx context.Context, a requestAttempt) (requestRecord, error) {
			p, address, err := o.creating(ctx, a)
			if err != nil {
				return nil, err
			}
			requestID, err := o.orgs.CreateAccount(ctx, p.Payer, a.Doc.Nickname, address)
			return func(r *accountrequest.Request, now time.Time) ([]fact.Fact, error) {
				return r.CreationAsked(requestID, now)
			}, err
		},
		Find: func(ctx context.Context, a requestAttempt) (requestRecord, error) {
			p, address, err := o.creating(ctx, a)
			if err != nil {
				return nil, err
			}
			created, err := o.created(ctx, a, p.Payer, address)
			if created != nil || err != nil {
				return created, err
			}
			requestID, err := o.orgs.Creating(ctx, p.Payer, a.Doc.Nickname, a.Doc.Creation.AskedAt, o.turns(p.AccountID))
			if err != nil || requestID == "" {
				return nil, err
			}
			return func(r *accountrequest.Request, now time.Time) ([]fact.Fact, error) {
				return r.CreationFound(requestID, now)
			}, nil
		},
		Refused: func(r *accountrequest.Request, _ kit.Intended, out intent.Outcome, now time.Time) ([]fact.Fact, error) {
			return r.CreationFailed(cmp.Or(out.Reason, out.Code), now)
		},
	})
}

// created looks for the account of a request by its address; nil: it is not there, or not by this request.
func (o *outside) created(ctx context.Context, a requestAttempt, p aws.Payer, address string) (requestRecord, error) {
	found, err := o.orgs.AccountOf(ctx, p, address, o.turns(p.AccountID))
	if err != nil || found == nil || !a.Doc.Ours(found.CreatedByAWS, found.JoinedAt) {
		return nil, err
	}
	return func(r *accountrequest.Request, now time.Time) ([]fact.Fact, error) {
		return r.Created(found.ID, found.JoinedAt, now)
	}, nil
}

// checkCreation asks AWS whether the account is there.
func (o *outside) checkCreation() requestEffect {
	return atAWS(o, requestEffect{
		Name: accountrequest.LookCreation, Look: true, Admit: o.requestPermit, Wanted: accountrequest.CheckWanted,
		Do: func(ctx context.Context, a requestAttempt) (requestRecord, error) {
			p, address, err := o.creating(ctx, a)
			if err != nil {
				return nil, err
			}
			seen, err := o.orgs.Creation(ctx, p.Payer, a.Doc.Creation.AWSRequestID)
			failed := seen.State == organizations.CreationFailed && !a.Doc.Creation.Found // else it may be another request's that failed
			switch {
			case err != nil:
				return nil, err
			case seen.State == organizations.CreationRuns:
				return func(r *accountrequest.Request, now time.Time) ([]fact.Fact, error) { return r.CreationSeen(now) }, nil
			case failed && seen.Reason != accountrequest.EmailAlreadyExists:
				return creationFailed(seen.Reason), nil
			}
			created, err := o.created(ctx, a, p.Payer, address)
			switch {
			case created != nil || err != nil:
				return created, err
			case failed: // the address is somebody else's
				return creationFailed(seen.Reason), nil
			}
			return func(r *accountrequest.Request, _ time.Time) ([]fact.Fact, error) { return r.CreationLost() }, nil
		},
	})
}

func creationFailed(reason string) requestRecord {
	return func(r *accountrequest.Request, now time.Time) ([]fact.Fact, error) {
		return r.CreationFailed(reason, now)
	}
}

// checkAccountRole tries to enter the account by the role that was entered.
func (o *outside) checkAccountRole() requestEffect {
	return atAWS(o, requestEffect{
		Name: accountrequest.LookRole, Look: true, Wanted: accountrequest.RoleWanted,
		Admit: func(ctx context.Context, a requestAttempt) error { return o.permit(ctx, a.Doc.AccountID, apiSTS) },
		Do: func(ctx context.Context, a requestAttempt) (requestRecord, error) {
			arn := a.Doc.Role.ARN
			found, err := o.roles.Look(ctx, arn, a.Doc.AccountID, a.Doc.Role.ExternalID)
			state := map[access.State]accountrequest.RoleState{
				access.Missing: accountrequest.RoleNotAssumable, access.Unsafe: accountrequest.RoleExternalIDMissing,
				access.Safe: accountrequest.RoleValid,
			}[found.State]
			return func(r *accountrequest.Request, now time.Time) ([]fact.Fact, error) {
				return r.RoleSeen(arn, state, now)
			}, err
		},
	})
}

// checkSupportPlan asks AWS which support plan the account has.
func (o *outside) checkSupportPlan() requestEffect {
	return atAWS(o, requestEffect{
		Name: accountrequest.LookPlan, Look: true, Wanted: accountrequest.PlanWanted,
		Admit: func(ctx context.Context, a requestAttempt) error { return o.permit(ctx, a.Doc.AccountID, apiSupport) },
		Do: func(ctx context.Context, a requestAttempt) (requestRecord, error) {
			levels, known, err := o.support.Levels(ctx, a.Doc.Role.ARN, a.Doc.Role.ExternalID)
			if aws.Classify(err).Class == aws.Denied {
				err = nil // the role lets us in no more: its own look tells that
			}
			return func(r *accountrequest.Request, now time.Time) ([]fact.Fact, error) {
				return r.PlanSeen(levels, known, now)
			}, err
		},
	})
}

// changeRequest changes a request that the scope sees, and keeps or frees its root address.
func (t *tables) changeRequest(tx *store.Tx, scope call.Scope, requestID, etag string, change decideRequest) (row requestRow, err error) {
	before, err := t.requests.GetTx(tx, scope, requestID)
	if err != nil {
		return row, err
	}
	if err := tx.Lock(t.requests.Row(requestID), t.mailboxes.Row(before.Doc.MailboxID)); err != nil {
		return row, err
	}
	row, err = t.requests.Update(tx, scope, requestID, etag, func(r *accountrequest.Request) ([]fact.Fact, error) {
		return change(r, tx.Now())
	})
	if err != nil {
		return row, err
	}
	return row, t.holdAddress(tx, row.Doc)
}

func (t *tables) holdAddress(tx *store.Tx, r *accountrequest.Request) error {
	box, err := t.mailboxes.GetForUpdate(tx, createsAccounts(), r.MailboxID)
	if err != nil || box.Doc.Held == r.AddressHeld() {
		return err
	}
	_, err = t.mailboxes.Update(tx, createsAccounts(), r.MailboxID, "", func(m *accountrequest.Mailbox) ([]fact.Fact, error) {
		return m.Hold(r.AddressHeld())
	})
	return err
}

// saveRequest saves what came of an effect of a request, with the connection of an account that has come to be.
func (t *tables) saveRequest(ctx context.Context, c *store.Claim[accountrequest.Request], s kit.Saving[accountrequest.Request]) error {
	return t.db.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.Lock(t.requests.Row(c.ID), t.mailboxes.Row(c.Doc.MailboxID)); err != nil {
			return err
		}
		row, err := t.requests.GetForUpdate(tx, createsAccounts(), c.ID)
		if err != nil {
			return err
		}
		facts, err := s.Apply(row.Doc)
		if err != nil {
			return err
		}
		if err := t.bindAccount(tx, row.Doc); err != nil {
			return err
		}
		if err := settled(tx, c, s, row.Doc, facts); err != nil {
			return err
		}
		return t.holdAddress(tx, row.Doc)
	})
}

// bindAccount begins the connection of an account that AWS has created in the payer's organization, so that it is watched and billed.
func (t *tables) bindAccount(tx *store.Tx, r *accountrequest.Request) error {
	if r.AccountID == "" || r.ConnectionID != "" || r.Placement != accountrequest.Member {
		return nil
	}
	held, err := t.holder(tx, r.AccountID)
	if err != nil {
		return err
	}
	if held != "" {
		return errs.New(errs.Precondition, connection.ReasonAccountInTransfer, "another connection holds account %s", r.AccountID)
	}
	c, facts := connection.Propose(connection.Membership, connection.Policy{EscalateIn: r.Policy.CreateIn, DeniedFor: r.Policy.CreateIn},
		connection.Subject{
			ID: id.New(prefixConnection), AccountRequestID: r.ID, CustomerID: r.CustomerID, PayerID: r.PayerID, AccountID: r.AccountID,
		})
	facts = append(facts, connection.Opened(c, r.Creation.JoinedAt, tx.Now())...)
	c.JourneyEndedAt = tx.Now() // no transfer stands behind it: a sweep tells of one without an agreement
	r.ConnectionID = c.ID
	if _, err := t.connections.Create(tx, c.ID, c, facts...); err != nil {
		return err
	}
	return t.hold(tx, c, nil)
}

// saveMember saves what came of an effect of a connection that a request for an account began, and what follows for that.
func (t *tables) saveMember(tx *store.Tx, c *store.Claim[connection.Connection], s kit.Saving[connection.Connection]) error {
	if err := tx.Lock(t.connections.Row(c.ID), t.requests.Row(c.Doc.AccountRequestID)); err != nil {
		return err
	}
	row, err := t.connections.GetForUpdate(tx, pairs(), c.ID)
	if err != nil {
		return err
	}
	before := connection.AccountsHeld(row.Doc)
	facts, err := s.Apply(row.Doc)
	if err != nil {
		return err
	}
	if err := settled(tx, c, s, row.Doc, facts); err != nil {
		return err
	}
	if err := t.hold(tx, row.Doc, before); err != nil {
		return err
	}
	return t.followAccount(tx, row.Doc)
}

// followAccount tells a request that its account is bound no more: there is nothing left to follow up.
func (t *tables) followAccount(tx *store.Tx, c *connection.Connection) error {
	if c.State != connection.Ending && c.State != connection.Ended {
		return nil
	}
	_, err := t.requests.Update(tx, pairs(), c.AccountRequestID, "", func(r *accountrequest.Request) ([]fact.Fact, error) {
		return r.AccountGone(tx.Now()), nil
	})
	return err
}
