package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"example.com/handover/deploy/journey"
)

// judge says what is not as it must be, or not as it was in the undisturbed life.
func (s *stage) judge(ctx context.Context, p plot, calm signature, e journey.Evidence, deaths int) error {
	if err := s.sound(ctx, e, deaths); err != nil {
		return err
	}
	return wrongIn(e, calm.differences(p.signatureOf(e)))
}

// sound says what must be so in every life, and is not.
func (s *stage) sound(ctx context.Context, e journey.Evidence, deaths int) error {
	wrong, err := s.witness.check(ctx, e.Timeline)
	if err != nil {
		return err
	}
	return wrongIn(e, append(wrong, unsound(e, deaths)...))
}

// unsound is what the evidence alone says.
func unsound(e journey.Evidence, deaths int) []string {
	return slices.Concat(doubles(e, deaths > 0), misdelivered(e, deaths), nagging(e), toldTwice(e.Timeline), unfinished(e))
}

func wrongIn(e journey.Evidence, wrong []string) error {
	if len(wrong) == 0 {
		return nil
	}
	return fmt.Errorf("%s\nthe timeline:\n%s", strings.Join(wrong, "\n"), story(e))
}

// unfinished names what is left in a world that said it was quiet.
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

// story is the timeline of a life, for the reader of a failure.
func story(e journey.Evidence) string {
	var b strings.Builder
	for _, f := range e.Timeline {
		fmt.Fprintf(&b, "  %s  %s:%d.%d  %s\n", f.GetOccurTime().AsTime().Format("2006-01-02 15:04"), f.GetAggregateId(),
			f.GetRevision(), f.GetOrdinal(), telling(f))
	}
	return b.String()
}
