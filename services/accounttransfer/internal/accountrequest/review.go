package accountrequest

import (
	"strconv"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
)

// kept is how many questions a request remembers.
const kept = 20

// underReview reports whether the reviewers have the request.
func (r *Request) underReview() bool { return r.State == Routed || r.State == InReview }

// RequestInformation asks the customer (XFR-NA-13, NTF-009).
func (r *Request) RequestInformation(question string, now time.Time) ([]fact.Fact, error) {
	if !r.underReview() {
		return nil, r.refuses("sent back for information")
	}
	return []fact.Fact{r.ask(Question{Text: question, AskedAt: now}, now)}, nil
}

func (r *Request) ask(q Question, now time.Time) fact.Fact {
	all := append(r.Questions, q)
	r.Questions = all[max(0, len(all)-kept):]
	r.become(InfoRequested, now)
	return tell(FactInformationAsked, "until", stamp(r.answerBy()))
}

// answerBy is when a question without an answer ends the request.
func (r *Request) answerBy() time.Time { return r.Since.Add(r.Policy.InformationEnds) }

// Open returns the question that waits for an answer; nil when there is none.
func (r *Request) Open() *Question {
	if r.State != InfoRequested || len(r.Questions) == 0 {
		return nil
	}
	return &r.Questions[len(r.Questions)-1]
}

// Given is what the customer gives.
type Given struct {
	Answer   string
	Nickname string // empty: it stays
	Plan     Plan   // empty: it stays
	Address  bool   // another root address, which is in its own document
	ByMail   bool   // it came by mail, and an operator enters it
}

// ProvideInformation takes what was asked for; the request goes on where it was. Refused with STATE_REFUSES, FIELD_REQUIRED,
// ROLE_DENIED and INFORMATION_BY_MAIL_UNAVAILABLE.
func (r *Request) ProvideInformation(g Given, by call.Actor, now time.Time) ([]fact.Fact, error) {
	q := r.Open()
	switch {
	case q == nil:
		return nil, r.refuses("given information")
	case g.ByMail && by.Role != "OPERATOR":
		return nil, errs.New(errs.Denied, ReasonRoleDenied, "only Operations enters what came by mail")
	case g.ByMail && r.Inbox == "":
		return nil, errs.New(errs.Precondition, ReasonByMailUnavailable, "region %s takes no information by mail", r.Region).
			WithRemedy(customerMends("remedy.provide-information"))
	case needsAddress(q.Reason) && !g.Address:
		return nil, errs.InvalidField("root_email", ReasonFieldRequired, "another root address is needed")
	case g.Answer == "" && g.Nickname == "" && g.Plan == "" && !g.Address:
		return nil, errs.InvalidField("answer", ReasonFieldRequired, "say something, or give another value")
	}
	q.Answer, q.AnsweredAt, q.ByMail = g.Answer, now, g.ByMail
	if g.Nickname != "" {
		r.Nickname = g.Nickname
	}
	if g.Plan != "" {
		r.Plan = g.Plan
	}
	r.become(InReview, now)
	if r.Decision != nil {
		r.Creation.Failure, r.Creation.FirstAt = nil, time.Time{} // what has this address already is not by this request
		r.become(Approved, now)                                   // it was approved before: AWS asked for another address
	}
	return []fact.Fact{tell(FactInformationProvided, "by_mail", strconv.FormatBool(g.ByMail))}, nil
}

// Approve has the account created (XFR-NA-12).
func (r *Request) Approve(reason string, by call.Actor, now time.Time) ([]fact.Fact, error) {
	if !r.underReview() {
		return nil, r.refuses("approved")
	}
	r.Decision = &Decision{Approved: true, Reason: reason, By: by, At: now}
	r.become(Approved, now)
	return []fact.Fact{tell(FactApproved)}, nil
}

// Reject ends a request that was not approved.
func (r *Request) Reject(reason string, by call.Actor, now time.Time) ([]fact.Fact, error) {
	if !r.underReview() && (r.State != InfoRequested || r.Decision != nil) {
		return nil, r.refuses("rejected")
	}
	r.Decision = &Decision{Reason: reason, By: by, At: now}
	r.EndReason = reason
	r.become(Rejected, now)
	return []fact.Fact{fact.Because(tell(FactRejected), reason)}, nil
}

// Cancel takes a request back. While AWS may be at it, it cannot be, and while Operations signs the account up by hand, only Operations
// knows whether it has; an account that is there stays, and only Operations ends its follow-up.
func (r *Request) Cancel(reason string, by call.Actor, now time.Time) ([]fact.Fact, error) {
	stopped := r.State == Creating && r.Creation.Failure != nil && !r.Creation.Again && !r.Intents.AnyAsked(EffectCreate)
	before := r.State != Creating && r.State != FollowUp && !r.State.Ended() && !r.Intents.AnyAsked(EffectCreate)
	switch {
	case r.State == Approved && r.Placement == StandAlone && by.Role != "OPERATOR":
		return nil, r.refuses("cancelled by others than Operations, which signs the account up").
			WithRemedy(operatorMends("remedy.sign-up-by-hand"))
	case stopped, before, r.State == FollowUp && by.Role == "OPERATOR":
	default:
		return nil, r.refuses("cancelled")
	}
	r.EndReason = reason
	r.become(Cancelled, now)
	return []fact.Fact{fact.Because(tell(FactCancelled), reason)}, nil
}

// Erased notes that the root address is gone.
func (r *Request) Erased(reason string) ([]fact.Fact, error) {
	if !r.State.Ended() {
		return nil, r.refuses("without its root address")
	}
	return []fact.Fact{fact.Because(fact.Internally(tell(FactMailboxErased)), reason)}, nil
}

func stamp(t time.Time) string { return t.Format(time.RFC3339) }
