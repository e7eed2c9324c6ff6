package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"example.com/handover/deploy/journey"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

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
	s.outside(e)
	s.told(e)
	return s
}

// outside is what others hold of the life.
func (s signature) outside(e journey.Evidence) {
	for _, t := range e.AtAWS {
		s["at AWS "+t.GetStatus()]++
	}
	s["billing groups"] += len(e.Contract.GetBillingGroups())
	s["relationships"] += len(e.Contract.GetRelationships())
	for _, t := range e.Contract.GetServiceTerms() {
		s["service term "+t.GetStatus()]++
	}
	for _, r := range e.Records {
		if !discarded(r) {
			s["record in state "+r.GetFields()["state"]]++
		}
	}
	for _, l := range e.Letters {
		state := l.GetState()
		if state == notificationsv1.NotificationState_NOTIFICATION_STATE_UNCERTAIN {
			state = notificationsv1.NotificationState_NOTIFICATION_STATE_SENT // whether it may be is said elsewhere
		}
		s["mail "+l.GetTemplateKey()+" "+state.String()]++
	}
	for _, r := range e.Reminders {
		s["reminder "+r.GetTemplateKey()+" "+r.GetState().String()]++
	}
	for _, i := range e.Invoices {
		s[fmt.Sprintf("invoice %s of %s: %s %s, %d lines, %s", i.GetNumber(), monthOf(i), i.GetTotal().GetAmount(),
			i.GetTotal().GetCurrencyCode(), len(i.GetLines()), i.GetState())]++
	}
}

func (s signature) told(e journey.Evidence) {
	for _, f := range e.Timeline {
		switch telling(f) {
		case "order.progressed": // an order that sees two steps of its transfer at once tells of one
		case "order.check_requested", "transfer.check_requested": // nobody need ask when the suite was to look just then anyway
			s[atMost+telling(f)]++
		case "notification.uncertain":
			s["told: notification.sent"]++
		default:
			s["told: "+telling(f)]++
		}
	}
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
