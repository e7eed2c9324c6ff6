package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"example.com/handover/deploy/journey"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// forgiven is how often the suite may not know what came of a mail that it has sent, or take a second record in
// ServiceNow back: once for each end that nobody could prepare for, and once for what the simulators did to it.
func (r *round) forgiven(f *fixture) int {
	n := f.deaths()
	for _, fault := range r.kill.faults {
		if k := fault.GetKind(); k == sandboxv1.FaultKind_FAULT_KIND_RESET || k == sandboxv1.FaultKind_FAULT_KIND_DUPLICATE {
			n++
		}
	}
	return n
}

// check says what is not as it must be, or not as it was in the undisturbed life.
func (f *fixture) check(ctx context.Context, s scenario, baseline outcome, e journey.Evidence, deaths int, again bool) error {
	if err := f.checkInvariants(ctx, e, deaths, again); err != nil {
		return err
	}
	return violationError(e, baseline.differences(s.outcomeOf(e)))
}

// checkInvariants says what must hold in every life, and does not.
func (f *fixture) checkInvariants(ctx context.Context, e journey.Evidence, deaths int, again bool) error {
	wrong, err := f.published.check(ctx, e.Timeline, again)
	if err != nil {
		return err
	}
	return violationError(e, append(wrong, violations(e, deaths)...))
}

// violations are those that the evidence alone shows.
func violations(e journey.Evidence, deaths int) []string {
	return slices.Concat(duplicates(e, deaths > 0), misdeliveredMails(e, deaths), remindersLeft(e), recordedTwice(e.Timeline), unfinished(e))
}

func violationError(e journey.Evidence, wrong []string) error {
	if len(wrong) == 0 {
		return nil
	}
	return fmt.Errorf("%s\nthe timeline:\n%s", strings.Join(wrong, "\n"), timelineText(e))
}

// unfinished names what is left in a deployment that said it had nothing to do.
func unfinished(e journey.Evidence) (wrong []string) {
	for _, service := range slices.Sorted(maps.Keys(e.Work)) {
		w := e.Work[service]
		busy := w.GetDue() + w.GetClaimed() + w.GetBackingOff() + w.GetUnpublished() + w.GetUnacked()
		if busy > 0 || w.GetParked() > 0 || w.GetDeadLetters() > 0 {
			wrong = append(wrong, fmt.Sprintf("%s is not done: %v", service, w))
		}
	}
	return wrong
}

// timelineText is the timeline of a life, for the reader of a failure.
func timelineText(e journey.Evidence) string {
	var b strings.Builder
	for _, f := range e.Timeline {
		fmt.Fprintf(&b, "  %s  %s:%d.%d  %s\n", f.GetOccurTime().AsTime().Format("2006-01-02 15:04"), f.GetAggregateId(),
			f.GetRevision(), f.GetOrdinal(), factName(f))
	}
	return b.String()
}
