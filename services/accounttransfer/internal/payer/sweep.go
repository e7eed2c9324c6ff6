package payer

import (
	"cmp"
	"slices"
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
	"example.com/handover/services/accounttransfer/internal/process"
)

// When a payer is swept. A relationship that nobody stands behind, or that somebody has ended, costs money by the month: a day is
// soon enough. While a customer is to answer, a sweep every few hours tells what it did; what was sent a short time ago is looked at
// by its connection besides. The first look waits until a new payer's role is likely to work.
const (
	sweepBeat   = 24 * time.Hour
	waitingBeat = 4 * time.Hour
	firstSweep  = 15 * time.Minute
	deniedBeat  = time.Hour
	sweepLate   = 24 * time.Hour // until Operations is told that the sweeps fail
)

// Unswept is the reason when it is not AWS that keeps us out.
const Unswept = "SWEEP_FAILS"

// How long AWS is left alone after it did not cancel an invitation.
const (
	afterSilence = time.Hour
	afterRefusal = 24 * time.Hour // only people can mend that
)

// kept is how many findings a payer remembers. More are found again when these are settled.
const kept = 100

// Status is where AWS says that a transfer stands.
type Status string

// The statuses of what is billed to the payer or may be; in all others nothing can come of it any more.
const (
	Requested Status = "REQUESTED" // the customer may accept it
	Accepted  Status = "ACCEPTED"
	Member    Status = "MEMBER" // ours: of an account that is a member of the payer's organization
)

// Seen is what AWS bills to the payer: a transfer as AWS lists it, or a member of its organization.
type Seen struct {
	AWSTransferID   string // empty: a member
	AWSTransferARN  string
	AWSHandshakeID  string
	SourceAccountID string // twelve digits; empty while AWS knows an address alone
	Name            string // that the inviter gave
	Status          Status
	StartAt         time.Time
	EndsAt          time.Time // of a withdrawal
}

// Key tells what AWS bills apart.
func (s Seen) Key() string { return cmp.Or(s.AWSTransferID, s.SourceAccountID) }

// Ours is what the connection says that a transfer at AWS belongs to.
type Ours struct {
	TransferID, OrderID, CustomerID string
	Ended                           bool // its journey has ended
	EndedAt                         time.Time
	Agreed                          bool // it binds, and an agreement in force stands behind it
}

// Standing is what a transfer at AWS is to the suite.
type Standing string

// The standings.
const (
	Fine      Standing = "FINE"      // a journey under way, an open decision or an agreement stands behind it
	Late      Standing = "LATE"      // an invitation that outlived its journey: it is cancelled
	Abandoned Standing = "ABANDONED" // nothing stands behind it
)

// Judge says what a transfer at AWS is to the suite; ours is nil when no connection belongs to it. What was listed at a time
// says nothing about a journey that has ended since: the next sweep does.
func Judge(seen Seen, ours *Ours, listedAt time.Time) Standing {
	switch {
	case seen.Status != Requested && seen.Status != Accepted && seen.Status != Member:
		return Fine
	case ours == nil:
		return Abandoned
	case !ours.Ended, !ours.EndedAt.Before(listedAt):
		return Fine
	case seen.Status == Requested:
		return Late
	case ours.Agreed:
		return Fine
	}
	return Abandoned
}

// Finding is a transfer at AWS that nothing stands behind.
type Finding struct {
	Seen
	Ours *Ours // ended; nil: none
	Late bool  // it is cancelled instead of being settled by people
}

// EffectSweep is the effect by which AWS's transfers are compared with the suite's.
const EffectSweep = "sweep"

// SweepWanted is when they are compared: there is always another sweep, until the payer retires.
func (p *Payer) SweepWanted() []intent.Want {
	if !p.RetiredAt.IsZero() {
		return nil
	}
	return intent.At(orNow(p.SweepAt))
}

// Retires reports whether a payer is of no interest once nothing is bound to it: it was a customer's own organization, which has it back,
// and may let nobody in any more.
func Retires(p *Payer) bool { return p.CustomerID != "" && p.State == Closed }

// Retire notes that nothing is bound to a payer that retires. What was found of it, and who may enter it, is the customer's own matter.
func Retire(p *Payer, now time.Time) []fact.Fact {
	facts := p.settle(func(Unclaimed) bool { return true })
	p.RetiredAt, p.ShutOutAt, p.ShutOutBy, p.Untold = now, time.Time{}, "", nil
	return append(facts, fact.Fact{Name: FactRetired, Audience: fact.Operator})
}

// Swept notes all that a sweep has found in what AWS listed at a time, and whether a customer is still to answer an invitation. What was
// found before and is no finding now is settled.
func (p *Payer) Swept(found []Finding, awaited bool, listedAt, now time.Time) ([]fact.Fact, error) {
	facts := p.settle(func(u Unclaimed) bool {
		return !slices.ContainsFunc(found, func(f Finding) bool { return f.Key() == u.key() })
	})
	for _, f := range found {
		if u := p.finding(f.Key()); u != nil {
			u.Status, u.Late = f.Status, f.Late
		} else if len(p.Unclaimed) < kept {
			news := unclaimed(f, now)
			p.Unclaimed = append(p.Unclaimed, news)
			facts = append(facts, news.tell(FactUnclaimedFound))
		}
	}
	p.SweptAt, p.SweepAt = listedAt, now.Add(sweepBeat)
	if awaited {
		p.SweepAt = now.Add(waitingBeat)
	}
	if !p.ShutOutAt.IsZero() {
		p.ShutOutAt, p.ShutOutBy = time.Time{}, ""
		facts = append(facts, fact.Fact{Name: FactAccessRestored, Audience: fact.Operator})
	}
	return facts, nil
}

// settle forgets findings that are gone or explained; their cases are not wanted any more.
func (p *Payer) settle(settled func(Unclaimed) bool) []fact.Fact {
	var facts []fact.Fact
	for _, u := range p.Unclaimed {
		if settled(u) {
			facts = append(facts, u.tell(FactUnclaimedSettled))
		}
	}
	p.Unclaimed = slices.DeleteFunc(p.Unclaimed, settled)
	return facts
}

// NotSwept notes that AWS did not let us look. Operations has one case of it, for all connections of the payer; it is tried
// again every hour, or as soon as the payer's role is changed. SweptAt shows how old our knowledge is.
func (p *Payer) NotSwept(reason string, now time.Time) ([]fact.Fact, error) {
	p.SweepAt = now.Add(deniedBeat)
	if !p.ShutOutAt.IsZero() {
		return nil, nil
	}
	p.ShutOutAt, p.ShutOutBy = now, reason
	return []fact.Fact{{Name: FactAccessLost, Audience: fact.Operator, Reason: reason}}, nil
}

// Next is when Operations is told that a sweep has not succeeded in its time; zero: never.
func (p *Payer) Next() time.Time {
	due := p.SweptAt.Add(sweepBeat)
	if p.SweepAt.After(due) {
		due = p.SweepAt
	}
	if !p.RetiredAt.IsZero() || !p.ShutOutAt.IsZero() || p.SweptAt.IsZero() && p.SweepAt.IsZero() {
		return time.Time{}
	}
	return due.Add(sweepLate)
}

// Tick says once that the sweeps fail. As long as they do, connections learn late, or not at all, what AWS has changed.
func (p *Payer) Tick(now time.Time) []fact.Fact {
	if late := p.Next(); late.IsZero() || now.Before(late) {
		return nil
	}
	p.ShutOutAt, p.ShutOutBy = now, Unswept
	return []fact.Fact{{Name: FactAccessLost, Audience: fact.Operator, Reason: Unswept}}
}

// shutOut is the case in which people mend the way into the payer, or find out why its sweeps fail.
func (p *Payer) shutOut() []intent.Wish {
	if p.ShutOutAt.IsZero() {
		return nil
	}
	words := "case.shut-out"
	if p.ShutOutBy == Unswept {
		words = "case.unswept"
	}
	params := []string{
		"payer_account_id", p.AccountID, "payer_id", p.ID, "since", p.ShutOutAt.Format(time.RFC3339), "reason", p.ShutOutBy,
		"swept", p.SweptAt.Format(time.RFC3339),
	}
	return []intent.Wish{{
		Key: "case/shut-out", Kind: intent.Case, Name: "BILLING_PROBLEM", Priority: "P1",
		Title: text.New(words+".title", params...), Body: text.New(words+".body", params...), Resolved: text.New(words + ".over"),
	}}
}

// LateSeen notes what AWS says of an invitation after it was asked to cancel it. One that the customer has accepted
// meanwhile is for people to settle.
func (p *Payer) LateSeen(awsTransferID string, status Status, now time.Time) ([]fact.Fact, error) {
	u := p.finding(awsTransferID)
	if u == nil {
		return nil, nil
	}
	switch status {
	case Accepted:
		u.Status, u.Late, u.TryAt = Accepted, false, time.Time{}
	case Requested:
		u.TryAt = now.Add(afterSilence)
	default:
		return p.settle(func(u Unclaimed) bool { return u.key() == awsTransferID }), nil
	}
	return nil, nil
}

// LateRefused notes that AWS will not cancel an invitation: it has a case, and is tried again in a day.
func (p *Payer) LateRefused(awsTransferID string, now time.Time) ([]fact.Fact, error) {
	if u := p.finding(awsTransferID); u != nil {
		u.TryAt, u.Refused = now.Add(afterRefusal), true
	}
	return nil, nil
}

// Waiting says who must act for the payer's connections to be seen again, or for more to come; nil when nobody has to.
func (p *Payer) Waiting() *process.Waiting {
	switch {
	case p.ShutOutAt.IsZero() && len(p.Untold) > 0:
		first := p.Untold[0].ConnectionID
		return &process.Waiting{Owner: process.Reseller, Text: text.New("wait.untold", "connection_id", first), Escalated: true}
	case p.ShutOutAt.IsZero() && p.NearAt.IsZero():
		return nil
	case p.ShutOutAt.IsZero():
		w := &process.Waiting{Owner: process.Reseller, Text: text.New("wait.quota"), Escalated: p.NearLong}
		if !p.NearLong {
			w.EscalateAt = p.NearAt.Add(nearFor)
		}
		return w
	}
	key := "wait.shut-out"
	if p.ShutOutBy == Unswept {
		key = "wait.unswept"
	}
	return &process.Waiting{Owner: process.Reseller, Text: text.New(key), Escalated: true}
}
