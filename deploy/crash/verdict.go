package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"example.com/handover/deploy/journey"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// judge says what is not as it must be, or not as it was in the undisturbed life.
func (s *stage) judge(ctx context.Context, p plot, e journey.Evidence) error {
	if err := s.sound(ctx, e); err != nil {
		return err
	}
	return wrongIn(e, s.calm[p.name].differences(p.signatureOf(e)))
}

// sound says what must be so in every life, and is not.
func (s *stage) sound(ctx context.Context, e journey.Evidence) error {
	wrong, err := s.witness.check(ctx, e.Timeline)
	if err != nil {
		return err
	}
	return wrongIn(e, slices.Concat(wrong, doubles(e), toldTwice(e.Timeline), unfinished(e)))
}

func wrongIn(e journey.Evidence, wrong []string) error {
	if len(wrong) == 0 {
		return nil
	}
	return fmt.Errorf("%s\nthe timeline:\n%s", strings.Join(wrong, "\n"), story(e))
}

// signature is what must be the same in every life of a plot: what it is about, and how often it was seen.
type signature map[string]int

// signatureOf reads a life's end.
func (p plot) signatureOf(e journey.Evidence) signature {
	s := signature{}
	s["order "+e.Order.GetState().String()]++
	s["order failure "+e.Order.GetFailure().GetCode().String()]++
	s["order waits for "+e.Order.GetWaiting().GetStepKey()]++
	if p.race {
		return s
	}
	s["transfer "+e.Transfer.GetState().String()]++
	for _, step := range e.Transfer.GetSteps() {
		s["step "+step.GetKey()+" "+step.GetState().String()]++
	}
	for _, i := range e.Transfer.GetInvitations() {
		s["invitation "+i.GetState().String()]++ // its attempt counts the sends that AWS never saw, too
	}
	for _, t := range e.AtAWS {
		s["at AWS "+t.GetStatus()]++
	}
	for _, f := range e.Timeline {
		switch f.GetName() {
		case "progressed": // an order that sees two steps of its transfer at once tells of one
		case "check_requested": // nobody need ask when the suite was to look just then anyway
			s[atMost+telling(f)]++
		default:
			s["told: "+telling(f)]++
		}
	}
	return s
}

// atMost begins what may be missing from another life.
const atMost = "told at most: "

// telling says what a fact is about, without what differs between two lives.
func telling(f *typev1.Event) string {
	return strings.TrimSpace(f.GetKind() + "." + f.GetName() + " " + f.GetDetails()["step"] + f.GetDetails()["step_key"])
}

// differences says what another life has more or less often.
func (s signature) differences(other signature) []string {
	all := maps.Clone(s)
	maps.Copy(all, other)
	var out []string
	for _, key := range slices.Sorted(maps.Keys(all)) {
		fewer := strings.HasPrefix(key, atMost) && other[key] < s[key]
		if s[key] != other[key] && !fewer {
			out = append(out, fmt.Sprintf("%s: %d times, undisturbed %d", key, other[key], s[key]))
		}
	}
	return out
}

// doubles finds effects that an order must not have twice, or not any more.
func doubles(e journey.Evidence) (wrong []string) {
	count := map[string]int{}
	for _, operation := range e.Effects {
		count[operation]++
	}
	for _, operation := range slices.Sorted(maps.Keys(count)) {
		if count[operation] > 1 {
			wrong = append(wrong, fmt.Sprintf("AWS carried out %s %d times", operation, count[operation]))
		}
	}
	if e.Orders != 1 {
		wrong = append(wrong, fmt.Sprintf("there are %d orders for one account", e.Orders))
	}
	if len(e.AtAWS) > 1 {
		wrong = append(wrong, fmt.Sprintf("AWS has %d invitations for one order", len(e.AtAWS)))
	}
	if ended := e.Order.GetEndTime() != nil; ended {
		for _, t := range e.AtAWS {
			if t.GetStatus() == "REQUESTED" || t.GetStatus() == "ACCEPTED" {
				wrong = append(wrong, "the order has ended, and AWS has an invitation that is "+t.GetStatus())
			}
		}
	}
	return wrong
}

// toldTwice finds facts that stand twice at the same place of an aggregate's history.
func toldTwice(timeline []*typev1.Event) (wrong []string) {
	seen := map[string]bool{}
	for _, f := range timeline {
		place := fmt.Sprintf("%s revision %d, fact %d", f.GetAggregateId(), f.GetRevision(), f.GetOrdinal())
		if seen[place] {
			wrong = append(wrong, "told twice: "+place+" "+telling(f))
		}
		seen[place] = true
	}
	return wrong
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
