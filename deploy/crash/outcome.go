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

// outcome is what must be the same whenever a scenario is played: what was seen, and how often.
type outcome map[string]int

// outcomeOf reads a life's end.
func (s scenario) outcomeOf(e journey.Evidence) outcome {
	o := outcome{}
	o["order "+e.Order.GetState().String()]++
	o["order failure "+e.Order.GetFailure().GetCode().String()]++
	o["order waits for "+e.Order.GetWaiting().GetStepKey()]++
	if s.race {
		return o
	}
	o["transfer "+e.Transfer.GetState().String()]++
	for _, step := range e.Transfer.GetSteps() {
		o["step "+step.GetKey()+" "+step.GetState().String()]++
	}
	o["agreement "+e.Agreement.GetState().String()]++
	for _, c := range e.Connections {
		o["connection "+c.GetState().String()+" "+c.GetEndReason().String()]++
		for _, i := range c.GetInvitations() {
			o["invitation "+i.GetState().String()]++ // its attempt counts the sends that AWS never saw, too
		}
	}
	o.addOutside(e)
	o.addFacts(e)
	return o
}

// addOutside adds what others hold of the life.
func (o outcome) addOutside(e journey.Evidence) {
	for _, t := range e.AtAWS {
		o["at AWS "+t.GetStatus()]++
	}
	o["billing groups"] += len(e.Contract.GetBillingGroups())
	o["relationships"] += len(e.Contract.GetRelationships())
	for _, t := range e.Contract.GetServiceTerms() {
		o["service term "+t.GetStatus()]++
	}
	for _, r := range e.Records {
		if !discarded(r) {
			o["record in state "+r.GetFields()["state"]]++
		}
	}
	for _, m := range e.Mails {
		state := m.GetState()
		if state == notificationsv1.NotificationState_NOTIFICATION_STATE_UNCERTAIN {
			state = notificationsv1.NotificationState_NOTIFICATION_STATE_SENT // whether it may be is said elsewhere
		}
		o["mail "+m.GetTemplateKey()+" "+state.String()]++
	}
	for _, r := range e.Reminders {
		o["reminder "+r.GetTemplateKey()+" "+r.GetState().String()]++
	}
	for _, i := range e.Invoices {
		o[fmt.Sprintf("invoice %s of %s: %s %s, %d lines, %s", i.GetNumber(), monthOf(i), i.GetTotal().GetAmount(),
			i.GetTotal().GetCurrencyCode(), len(i.GetLines()), i.GetState())]++
	}
}

// addFacts adds what was recorded.
func (o outcome) addFacts(e journey.Evidence) {
	for _, f := range e.Timeline {
		switch factName(f) {
		case "order.progressed": // an order that sees two steps of its transfer at once tells of one
		case "order.check_requested", "connection.check_requested": // it need not be asked when the suite was to look just then anyway
			o[atMost+factName(f)]++
		case "notification.uncertain":
			o["recorded: notification.sent"]++
		case "notification.settled": // of a mail that may not have arrived, once what it asked for is over
		default:
			o["recorded: "+factName(f)]++
		}
	}
}

// atMost begins what another life may have less often.
const atMost = "recorded at most: "

// factName names a fact and the step it is about, without what differs between two lives.
func factName(f *typev1.Event) string {
	return strings.TrimSpace(f.GetKind() + "." + f.GetName() + " " + f.GetDetails()["step"] + f.GetDetails()["step_key"])
}

// differences says what another life has more or less often.
func (o outcome) differences(other outcome) []string {
	all := maps.Clone(o)
	maps.Copy(all, other)
	var out []string
	for _, key := range slices.Sorted(maps.Keys(all)) {
		fewer := strings.HasPrefix(key, atMost) && other[key] < o[key]
		if o[key] != other[key] && !fewer {
			out = append(out, fmt.Sprintf("%s: %d times, undisturbed %d", key, other[key], o[key]))
		}
	}
	return out
}
