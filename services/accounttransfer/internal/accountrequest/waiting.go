package accountrequest

import (
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
	"example.com/handover/services/accounttransfer/internal/process"
)

// Waiting says who must act before the request goes on; nil when nobody outside has to.
func (r *Request) Waiting() *process.Waiting { return r.wait().Shown(r.Overlong) }

func (r *Request) wait() *process.Wait {
	if r.State.Ended() {
		return nil
	}
	p := r.Policy
	if since := r.Intents.Denied(); !since.IsZero() {
		return waitFor(process.Reseller, "wait.denied", since, p.CreateIn)
	}
	switch r.State {
	case InfoRequested:
		w := waitFor(process.Customer, "wait.give-information", r.Since, p.InformationIn)
		w.Until, w.Text = r.answerBy(), r.information()
		return w
	case Approved:
		if r.Placement == StandAlone {
			return waitFor(process.Reseller, "wait.sign-up-by-hand", r.Since, p.CreateIn)
		}
		return waitFor(process.AWS, "wait.creating-account", r.Since, p.CreateIn)
	case Creating:
		if f := r.Creation.Failure; f != nil {
			w := waitFor(f.Owner, f.key(), f.Since, p.CreateIn)
			w.Text = f.Remedy()
			return w
		}
		return waitFor(process.AWS, "wait.creating-account", r.Since, p.CreateIn)
	case FollowUp:
		return r.nextCheck()
	default:
		return waitFor(process.Reseller, "wait.review-request", r.Since, p.ReviewIn)
	}
}

func waitFor(owner process.Party, key string, since time.Time, limit time.Duration) *process.Wait {
	return process.NewWait(owner, text.New(key), key, since, limit)
}

// information is the instruction to give what was asked for.
func (r *Request) information() text.Text {
	q := r.Open()
	switch {
	case needsAddress(q.Reason):
		return text.New("wait.give-root-address." + q.Reason)
	case r.Inbox != "":
		return text.New("wait.give-information.by-mail", "question", q.Text, "inbox", r.Inbox)
	}
	return text.New("wait.give-information", "question", q.Text)
}

// nextCheck is the first of the checks after the creation that is to be done.
func (r *Request) nextCheck() *process.Wait {
	open := r.open()
	if len(open) == 0 {
		return nil
	}
	limit := r.Policy.FollowUpIn
	switch open[0] {
	case checkRoot:
		return waitFor(process.Customer, "wait.reset-root-password", r.Since, limit)
	case checkRole:
		w := waitFor(process.Customer, "wait.create-role", r.Since, limit)
		if s := r.Role.State; s == RoleNotAssumable || s == RoleExternalIDMissing {
			w.Text = text.New("wait.mend-role."+string(s), "external_id", r.Role.ExternalID)
		}
		return w
	case checkPlan:
		w := waitFor(process.Customer, "wait.change-support-plan", r.Since, limit)
		if r.PlanSaid != nil {
			w.Text = text.New("wait.other-support-plan")
		}
		return w
	default:
		return waitFor(process.Reseller, "wait.set-plan-group", r.Since, limit)
	}
}

// Next returns the request's own date: when its wait has become too long, or has ended it; zero for none. A request whose reviewers
// have their case is looked at now.
func (r *Request) Next() time.Time {
	next := r.wait().TellAt(r.Overlong)
	if r.State == InfoRequested && (next.IsZero() || r.answerBy().Before(next)) {
		next = r.answerBy()
	}
	return next
}

// Tick begins the review once its people have the case, rejects a request whose information never came, and says which wait has
// become too long.
func (r *Request) Tick(now time.Time) []fact.Fact {
	var facts []fact.Fact
	if _, has := r.Wishes[keyReview]; has && r.State == Routed {
		since := r.Since
		r.become(InReview, now)
		r.Since = since // nobody has looked at it yet
		facts = append(facts, fact.Internally(tell(FactReviewBegun)))
	}
	if r.State == InfoRequested && !now.Before(r.answerBy()) {
		f := tell(FactRejected)
		f.Text = "account_request.information_missing"
		if r.Decision == nil {
			r.Decision = &Decision{At: now}
		}
		r.become(Rejected, now)
		return append(facts, f)
	}
	if w := r.wait(); w.Tell(&r.Overlong, now) {
		facts = append(facts, fact.Internally(tell(FactWaitEscalated, "wait", w.Name, "owner", string(w.Owner))))
	}
	return facts
}
