package consent

import (
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
	"example.com/handover/services/accounttransfer/internal/process"
)

// wait is what a consent waits for, and how long before Operations is told.
type wait struct {
	process.Waiting
	name  string
	limit time.Duration // 0: never; what is urgent from its beginning has none
}

// Waiting says who must act before the consent goes on; nil when nobody has to.
func (c *Consent) Waiting() *process.Waiting {
	w := c.wait()
	if w == nil {
		return nil
	}
	w.Escalated = c.urgent() || c.Overlong == c.key(w)
	switch {
	case !c.FailsAt.IsZero():
		w.Until = c.FailsAt
	case !c.ExpiresAt.IsZero() && !c.ExpiresAt.After(c.Since.Add(w.limit)):
		w.Until = c.ExpiresAt
	case w.limit > 0:
		w.Until = c.Since.Add(w.limit)
	}
	return &w.Waiting
}

// key tells a wait apart from an earlier one for the same.
func (c *Consent) key(w *wait) string { return w.name + "@" + c.Since.Format(time.RFC3339) }

// turn names whose turn it is for what.
func (c *Consent) turn() string {
	if w := c.wait(); w != nil {
		return w.name
	}
	return ""
}

// urgent reports whether Operations has a case of it from its beginning: the transfer fails unless somebody decides.
func (c *Consent) urgent() bool { return !c.Ended() && (c.State == Refused || c.State == Expired) }

func (c *Consent) wait() *wait {
	by := func(p process.Party, name string, limit time.Duration, params ...string) *wait {
		return &wait{process.Waiting{Owner: p, Text: text.New("wait.consent-"+name, params...)}, name, limit}
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
func (c *Consent) gathering(by func(process.Party, string, time.Duration, ...string) *wait) *wait {
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

// escalateAt is when the wait becomes too long; zero: never, or Operations was told.
func (c *Consent) escalateAt() time.Time {
	w := c.wait()
	if w == nil || w.limit == 0 || c.Overlong == c.key(w) {
		return time.Time{}
	}
	return c.Since.Add(w.limit)
}

// escalate says once that the wait has become too long.
func (c *Consent) escalate(now time.Time) []fact.Fact {
	if !due(c.escalateAt(), now) {
		return nil
	}
	w := c.wait()
	c.Overlong = c.key(w)
	return []fact.Fact{fact.Internally(tell(FactWaitEscalated, "wait", w.name, "owner", string(w.Owner)))}
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
	key := c.key(w)
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

func (c *Consent) overlong(w *wait, key string) []intent.Wish {
	if c.Overlong != key {
		return nil
	}
	return w.Overlong(key, text.New("title.request-consent"), c.AccountID, c.Since)
}

// asks are a mail to the customer about its turn, and the reminders of it.
func (c *Consent) asks(w *wait, key string) []intent.Wish {
	wish := intent.Wish{
		Key: "ask/" + key, Kind: intent.Mail, Name: mailInformation, To: toCustomer, Params: map[string]string{"account_id": c.AccountID},
	}
	switch w.name {
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
func (c *Consent) mail(w *wait, key string, kind intent.Kind) intent.Wish {
	return intent.Wish{
		Key: "operations/" + key, Kind: kind, Name: mailOperations, To: toOperations,
		Params: map[string]string{"account_id": c.AccountID}, Title: text.New("mail.consent."+w.name).With("account_id", c.AccountID),
		Body: text.Text{Key: w.Text.Key + ".what", Params: w.Text.Params}, Where: w.Text,
	}
}

// urges is the case of a consent with which the transfer fails unless Operations decides otherwise, and the mails that remind
// of it.
func (c *Consent) urges(w *wait, key string) []intent.Wish {
	remind := c.mail(w, key, intent.Reminder)
	remind.Plan = planOperations
	opened := intent.Wish{
		Key: "case/" + key, Kind: intent.Case, Name: "TRANSFER_PROBLEM", Priority: "P2", Title: remind.Title, Body: remind.Body,
		Resolved: text.New("case.consent-over"),
	}
	return []intent.Wish{opened, remind}
}
