package agreement

import (
	"cmp"
	"slices"
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/services/orders/internal/order"
)

// New drafts the agreement of a new order, with the id that the order has for it.
func New(o *order.Order, subscriptionID string) (*Agreement, []fact.Fact) {
	a := &Agreement{ID: o.AgreementID, OrderID: o.ID, CustomerID: o.CustomerID, SellerID: o.SellerID, State: Draft, Ordered: orderedIn(o)}
	a.Subscriptions = []Subscription{{ID: subscriptionID, VendorID: a.ManagementAccountID, State: SubscriptionDraft}}
	return a, []fact.Fact{tell(FactCreated)}
}

// Follow brings the agreement to where its order is, or follows one that was open to end or to change it. It is asked after every
// change of the order, in the same transaction; what has not moved changes nothing, and an agreement that is over or in force stays.
func (a *Agreement) Follow(o *order.Order, now time.Time) []fact.Fact {
	if o.Type == order.Termination {
		return a.closeTermination(o)
	}
	if o.Type == order.Change {
		return a.followChange(o)
	}
	if a.State.Ended() || a.State == Active {
		return nil
	}
	facts := a.takeOver(o)
	if a.State == Draft && o.Submitted() {
		a.State, a.Terms, a.TransferID = Provisioning, slices.Clone(o.Terms), o.TransferID
		facts = append(facts, tell(FactProvisioned, "transfer_id", o.TransferID))
	}
	switch o.State {
	case order.Completed: // ORD-040
		a.State, a.ActivatedAt = Active, now
		if !a.MinimumTerm.Start.IsZero() {
			a.MinimumTerm = a.term()
		}
		a.eachSubscription(func(s *Subscription) {
			if s.State != SubscriptionTerminated {
				s.State = SubscriptionActive
			}
		})
		facts = append(facts, tell(FactActivated).With(a.MinimumTerm.details()...))
		facts = append(facts, a.terminate(now)...) // what has bound it may be over already
	case order.Failed:
		facts = append(facts, a.end(Failed, tell(FactFailed), now))
	case order.Deleted:
		facts = append(facts, a.end(Deleted, tell(FactDeleted), now))
	case order.Draft, order.Processing, order.Querying:
	}
	return facts
}

// takeOver copies what the draft says. After the submission it is what was agreed on, but for an account that was still
// to be created, or was corrected. The order's own facts tell of it, so these are for programs.
func (a *Agreement) takeOver(o *order.Order) []fact.Fact {
	next := a.Ordered
	if a.State == Draft {
		next = orderedIn(o)
	}
	next.ManagementAccountID = cmp.Or(o.SourceAccountID, next.ManagementAccountID)
	if next == a.Ordered {
		return nil
	}
	a.Ordered = next
	a.Subscriptions = slices.Clone(a.Subscriptions)
	a.Subscriptions[0].VendorID = next.ManagementAccountID // the first is the one of the order's account
	f := saying("agreement.follows", tell(FactUpdated))
	f.Audience = fact.Internal
	return []fact.Fact{f}
}

// end is the one way into an end state.
func (a *Agreement) end(s State, told fact.Fact, now time.Time) fact.Fact {
	a.State, a.EndedAt = s, now
	a.eachSubscription(func(s *Subscription) { s.State = SubscriptionDeleted })
	return told
}

// eachSubscription changes each, leaving the list that others may hold alone.
func (a *Agreement) eachSubscription(change func(*Subscription)) {
	a.Subscriptions = slices.Clone(a.Subscriptions)
	for i := range a.Subscriptions {
		change(&a.Subscriptions[i])
	}
}

func orderedIn(o *order.Order) Ordered {
	return Ordered{
		ProductID: o.ProductID, ManagementAccountID: o.ManagementAccountID, SupportOption: o.SupportOption, CurrencyCode: o.CurrencyCode,
	}
}
