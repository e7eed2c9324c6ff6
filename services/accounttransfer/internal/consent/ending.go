package consent

import (
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
	"example.com/handover/services/accounttransfer/internal/process"
)

// Condition completes the step of a transfer that waits for a consent.
const Condition process.Condition = "CONSENT_EXECUTED"

// Open begins: its turn in the transfer has come, or has come again after it was not needed for a while.
func (c *Consent) Open(now time.Time) []fact.Fact {
	if c.State != Draft && (c.State != Cancelled || c.Closed) {
		return nil
	}
	c.gather(now)
	return []fact.Fact{tell(FactOpened)}
}

// Stop ends what the transfer does not need any more. What was executed stays.
func (c *Consent) Stop(now time.Time) []fact.Fact {
	if c.Ended() {
		return nil
	}
	c.enter(Cancelled, now)
	c.EndedAt, c.ExpiresAt, c.FailsAt = now, time.Time{}, time.Time{}
	return []fact.Fact{tell(FactCancelled)}
}

// Reopen begins again instead of letting the transfer fail: what AWS asked and decided is of the request before. Refused with
// STATE_REFUSES.
func (c *Consent) Reopen(reason string, by call.Actor, now time.Time) ([]fact.Fact, error) {
	if err := c.accepts("reopened", Refused, Expired); err != nil {
		return nil, err
	}
	c.gather(now)
	c.Question, c.Answer, c.Decision = nil, "", nil
	c.Statement = &Statement{reason, by, now}
	f := fact.Internally(tell(FactReopened))
	f.Reason = reason
	return []fact.Fact{f}, nil
}

// Cancel goes no further: the transfer fails. A refusal or an expiry stands then. Refused with STATE_REFUSES.
func (c *Consent) Cancel(reason string, by call.Actor, now time.Time) ([]fact.Fact, error) {
	err := c.accepts("cancelled", Draft, InfoGathering, Submitted, UnderReview, Granted, AgreementPending, Refused, Expired)
	if err != nil {
		return nil, err
	}
	name := FactClosed
	if c.State != Refused && c.State != Expired {
		c.enter(Cancelled, now)
		name = FactCancelled
	}
	c.Statement = &Statement{reason, by, now}
	c.close(now)
	f := fact.Internally(tell(name))
	f.Reason = reason
	return []fact.Fact{f}, nil
}

// close lets what it came to stand.
func (c *Consent) close(now time.Time) {
	c.Closed, c.EndedAt, c.FailsAt, c.ExpiresAt = true, now, time.Time{}, time.Time{}
}

// fails sets until when Operations may begin again.
func (c *Consent) fails(now time.Time) {
	c.ExpiresAt, c.FailsAt = time.Time{}, time.Time{}
	if c.Policy.DecideIn > 0 {
		c.FailsAt = now.Add(c.Policy.DecideIn)
	}
}

// Tick says what follows from dates that have come: an expiry, a refusal that nobody took up, a wait that is too long.
func (c *Consent) Tick(now time.Time) []fact.Fact {
	switch {
	case process.Due(c.ExpiresAt, now):
		c.enter(Expired, now)
		c.fails(now)
		return []fact.Fact{tell(FactExpired)}
	case process.Due(c.FailsAt, now):
		c.close(now)
		return []fact.Fact{tell(FactClosed)}
	}
	return c.escalate(now)
}

// Next returns when the consent itself has something to say; zero for never.
func (c *Consent) Next() time.Time {
	var next time.Time
	for _, at := range []time.Time{c.ExpiresAt, c.FailsAt, c.wait().TellAt(c.Overlong)} {
		if !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next
}

// Final is why the transfer fails; nil while it does not.
func (c *Consent) Final() *process.Failure {
	if !c.Closed {
		return nil
	}
	return c.failure()
}

func (c *Consent) failure() *process.Failure {
	codes := map[State]string{Refused: CodeRefused, Expired: CodeExpired, Cancelled: CodeCancelled}
	code := codes[c.State]
	if code == "" {
		return nil
	}
	return &process.Failure{Code: code, Text: text.New("failure." + code)}
}

// Report is what a transfer may know of its condition.
func (c *Consent) Report() process.Report {
	r := process.Report{Condition: Condition, Met: c.State == Executed, Wait: c.Waiting()}
	if f := c.failure(); f != nil {
		r.Failure = f
		r.Blocked = process.Blocked{Owner: process.Reseller, Text: text.New("remedy.consent-decide")}
	}
	return r
}
