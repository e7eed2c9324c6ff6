package order

import (
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
	"example.com/handover/services/orders/internal/termination"
)

// What an order waits for by itself, and nobody else tells of when it takes too long. Operations is told once; how long is enough depends
// on who is waited for.
const (
	restsFor   = 30 * 24 * time.Hour // a draft that nobody changes, sends or submits
	refusedFor = 3 * 24 * time.Hour  // what AccountTransfer refuses, until its cause is removed
	endsWithin = 3 * 24 * time.Hour  // after the end that AWS has, until AccountTransfer tells of it
)

// refusedUntil is when Operations is told of a refusal that the customer alone can mend: before the invitation can be accepted in time no
// more.
func refusedUntil(o *Order) time.Time {
	return calendar.Early(o.RefusedAt, refusedFor, o.Preview.AcceptBy)
}

// restsUntil is when Operations is told of a draft that nobody goes on with; zero: it was, or the end of its link tells it.
func restsUntil(o *Order) time.Time {
	if o.State != Draft || o.Rests || o.linkOpen() || o.Link != nil && o.Link.Expired {
		return time.Time{}
	}
	return o.TouchedAt.Add(restsFor)
}

// overlongAt is when a wait of a purchase becomes too long; zero: none does, or Operations was told, or its transfer tells.
func overlongAt(o *Order) time.Time {
	if o.TransferRefused && o.State == Querying {
		return o.Waiting.EscalateAt
	}
	return restsUntil(o)
}

// tickOverlong tells Operations once of a wait that has become too long.
func tickOverlong(o *Order, now time.Time) []fact.Fact {
	if due := overlongAt(o); due.IsZero() || now.Before(due) {
		return nil
	}
	owner := o.Waits().Owner
	if o.State == Draft {
		o.Rests = true
	} else {
		escalate(o)
	}
	return []fact.Fact{fact.Internally(tell(FactWaitEscalated, "owner", string(owner)))}
}

// escalate notes that Operations is told of what the order waits for.
func escalate(o *Order) {
	next := *o.Waiting
	next.Escalated, next.EscalateAt = true, time.Time{}
	o.Waiting = &next
}

// refusedNotices are what people hear of a transfer that AccountTransfer refuses to begin: the customer is told of what it can mend, until
// it is mended; Operations has a case of what it must mend, and of what takes the customer too long.
func refusedNotices(o *Order) (wishes []intent.Wish) {
	wait := refusal(o)
	if wait == nil {
		return nil
	}
	if wait.Owner == Customer && o.accountID() != "" {
		what := text.Text{Key: wait.Text.Key + ".what", Params: wait.Text.Params}
		if said, _, literal := wait.Text.Literal(); literal {
			what = text.Said(said, "")
		}
		to := o.TechnicalContactID
		if to == "" {
			to = toPrimary
		}
		wishes = append(wishes, intent.Wish{
			Key: "remind/refused/" + stamp(o.RefusedAt) + "/" + wait.Text.Key, Kind: intent.Reminder,
			Name: mailNeeded, Plan: planBlocked, To: to,
			Params: map[string]string{"account_id": o.accountID()},
			Title:  text.New("case.transfer_refused.needed"), Body: what, Where: wait.Text,
		})
	}
	if wait.Owner != Reseller && !wait.Escalated {
		return wishes
	}
	return append(wishes, remindedOf(wait, intent.Wish{
		Key: "case/transfer-refused", Kind: intent.Case, Name: problem, Priority: "P2",
		Title: text.New("case.transfer_refused.title", "order", o.ID), Body: text.New("case.transfer_refused.body", "order", o.ID),
		Resolved: text.New("case.transfer_refused.resolved"),
	})...)
}

// unendedNotices are Operations' case of an end that AWS has, and of which nothing is heard when it has passed.
func unendedNotices(o *Order) []intent.Wish {
	t := o.Termination
	if t.Phase != termination.Ending || o.Waiting == nil || !o.Waiting.Escalated {
		return nil
	}
	params := []string{"order", o.ID, "agreement", o.AgreementID, "account_id", o.accountID(), "end", stamp(t.EndAt)}
	return reminded(o, intent.Wish{
		Key: "case/termination/unended/" + stamp(t.EndAt), Kind: intent.Case, Name: caseTermination, Priority: "P2",
		Title: text.New("case.termination.title", params...), Body: text.New("case.termination.unended", params...),
		Resolved: text.New("case.termination.ended"),
	})
}
