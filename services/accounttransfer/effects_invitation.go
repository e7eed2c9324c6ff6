package accounttransfer

import (
	"cmp"
	"context"
	"time"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/kit"
	"example.com/handover/services/accounttransfer/internal/aws/organizations"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/journey"
)

type (
	effect  = kit.Effect[connection.Connection]
	attempt = kit.Attempt[connection.Connection]
	record  = kit.Record[connection.Connection]
)

func tickConnection(c *connection.Connection, _ string, now time.Time) ([]fact.Fact, error) {
	return c.Tick(now), nil
}

func tickTransfer(t *journey.Transfer, _ string, now time.Time) ([]fact.Fact, error) {
	return t.Tick(now), nil
}

// noting makes a record of what cannot be refused.
func noting(note func(c *connection.Connection, now time.Time) []fact.Fact) record {
	return func(c *connection.Connection, now time.Time) ([]fact.Fact, error) { return note(c, now), nil }
}

// organizationsPermit draws a permit for AWS Organizations in the payer's account.
func (o *outside) organizationsPermit(ctx context.Context, a attempt) error {
	return o.admitted(ctx, a.Doc.PayerID, apiOrganizations)
}

// invite has AWS invite the account. AWS takes no idempotency token, so that a lost answer can only be settled by the name that
// was saved before.
func (o *outside) invite() effect {
	return atAWS(o, effect{
		Name: connection.EffectInvite, Admit: o.organizationsPermit, Wanted: connection.InviteWanted,
		Begin: func(c *connection.Connection, _ kit.Intended, now time.Time) ([]fact.Fact, error) {
			return c.Invite(now), nil
		},
		Do: o.sendInvitation,
		Find: func(ctx context.Context, a attempt) (record, error) {
			found, err := o.findInvitation(ctx, a)
			return noting(func(c *connection.Connection, now time.Time) []fact.Fact {
				return connection.LookedUp(c, a.Subject, found, now)
			}), err
		},
		Refused: func(c *connection.Connection, a kit.Intended, out intent.Outcome, now time.Time) ([]fact.Fact, error) {
			return connection.InviteRefused(c, a.Subject, connection.Judge(out.Reason), now), nil
		},
	})
}

func (o *outside) sendInvitation(ctx context.Context, a attempt) (record, error) {
	p, err := o.payer(ctx, a.Doc.PayerID)
	if err != nil {
		return nil, err
	}
	inv := a.Doc.Attempt(a.Subject)
	answer, err := o.orgs.Invite(ctx, p.Payer, organizations.Invitation{
		Name: connection.NameAtAWS(a.Doc, inv), SourceAccountID: a.Doc.AccountID, Start: inv.StartAt,
		Notes: o.english.Say(connection.NoteAtAWS(a.Doc, inv)),
	})
	if aws.Classify(err).Code == "DuplicateHandshake" {
		found, err := o.findInvitation(ctx, a)
		return noting(func(c *connection.Connection, now time.Time) []fact.Fact {
			return connection.Duplicated(c, a.Subject, found, now)
		}), err
	}
	return noting(func(c *connection.Connection, now time.Time) []fact.Fact {
		return connection.Answered(c, a.Subject, answer, now)
	}), err
}

// findInvitation returns what AWS lists of an attempt by its name; nil for nothing.
func (o *outside) findInvitation(ctx context.Context, a attempt) (*connection.Found, error) {
	p, err := o.payer(ctx, a.Doc.PayerID)
	if err != nil {
		return nil, err
	}
	return o.orgs.Find(ctx, p.Payer, a.Doc.AccountID, a.Doc.Attempt(a.Subject).Name)
}

// seen reads what AWS says now of the invitation of an attempt.
func (o *outside) seen(ctx context.Context, c *connection.Connection, inv *connection.Invitation) (connection.Observation, error) {
	p, err := o.payer(ctx, c.PayerID)
	if err != nil {
		return connection.Observation{}, err
	}
	seen, err := o.orgs.Read(ctx, p.Payer, inv.AWSTransferID)
	seen.BoundAt = p.sweptAt
	return seen, err
}

// checkInvitation asks AWS how an invitation stands.
func (o *outside) checkInvitation() effect {
	return atAWS(o, effect{
		Name: connection.LookInvitation, Look: true, Admit: o.organizationsPermit, Wanted: connection.CheckInvitationWanted,
		Do: func(ctx context.Context, a attempt) (record, error) {
			seen, err := o.seen(ctx, a.Doc, a.Doc.Attempt(a.Subject))
			return served(
				connection.LookInvitation, a, func(c *connection.Connection, now time.Time) []fact.Fact { return c.Observe(seen, now) },
			), err
		},
	})
}

// served notes that a look was done for all that had asked for it before.
func served(look string, a attempt, note func(*connection.Connection, time.Time) []fact.Fact) record {
	requests := a.Doc.Looks
	return noting(func(c *connection.Connection, now time.Time) []fact.Fact {
		c.Served(look, requests)
		return note(c, now)
	})
}

// cancelInvitation asks AWS to take an invitation back, and reads what became of it: the customer may have been faster.
func (o *outside) cancelInvitation() effect {
	return atAWS(o, effect{
		Name: "cancel-invitation", Admit: o.organizationsPermit, Wanted: connection.CancelInvitationWanted,
		Do: func(ctx context.Context, a attempt) (record, error) {
			p, err := o.payer(ctx, a.Doc.PayerID)
			if err != nil {
				return nil, err
			}
			inv := a.Doc.Attempt(a.Subject)
			if err := o.orgs.Cancel(ctx, p.Payer, inv.AWSHandshakeID); err != nil {
				return nil, err
			}
			seen, err := o.orgs.Read(ctx, p.Payer, inv.AWSTransferID)
			return noting(func(c *connection.Connection, now time.Time) []fact.Fact {
				return connection.CancelSent(c, a.Subject, seen, now)
			}), err
		},
		Refused: func(c *connection.Connection, a kit.Intended, out intent.Outcome, now time.Time) ([]fact.Fact, error) {
			return connection.CancelRefused(c, a.Subject, cmp.Or(out.Reason, out.Code), now), nil
		},
	})
}

// checkMembership asks the payer's organization what the accounts have answered, and whether they are still members.
func (o *outside) checkMembership() effect {
	return atAWS(o, effect{
		Name: connection.LookMembership, Look: true, Limit: sweepLimit, Wanted: connection.CheckMembershipWanted,
		Do: func(ctx context.Context, a attempt) (record, error) {
			p, err := o.payer(ctx, a.Doc.PayerID)
			if err != nil {
				return nil, err
			}
			seen, err := lookOwn(ctx, o, p, a)
			return served(
				connection.LookMembership, a, func(c *connection.Connection, now time.Time) []fact.Fact {
					return connection.MembersSeen(c, seen, p.sweptAt, now)
				},
			), err
		},
	})
}

// lookAbsence asks AWS for one account that it did not list.
func lookAbsence(o *outside) effect {
	return atAWS(o, effect{
		Name: connection.LookAbsence, Look: true, Admit: o.organizationsPermit, Wanted: connection.AbsenceWanted,
		Do: func(ctx context.Context, a attempt) (record, error) {
			p, err := o.payer(ctx, a.Doc.PayerID)
			if err != nil {
				return nil, err
			}
			there, active, err := o.orgs.IsMember(ctx, p.Payer, a.Subject)
			return noting(func(c *connection.Connection, now time.Time) []fact.Fact {
				return connection.AbsenceSeen(c, a.Subject, there, active, now)
			}), err
		},
	})
}

// askedOneByOne is up to how many accounts a connection asks AWS for each by itself: an organization may have thousands of others.
const askedOneByOne = 20

// lookOwn asks AWS for the accounts of one connection: first for its invitations, because whoever accepts in between is a member. Where
// they are many, it lists the organization, as a sweep does.
func lookOwn(ctx context.Context, o *outside, p account, a attempt) (seen connection.MembersListed, err error) {
	accounts, handshakes := connection.Asks(a.Doc)
	if len(accounts) > askedOneByOne {
		return lookMembers(ctx, o, p, len(handshakes) > 0, a.Now)
	}
	var invitations map[string]connection.MemberInvitation
	turn := o.turns(p.AccountID)
	if len(handshakes) > 0 {
		if invitations, err = o.orgs.InvitationsAmong(ctx, p.Payer, handshakes, turn); err != nil {
			return seen, err
		}
	}
	seen, err = o.orgs.MembersAmong(ctx, p.Payer, accounts, turn)
	seen.At, seen.Invitations = a.Now, invitations
	return seen, err
}

// withdraw asks AWS to end the accepted billing transfer, and reads what became of it.
func (o *outside) withdraw() effect {
	over := noting(func(*connection.Connection, time.Time) []fact.Fact { return nil }) // a sweep has seen its end meanwhile
	read := func(ctx context.Context, a attempt) (record, error) {
		inv := a.Doc.AcceptedInvitation()
		if inv == nil {
			return over, nil
		}
		seen, err := o.seen(ctx, a.Doc, inv)
		return noting(func(c *connection.Connection, now time.Time) []fact.Fact {
			return connection.WithdrawalAnswered(c, seen, now)
		}), err
	}
	return atAWS(o, effect{
		Name: connection.EffectWithdraw, Admit: o.organizationsPermit, Wanted: connection.WithdrawWanted,
		Begin: func(c *connection.Connection, _ kit.Intended, now time.Time) ([]fact.Fact, error) {
			return connection.IntendWithdrawal(c, now), nil
		},
		Do: func(ctx context.Context, a attempt) (record, error) {
			inv := a.Doc.AcceptedInvitation()
			if inv == nil {
				return over, nil
			}
			p, err := o.payer(ctx, a.Doc.PayerID)
			if err != nil {
				return nil, err
			}
			if err := o.orgs.Withdraw(ctx, p.Payer, inv.AWSTransferID, a.Doc.Withdrawal.Before); err != nil {
				return nil, err
			}
			return read(ctx, a)
		},
		Find: read,
		Refused: func(c *connection.Connection, _ kit.Intended, out intent.Outcome, now time.Time) ([]fact.Fact, error) {
			return connection.WithdrawalRefused(c, out.Reason, now), nil
		},
	})
}

// inviteMember has AWS invite one account to the payer's organization. AWS takes no idempotency token: an invitation whose answer got
// lost is looked up by its account and its time.
func inviteMember(o *outside) effect {
	return atAWS(o, effect{
		Name: connection.EffectInviteMember, Limit: sweepLimit, Admit: o.organizationsPermit, Wanted: connection.InviteMemberWanted,
		Do: func(ctx context.Context, a attempt) (record, error) { return sendMember(ctx, o, a) },
		Begin: func(c *connection.Connection, a kit.Intended, now time.Time) ([]fact.Fact, error) {
			return connection.IntendMember(c, a.Subject, now), nil
		},
		Find: func(ctx context.Context, a attempt) (record, error) {
			found, err := findMember(ctx, o, a)
			if err != nil || found == nil {
				return nil, err
			}
			return memberAnswered(*found), nil
		},
		Absent: func(c *connection.Connection, a kit.Intended, now time.Time) ([]fact.Fact, error) {
			return connection.MemberAbsent(c, a.Subject, now), nil
		},
		Refused: func(c *connection.Connection, a kit.Intended, out intent.Outcome, now time.Time) ([]fact.Fact, error) {
			return connection.MemberRefused(c, a.Subject, connection.MemberReason(out.Code, out.Reason), now), nil
		},
	})
}

func memberAnswered(inv connection.MemberInvitation) record {
	return noting(func(c *connection.Connection, now time.Time) []fact.Fact {
		return connection.MemberAnswered(c, inv, now)
	})
}

func memberRefused(account, reason string) record {
	return noting(func(c *connection.Connection, now time.Time) []fact.Fact {
		return connection.MemberRefused(c, account, reason, now)
	})
}

// checkOrganization asks AWS whether the payer's organization has all features, before anybody is invited.
func checkOrganization(o *outside) effect {
	return atAWS(o, effect{
		Name: connection.LookOrganization, Look: true, Admit: o.organizationsPermit, Wanted: connection.CheckOrganizationWanted,
		Do: func(ctx context.Context, a attempt) (record, error) {
			p, err := o.payer(ctx, a.Doc.PayerID)
			if err != nil {
				return nil, err
			}
			problem := ""
			all, err := o.orgs.HasAllFeatures(ctx, p.Payer)
			if !all {
				problem = connection.NotAllFeatures
			}
			return noting(func(c *connection.Connection, now time.Time) []fact.Fact {
				return connection.OrganizationSeen(c, problem, now)
			}), err
		},
		Refused: func(c *connection.Connection, _ kit.Intended, out intent.Outcome, now time.Time) ([]fact.Fact, error) {
			return connection.OrganizationSeen(c, connection.MemberReason(out.Code, out.Reason), now), nil
		},
	})
}

// sendMember invites an account. One that is invited already is found, and one that is a member has joined.
func sendMember(ctx context.Context, o *outside, a attempt) (record, error) {
	p, err := o.payer(ctx, a.Doc.PayerID)
	if err != nil {
		return nil, err
	}
	inv, err := o.orgs.InviteMember(ctx, p.Payer, a.Subject, o.english.Say(connection.MemberNoteAtAWS(a.Doc, a.Subject)))
	switch said := aws.Classify(err); {
	case said.Code == "DuplicateHandshake":
		found, err := findMember(ctx, o, a)
		if err == nil && found == nil {
			return memberRefused(a.Subject, connection.DuplicateInvitation), nil
		}
		if err != nil {
			return nil, err
		}
		return memberAnswered(*found), nil
	case said.Reason == connection.AlreadyMember:
		_, member, readErr := o.orgs.IsMember(ctx, p.Payer, a.Subject)
		if readErr != nil || !member {
			return nil, cmp.Or(readErr, err)
		}
		return noting(func(c *connection.Connection, now time.Time) []fact.Fact {
			return connection.MemberFound(c, a.Subject, now)
		}), nil
	}
	return memberAnswered(inv), err
}

// findMember returns what AWS has of the invitation of an account; nil for nothing.
func findMember(ctx context.Context, o *outside, a attempt) (*connection.MemberInvitation, error) {
	p, err := o.payer(ctx, a.Doc.PayerID)
	if err != nil {
		return nil, err
	}
	known, since := connection.HandshakeOf(a.Doc, a.Subject), connection.AskedSince(a.Doc, a.Subject)
	return o.orgs.FindMember(ctx, p.Payer, a.Subject, known, since, o.turns(p.AccountID))
}

// cancelMember asks AWS to take the invitation of an account back, and reads what became of it: the account may have been faster.
func cancelMember(o *outside) effect {
	return atAWS(o, effect{
		Name: connection.EffectCancelMember, Admit: o.organizationsPermit, Wanted: connection.CancelMemberWanted,
		Do: func(ctx context.Context, a attempt) (record, error) {
			p, err := o.payer(ctx, a.Doc.PayerID)
			if err != nil {
				return nil, err
			}
			handshake := connection.HandshakeOf(a.Doc, a.Subject)
			if err := o.orgs.Cancel(ctx, p.Payer, handshake); err != nil {
				return nil, err
			}
			seen, err := o.orgs.ReadMember(ctx, p.Payer, handshake)
			return noting(func(c *connection.Connection, now time.Time) []fact.Fact {
				return connection.MemberCancelSent(c, a.Subject, seen, now)
			}), err
		},
		Refused: func(c *connection.Connection, a kit.Intended, out intent.Outcome, now time.Time) ([]fact.Fact, error) {
			return connection.MemberCancelRefused(c, a.Subject, cmp.Or(out.Reason, out.Code), now), nil
		},
	})
}
