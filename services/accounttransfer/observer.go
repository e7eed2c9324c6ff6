package accounttransfer

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/payer"
)

// sweepLimit is how long one sweep may take: ten thousand transfers are five hundred pages, each with a permit of its own, and no more
// than half of those that there are.
const sweepLimit = 20 * time.Minute

// listed is what AWS has of a payer at a time, and the connections that may stand behind it. AWS is asked first for the transfers:
// what is there then was intended here before.
type listed struct {
	when      time.Time
	transfers []payer.Seen
	bound     connections
	lost      connections              // memberships that accounts have left which may return
	members   connection.MembersListed // of the payer's organization; nothing: no connection is by membership
	terms     map[string]bool          // handshakes of service terms that wait for an answer; nil: no connection waits for one
}

// list asks AWS for everything of a payer.
func (o *outside) list(ctx context.Context, a payerAttempt) (at listed, err error) {
	p, err := o.payer(ctx, a.ID)
	if err != nil {
		return at, err
	}
	turn := o.turns(a.Doc.AccountID)
	at.when = a.Now
	if at.transfers, err = o.orgs.Inbound(ctx, p.Payer, turn); err != nil {
		return at, err
	}
	if at.bound, err = o.boundTo(ctx, a.ID); err != nil {
		return at, err
	}
	if at.lost, err = o.connectionsOf(ctx, a.ID, "lost"); err != nil {
		return at, err
	}
	if members := at.bound.members(); len(members)+len(at.lost) > 0 {
		at.members, err = lookMembers(ctx, o, p, slices.ContainsFunc(members, connection.Invited), a.Now)
		if err != nil {
			return at, err
		}
	}
	if slices.ContainsFunc(at.bound, termAwaited) {
		at.terms = pendingTerms(ctx, o, p)
	}
	return at, ctx.Err()
}

// pendingTerms are the handshakes of a payer's service terms that wait for an answer; nil when Partner Central does not list them, which
// the next sweep tries again. Where it does not let us in there are none: each connection then asks for its own, and tells so.
func pendingTerms(ctx context.Context, o *outside, p account) map[string]bool {
	pending, err := o.partner.PendingTerms(ctx, p.Payer, o.turnsAt(p.AccountID, apiPartnerCentral))
	if aws.Classify(err).Class == aws.Denied {
		return map[string]bool{}
	}
	return pending
}

func termAwaited(c *connection.Connection) bool { return connection.AwaitedTerm(c) != nil }

// lookMembers lists the accounts of a payer's organization, and before that its invitations where some are to be answered: whoever
// accepts in between is a member. It waits for its turn before each page.
func lookMembers(
	ctx context.Context, o *outside, p account, invited bool, now time.Time,
) (seen connection.MembersListed, err error) {
	var invitations map[string]connection.MemberInvitation
	turn := o.turns(p.AccountID)
	if invited {
		if invitations, err = o.orgs.MemberInvitations(ctx, p.Payer, turn); err != nil {
			return seen, err
		}
	}
	seen, err = o.orgs.Members(ctx, p.Payer, turn)
	seen.At, seen.Invitations = now, invitations
	return seen, err
}

// turns are those at AWS Organizations.
func (o *outside) turns(party string) func(context.Context) error {
	return o.turnsAt(party, apiOrganizations)
}

// turnsAt waits before each page of a list for a permit, and before that for as long as one takes to come: what else is to be done for
// the payer has the other half of its permits.
func (o *outside) turnsAt(party, api string) func(context.Context) error {
	pause := time.Duration(0)
	return func(ctx context.Context) error {
		wait := pause
		pause = time.Duration(float64(time.Second) / o.perSecond)
		for {
			if err := (clock.Machine{}).Wait(ctx, wait); err != nil {
				return err
			}
			var err error
			if wait, err = o.tables.db.Permit(ctx, party, api, o.perSecond, burst(o.perSecond)); err != nil || wait == 0 {
				return err
			}
		}
	}
}

// connections are those of one payer that AWS may say something new of.
type connections []*connection.Connection

// boundTo reads the connections of a payer but for those that have ended, which are ever more.
func (o *outside) boundTo(ctx context.Context, payerID string) (connections, error) {
	return o.connectionsOf(ctx, payerID, "open")
}

// connectionsOf reads the connections of a payer of which something holds.
func (o *outside) connectionsOf(ctx context.Context, payerID, holds string) (all connections, err error) {
	q := store.Query{Where: []store.Cond{store.Eq("payer", payerID), store.Eq(holds, true)}, Size: 500}
	for {
		page, err := o.tables.connections.List(ctx, sweeps(), q)
		if err != nil {
			return nil, err
		}
		for _, row := range page.Rows {
			all = append(all, row.Doc)
		}
		if q.Token = page.Next; q.Token == "" {
			return all, nil
		}
	}
}

// members are those that bind accounts of the payer's organization, or are to.
func (cs connections) members() connections {
	return slices.DeleteFunc(slices.Clone(cs), func(c *connection.Connection) bool {
		binds := c.State == connection.Effective || c.State == connection.Ending && connection.FollowsMembers(c)
		return c.Basis != connection.Membership || !binds && !connection.Invited(c)
	})
}

// awaited reports whether a customer is still to answer an invitation or a service term.
func (cs connections) awaited() bool {
	return slices.ContainsFunc(cs, func(c *connection.Connection) bool {
		return c.State == connection.Proposed && c.Outstanding() != nil || connection.Invited(c) || termAwaited(c)
	})
}

// known are the connections that may stand behind a transfer at AWS: by the id of their transfer, and by AWS's.
type known struct{ ours, aws map[string]*payer.Ours }

func (cs connections) known(at time.Time) known {
	k := known{map[string]*payer.Ours{}, map[string]*payer.Ours{}}
	for _, c := range cs {
		ours := oursOf(c, at)
		k.ours[c.TransferID] = ours
		for _, inv := range c.Invitations {
			k.aws[inv.AWSTransferID] = ours // "" for one that was never sent: AWS lists no such id
		}
	}
	return k
}

// tellConnections brings every connection that AWS says something new of to what it says. It returns those that cannot be told, by their
// ids, and why: they keep no other from it. While the database is away, nothing can be told at all, and the sweep is repeated.
func (o *outside) tellConnections(ctx context.Context, p *payer.Payer, at listed) (untold map[string]string, err error) {
	news := connection.Listed{
		Transfers: map[string]connection.Observation{}, Members: at.members, Terms: at.terms, At: at.when, BoundAt: p.SweptAt,
	}
	for _, s := range at.transfers {
		news.Transfers[s.AWSTransferID] = connection.Observation{
			AWSTransferID: s.AWSTransferID, ARN: s.AWSTransferARN, Status: connection.InvitationState(s.Status),
			StartAt: s.StartAt, EndsAt: s.EndsAt,
		}
	}
	if at.members.Active != nil {
		news.Members.Holders = at.bound.holders()
	}
	untold = map[string]string{}
	for _, c := range at.bound {
		news.BoundAt = payer.UntoldSince(p, c.ID, p.SweptAt)
		if _, changed := connection.News(c, news); !changed {
			continue
		}
		switch err := o.tell(ctx, c, news); {
		case ctx.Err() != nil, errs.KindOf(err) == errs.Unavailable:
			return nil, fmt.Errorf("connection %s: %w", c.ID, err)
		case err != nil:
			untold[c.ID] = cmp.Or(errs.ReasonOf(err), err.Error())
		}
	}
	return untold, nil
}

// holders are the connections of the payer by the accounts that they hold.
func (cs connections) holders() map[string]string {
	all := map[string]string{}
	for _, c := range cs {
		for _, account := range connection.AccountsHeld(c) {
			all[account] = c.ID
		}
	}
	return all
}

// tell saves what is new of a connection, and what follows for its transfer. An account that returns while another payer's connection has
// it stays where it is.
func (o *outside) tell(ctx context.Context, con *connection.Connection, news connection.Listed) error {
	save := func(tx *store.Tx) error {
		_, err := o.tables.changeConnection(tx, con, "", func(c *connection.Connection, now time.Time) ([]fact.Fact, error) {
			news.ToldAt = now
			facts, _ := connection.News(c, news)
			return facts, nil
		})
		return err
	}
	err := o.tables.db.InTx(ctx, save)
	if errs.ReasonOf(err) == connection.ReasonAccountInTransfer {
		news.Members.Holders = nil
		err = o.tables.db.InTx(ctx, save)
	}
	return err
}

// used is how many transfers and outstanding invitations use the payer's quota: those that AWS counts, or those of the suite when some
// are still to be sent.
func (at listed) used() int {
	counted, ours := 0, 0
	for _, seen := range at.transfers {
		if seen.Status == payer.Requested || seen.Status == payer.Accepted {
			counted++
		}
	}
	for _, c := range at.bound {
		if c.UsesQuota() {
			ours++
		}
	}
	return max(counted, ours)
}
