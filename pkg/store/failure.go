package store

import (
	"context"
	"strconv"
	"strings"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/errs"
)

// Fail frees the claim without a change, keeps cause for the reader of the row, and lets nobody claim it for
// notBefore of machine time. A change with facts ends that wait early, but never before the RetryAfter of cause has
// passed: until then, nothing that changes here makes a difference there.
//
// With Attempts at maxAttempts the row is parked instead, until Release. Two kinds of tries do not park:
//   - one whose cause is that something is away, busy, slow or used up (errs.Unavailable, Deadline, Exhausted, Cancelled):
//     it counts only up to half of maxAttempts, so that the pauses grow and an outage of any length parks nothing. That
//     the work's own time was up is no such cause: Work sees to it;
//   - one whose row has changed since the claim: it is not counted, and the row is due at once, for what failed may now
//     succeed.
//
// ErrLostClaim when the claim is gone.
func (c *Claim[T]) Fail(ctx context.Context, cause error, notBefore time.Duration, maxAttempts int) error {
	return c.table.db.InTx(ctx, func(tx *Tx) error {
		s, err := c.table.lock(tx, call.Everyone("the worker that holds the claim"), c.ID)
		if err != nil {
			return err
		}
		if s.claim != c.token {
			return ErrLostClaim
		}
		changed := s.Revision != c.Revision
		s.fail(cause, maxAttempts, changed)
		s.pause(cause, notBefore, changed, tx.machine)
		if s.dueNow(tx.now, tx.machine) {
			tx.woke[c.table.kind.Table] = c.table.info
		}
		tx.committed = append(tx.committed, func() { c.Parked = s.Parked })
		_, err = tx.Exec("UPDATE "+c.table.kind.Table+
			" SET claim = $1, claimed_until = $2, claimed_at = $3, attempts = $4, last_error = $5, parked = $6 WHERE id = $7",
			s.claim, int64(s.claimedUntil), int64(tx.machine), s.Attempts, s.LastError, columnValue(s.Parked), s.ID)
		return err
	})
}

// fail counts a try, or takes it back.
func (s *stored) fail(cause error, maxAttempts int, changed bool) {
	text := clean(cause.Error())
	s.LastError = strings.ToValidUTF8(text[:min(len(text), 2000)], "")
	switch {
	case changed, passes(cause) && s.Attempts > maxAttempts/2:
		s.Attempts = max(s.Attempts-1, 0)
	case !passes(cause):
		s.Parked = s.Attempts >= maxAttempts
	}
}

// passes reports whether a failure is over by itself one day, whatever the row is.
func passes(cause error) bool {
	switch errs.KindOf(cause) {
	case errs.Unavailable, errs.Deadline, errs.Exhausted, errs.Cancelled:
		return true
	default:
		return false
	}
}

// pause frees the claim and sets the back-off.
func (s *stored) pause(cause error, notBefore time.Duration, changed bool, machine clock.Instant) {
	s.claim, s.claimedUntil = "", machine.Add(notBefore)
	if e, ok := errs.As(cause); ok && e.RetryAfter > 0 {
		firm := machine.Add(e.RetryAfter)
		s.claim, s.claimedUntil = backsOff+strconv.FormatInt(int64(firm), 10), max(s.claimedUntil, firm)
	}
	switch {
	case s.Parked:
		s.claim, s.claimedUntil = "", 0
	case changed:
		s.wake(machine)
	}
}

// backsOff begins what stands in place of a claim while a row backs off and its wait has a firm part; the instant at
// which that ends follows. No token of a claim begins so.
const backsOff = "until:"

// wake ends a back-off, or what of it is not firm. It leaves a claim alone that has not lapsed.
func (s *stored) wake(machine clock.Instant) {
	firm, waits := strings.CutPrefix(s.claim, backsOff)
	until, _ := strconv.ParseInt(firm, 10, 64) // written by pause
	switch {
	case waits && clock.Instant(until) > machine:
		s.claimedUntil = clock.Instant(until)
	case waits, s.claim == "", s.claimedUntil <= machine:
		s.claim, s.claimedUntil = "", 0
	}
}
