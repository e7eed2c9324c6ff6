package consent

import (
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
	"example.com/handover/services/accounttransfer/internal/process"
)

// Waiting says who must act before the consent goes on; nil when nobody has to.
func (c *Consent) Waiting() *process.Waiting {
	w := c.wait().Shown(c.Overlong)
	if w == nil {
		return nil
	}
	w.Escalated = w.Escalated || c.urgent()
	if w.Until = c.ExpiresAt; !c.FailsAt.IsZero() {
		w.Until = c.FailsAt
	}
	return w
}

// turn names whose turn it is for what.
func (c *Consent) turn() string {
	if w := c.wait(); w != nil {
		return w.Name
	}
	return ""
}

// urgent reports whether Operations has a case of it from its beginning: the transfer fails unless somebody decides.
func (c *Consent) urgent() bool { return !c.Ended() && (c.State == Refused || c.State == Expired) }

func (c *Consent) wait() *process.Wait {
	by := func(p process.Party, name string, limit time.Duration, params ...string) *process.Wait {
		return process.NewWait(p, text.New("wait.consent-"+name, params...), name, c.Since, limit)
	}
	if c.Ended() {
		return nil
	}
	switch c.State {
	case InfoGathering:
		return c.gathering(by)
	case Submitted:
		return by(process.AWS, "submitted", c.Policy.ReviewIn)
	case UnderReview:
		return by(process.AWS, "review", c.Policy.ReviewIn)
	case Granted:
		return by(process.Reseller, "agree", c.Policy.AgreeIn)
	case AgreementPending:
		if c.Agreement.signed(Assignor) {
			return by(process.Reseller, "countersign", c.Policy.SignIn)
		}
		return by(process.Customer, "sign", c.Policy.SignIn)
	case Refused:
		return by(process.Reseller, "refused", 0)
	case Expired:
		return by(process.Reseller, "expired", 0)
	case Draft, Executed, Cancelled:
	}
	return nil
}

// gathering is the wait for what AWS wants to know, the customer's part first, and then for the request.
func (c *Consent) gathering(by func(process.Party, string, time.Duration, ...string) *process.Wait) *process.Wait {
	in := c.Policy.GatherIn
	switch {
	case c.asked() && c.Question.Owner == process.Customer:
		return by(process.Customer, "question", in, "question", c.Question.Text)
	case len(c.Assignor.missing("")) > 0:
		return by(process.Customer, "assignor", in)
	case c.asked():
		return by(process.Reseller, "answer", in, "question", c.Question.Text)
	case len(c.missing()) > 0:
		return by(process.Reseller, "complete", in)
	default:
		return by(c.Preparer, "submit", in)
	}
}

// escalate says once that the wait has become too long.
func (c *Consent) escalate(now time.Time) []fact.Fact {
	w := c.wait()
	if !w.Tell(&c.Overlong, now) {
		return nil
	}
	return []fact.Fact{fact.Internally(tell(FactWaitEscalated, "wait", w.Name, "owner", string(w.Owner)))}
}

// The mails of a consent, and their schedules.
const (
	mailInformation = "consent-information"
	mailRequest     = "consent-request"
	mailSignature   = "consent-signature"
	mailOperations  = "consent-operations"
	planCustomer    = "customer-action"
	planOperations  = "operations-escalation"
	toCustomer      = "TECHNICAL"
	toOperations    = "OPERATIONS"
)

// Wanted is the set of mails, reminders and cases that the consent wants as it is now: the customer is reminded of what it is
// to enter and to sign, Operations is told once of its turn, and what takes too long, or fails the transfer, has a case, of
// which Operations is reminded.
func (c *Consent) Wanted() []intent.Wish {
	w := c.wait()
	if w == nil {
		return nil
	}
	key := w.Key()
	switch {
	case c.urgent():
		return c.urges(w, key)
	case w.Owner == process.Customer:
		return append(c.overlong(w, key), c.asks(w, key)...)
	case w.Owner == process.Reseller:
		return append(c.overlong(w, key), c.mail(w, key, intent.Mail))
	}
	return c.overlong(w, key)
}

func (c *Consent) overlong(w *process.Wait, key string) []intent.Wish {
	if c.Overlong != key {
		return nil
	}
	return w.Overlong(key, text.New("title.request-consent"), c.AccountID, c.Since)
}

// asks are a mail to the customer about its turn, and the reminders of it.
func (c *Consent) asks(w *process.Wait, key string) []intent.Wish {
	wish := intent.Wish{
		Key: "ask/" + key, Kind: intent.Mail, Name: mailInformation, To: toCustomer, Params: map[string]string{"account_id": c.AccountID},
	}
	switch w.Name {
	case "question":
		wish.Params["question"] = c.Question.Text
	case "submit":
		wish.Name = mailRequest
	case "sign":
		wish.Name = mailSignature
		if !c.ExpiresAt.IsZero() {
			wish.Params["expire"] = c.ExpiresAt.Format(time.RFC3339)
		}
	}
	again := wish
	again.Key, again.Kind, again.Plan, again.At, again.Until = "remind/"+key, intent.Reminder, planCustomer, c.Since, c.ExpiresAt
	return []intent.Wish{wish, again}
}

// mail is what Operations is told of its turn.
func (c *Consent) mail(w *process.Wait, key string, kind intent.Kind) intent.Wish {
	return intent.Wish{
		Key: "operations/" + key, Kind: kind, Name: mailOperations, To: toOperations,
		Params: map[string]string{"account_id": c.AccountID}, Title: text.New("mail.consent."+w.Name).With("account_id", c.AccountID),
		Body: text.Text{Key: w.Text.Key + ".what", Params: w.Text.Params}, Where: w.Text,
	}
}

// urges is the case of a consent with which the transfer fails unless Operations decides otherwise, and the mails that remind
// of it.
func (c *Consent) urges(w *process.Wait, key string) []intent.Wish {
	remind := c.mail(w, key, intent.Reminder)
	remind.Plan = planOperations
	opened := intent.Wish{
		Key: "case/" + key, Kind: intent.Case, Name: "TRANSFER_PROBLEM", Priority: "P2", Title: remind.Title, Body: remind.Body,
		Resolved: text.New("case.consent-over"),
	}
	return []intent.Wish{opened, remind}
}
