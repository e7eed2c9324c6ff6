package transfer

import (
	"time"

	"example.com/handover/pkg/fact"
)

// Validated notes that the account passed its check, and goes on. A repetition, and a transfer that is ending or has
// ended meanwhile, change nothing.
func (t *Transfer) Validated(now time.Time) ([]fact.Fact, error) {
	if t.work(ValidationPassed) == nil {
		return nil, nil
	}
	facts := t.observed(ValidationPassed, now)
	return append(facts, t.advance(now)...), nil
}

// Invalid notes that the account did not pass its check, and who can mend that. It changes nothing where Validated
// does not.
func (t *Transfer) Invalid(r Refusal, now time.Time) ([]fact.Fact, error) {
	s := t.work(ValidationPassed)
	if s == nil {
		return nil, nil
	}
	b := Blocked{Owner: r.Owner, What: r.What, Where: r.Where}
	if r.RetryAfter > 0 {
		b.RetryAt = now.Add(r.RetryAfter)
	}
	return t.broken(s, Failure{r.Code, r.Message}, b, now), nil
}
