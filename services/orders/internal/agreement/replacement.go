package agreement

import (
	"cmp"
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/services/orders/internal/order"
)

// superseded is why a connection has ended in whose place another one bills, in AccountTransfer's words.
const superseded = "SUPERSEDED"

// Replaces is what an order that replaces the agreement must know of it. What binds a legacy one is a membership.
func (a *Agreement) Replaces() order.Replaceable {
	of := order.Replaceable{
		AgreementID: a.ID, CustomerID: a.CustomerID, AccountID: a.ManagementAccountID, ConnectionID: a.Connection.ID,
		Legacy:  a.Connection.Withdrawal.ByLeaving,
		InForce: a.State == Active && a.Connection.ID != "", Over: a.State.Ended(), ReplacementOrderID: a.ReplacementOrderID,
		ChangeOrderID: a.ChangeOrderID, ChangeByReseller: a.ChangeByReseller, EndsAt: a.Connection.End,
	}
	if a.Connection.End.IsZero() { // what has brought an end at AWS is not taken back any more
		of.TerminationOrderID = a.TerminationOrderID
	}
	return of
}

// Move is what is known of the order that is to take the agreement's place.
type Move struct {
	OrderID string    `json:"order_id"`
	Since   time.Time `json:"since"`           // when that was heard
	Start   time.Time `json:"start,omitzero"`  // from when on AWS bills it instead; zero: AWS has not said
	Whole   bool      `json:"whole,omitempty"` // it is for the organization of the agreement, of which no account has to leave

	Undecided bool      `json:"undecided,omitempty"` // what becomes of it is open
	Ends      bool      `json:"ends,omitempty"`      // it is not to stay
	Until     time.Time `json:"until,omitzero"`      // first instant that AWS does not bill it any more; zero: open
}

func (m Move) same(n Move) bool {
	return m.OrderID == n.OrderID && m.Start.Equal(n.Start) && m.Whole == n.Whole && m.Undecided == n.Undecided && m.Ends == n.Ends &&
		m.Until.Equal(n.Until)
}

// FollowReplacement notes the order that is under way to replace the agreement, and forgets one of which nothing has come: the agreement
// goes on as it was. It is asked after every change of that order, in the same transaction.
func (a *Agreement) FollowReplacement(o *order.Order, now time.Time) (facts []fact.Fact) {
	switch {
	case !o.Submitted() || a.State.Ended():
		return nil
	case a.ReplacementOrderID == "" && !o.State.Ended():
		a.ReplacementOrderID = o.ID
		facts = []fact.Fact{saying("agreement.replacement_open", tell(FactUpdated))}
	case a.ReplacementOrderID != o.ID:
		return nil
	case order.ComesToNothing(o) && o.Replaces.ToldAt.IsZero():
		a.ReplacementOrderID, a.Move = "", nil
		return []fact.Fact{saying("agreement.replacement_closed", tell(FactUpdated))}
	}
	return append(facts, a.moves(o, now)...)
}

// moves notes what is heard of the order that is to take the agreement's place.
func (a *Agreement) moves(o *order.Order, now time.Time) []fact.Fact {
	account := cmp.Or(o.SourceAccountID, o.ManagementAccountID)
	next := Move{
		OrderID: o.ID, Since: now, Start: o.EffectiveAt, Whole: account != "" && account == a.organization(),
		Undecided: order.Undecided(o), Ends: order.BillingEnds(o), Until: o.EffectiveUntil,
	}
	before := a.Move
	switch {
	case before != nil && before.same(next):
		return nil
	case before != nil && before.OrderID == next.OrderID:
		next.Since = before.Since
	}
	a.Move = &next
	if next.Start.IsZero() || before != nil && before.Start.Equal(next.Start) {
		return nil
	}
	return []fact.Fact{saying("agreement.move_dated", tell(FactUpdated, "start", stamp(next.Start)))}
}

// organization is the master account of the organization that the accounts are in, as AccountTransfer takes it: who bills that account
// bills all of them, whether it is one of the agreement's or not.
func (a *Agreement) organization() string {
	if own := a.Connection; own.PayerAccountID == "" && own.OwnOrganization { // not heard yet
		return a.ManagementAccountID
	}
	return a.Connection.PayerAccountID
}

// replaced reports whether the agreement is over because another one bills in its place.
func (a *Agreement) replaced() bool { return a.Connection.EndReason == superseded }

// goesOver reports whether the agreement ends by itself when another one is billed already: AWS bills nothing to the customer itself in
// between. An organization of its own that is not the one that is billed then is the customer's again all the same.
func (a *Agreement) goesOver() bool {
	m, c := a.Move, a.Connection
	return m != nil && !m.Start.IsZero() && !c.End.IsZero() && !m.Start.After(c.End) && (m.Whole || !c.OwnOrganization)
}

// returned reports whether an organization of the customer's own was handed back before another agreement is billed: nothing else ends it.
func (a *Agreement) returned() bool {
	c := a.Connection
	return c.OwnOrganization && !c.End.IsZero() && !a.replaced()
}

// The mails of a move.
const (
	mailMoving             = "agreement-moving"
	mailReplaced           = "agreement-replaced"
	mailSuperseded         = "agreement-superseded" // by what may not stay
	mailReplacedOperations = "agreement-replaced-operations"
	planMoving             = "customer-action"
)

// moveNotices are the mails of an agreement that another one is to take the place of, or has taken, and whether it is one: the customer is
// told before what it has to see to and from when on the new one is billed, and reminded of accounts that are to leave until they have;
// both sides are told afterwards.
func (a *Agreement) moveNotices(params map[string]string) (wishes []intent.Wish, moved bool) {
	move := a.Move
	whole := move != nil && move.Whole
	if whole {
		params["organization"] = a.organization()
	}
	if move != nil && !move.Start.IsZero() {
		params["start"] = stamp(move.Start)
	}
	if whole && a.returned() { // nothing of it is left to hand back
		delete(params, "organization")
	}
	switch {
	case a.State == Terminated && (a.replaced() || a.goesOver()):
		return a.replacedNotices(params), true
	case a.State == Active && a.replaced(): // the last of its accounts has left: nothing is left to see to
		return nil, true
	case a.State != Active || move == nil || !a.Connection.End.IsZero() && !a.goesOver(): // how it ends by itself is told as such
		return nil, false
	}
	delete(params, "end")
	staying := !whole && !a.Connection.OwnOrganization && a.Connection.Staying != ""
	switch {
	case staying:
		params["accounts"] = a.Connection.Staying
	case !whole && a.Connection.OwnOrganization:
		params["returned"] = a.organization()
	}
	mail := intent.Wish{Kind: intent.Mail, Name: mailMoving, To: toPrimary, Params: params}
	switch {
	case !move.Start.IsZero():
		mail.Key = "mail/moving/" + move.OrderID + "@" + stamp(move.Start)
	case staying:
		mail.Key = "mail/moving/" + move.OrderID
	default:
		return nil, true
	}
	wishes = append(wishes, mail)
	if staying {
		mail.Key, mail.Kind, mail.Plan, mail.At = "remind/moving/"+move.OrderID, intent.Reminder, planMoving, move.Since
		wishes = append(wishes, mail)
	}
	return wishes, true
}

// replacedNotices tell both sides that another agreement has taken the place of this one.
func (a *Agreement) replacedNotices(params map[string]string) []intent.Wish {
	inside := map[string]string{"customer_id": a.CustomerID, "agreement_id": a.ID, "end": stamp(a.EndedAt)}
	if a.Move != nil {
		inside["order_id"] = a.Move.OrderID
	}
	if _, whole := params["organization"]; !whole && a.Connection.Accounts != "" {
		params["accounts"] = a.Connection.Accounts
	}
	for _, key := range []string{"account_id", "start", "organization", "accounts"} {
		if value := params[key]; value != "" {
			inside[key] = value
		}
	}
	name := mailReplaced
	if m := a.Move; m != nil && (m.Undecided || m.Ends) { // what AWS bills has taken its place, whatever becomes of the order
		name = mailSuperseded
		if !m.Until.IsZero() {
			params["until"] = stamp(m.Until)
		}
	}
	return []intent.Wish{
		{Key: "mail/replaced", Kind: intent.Mail, Name: name, To: toPrimary, Params: params},
		{Key: "mail/replaced/operations", Kind: intent.Mail, Name: mailReplacedOperations, To: toOperations, Params: inside},
	}
}
