package journey

import (
	"strconv"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/consent"
	"example.com/handover/services/accounttransfer/internal/journey/templates"
	"example.com/handover/services/accounttransfer/internal/process"
)

// NeedsConsent reports whether AWS must consent before the accounts move: the customer is of the public sector, and the process
// has the step for it (XFR-002).
func NeedsConsent(j templates.Journey, publicSector bool) bool {
	return publicSector && j.Waits(consent.Condition)
}

// withoutConsent skips the step for a consent that nobody needs.
func withoutConsent(t *Transfer, now time.Time) []fact.Fact {
	s := t.For(consent.Condition)
	if s == nil || t.ConsentID != "" || s.State == process.Skipped {
		return nil
	}
	return append([]fact.Fact{s.Skip(notPublic, now)}, t.Advance(now)...)
}

// notPublic is why a rule skips the step for a consent.
const notPublic = "the customer is not of the public sector"

// LacksConsent reports whether a step waits for a consent that was not begun.
func LacksConsent(t *Transfer) bool {
	s := t.For(consent.Condition)
	return t.underWay() && t.ConsentID == "" && s != nil && s.State.Active()
}

// SectorChanged notes that the customer has come to be one of the public sector, or was none after all: whatever is still to be done then
// waits for AWS's consent, or does not any more.
func SectorChanged(t *Transfer, public bool, now time.Time) []fact.Fact {
	if t.State.Ended() || t.PublicSector == public {
		return nil
	}
	t.PublicSector = public
	facts := []fact.Fact{fact.Internally(tell(FactSectorChanged, "public_sector", strconv.FormatBool(public)))}
	s := t.For(consent.Condition)
	switch {
	case public && s != nil && s.State == process.Skipped:
		return append(facts, process.Need(&t.Process, s, now)...)
	case public:
		return facts
	case undecided(t):
		t.State, t.Decision = InProgress, nil
	case s != nil && !s.State.Closed():
		facts = append(facts, s.Skip(notPublic, now))
	}
	return facts
}

// Concur brings a transfer, its connection and the consent that it may need together after one of them has changed: the consent
// begins when its step opens and ends with what needs it, and the transfer follows what comes of it. A nil consent is needed by
// nobody.
func Concur(t *Transfer, c *connection.Connection, k *consent.Consent, now time.Time) (made Changes) {
	made = Agree(t, c, now)
	if k == nil {
		return made
	}
	k.AccountID = t.AccountID
	for range rounds {
		kf := direct(t, k, now)
		tf := heed(t, k, now)
		if len(kf)+len(tf) == 0 {
			break
		}
		more := Agree(t, c, now)
		made.Consent = append(made.Consent, kf...)
		made.Transfer = append(append(made.Transfer, tf...), more.Transfer...)
		made.Connection = append(made.Connection, more.Connection...)
	}
	return made
}

// direct tells the consent whether the transfer needs it now.
func direct(t *Transfer, k *consent.Consent, now time.Time) []fact.Fact {
	s := t.For(consent.Condition)
	switch {
	case t.State.Ended(), t.underWay() && (s == nil || s.State == process.Skipped):
		return k.Stop(now)
	case t.underWay() && s.State.Active():
		return k.Open(now)
	}
	return nil
}

// heed brings the transfer to what has come of its consent. One that is not to be had ends it without success.
func heed(t *Transfer, k *consent.Consent, now time.Time) []fact.Fact {
	if !t.underWay() {
		return nil
	}
	if f := k.Final(); f != nil {
		t.wish(Ending{Failure: f}, now)
		return []fact.Fact{fact.Because(tell(FactEndingRequested), f.Code)}
	}
	return t.Observe(k.Report(), now)
}

// ofConsent refuses a verb of a step that the consent decides on.
func ofConsent(t *Transfer, key string) error {
	s, err := t.Step(key)
	if err != nil || s.Condition != consent.Condition {
		return err
	}
	w := s.Instruction()
	return errs.New(errs.Precondition, process.ReasonStepNotManual, "the step %s follows the consent of AWS", key).
		WithRemedy(errs.Remedy{Who: "OPERATOR", Text: w})
}
