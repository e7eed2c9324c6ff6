package transfer

import (
	"cmp"
	"time"

	"example.com/handover/pkg/fact"
)

// Reminder is what reminds the customer of an open step (NTF-001). It lives as long as the step is open as it was: what
// it tells of is fixed when it is planned.
type Reminder struct {
	ID      string   `json:"id"`                // chosen before notifications is asked
	Planned bool     `json:"planned,omitempty"` // notifications has it
	Over    bool     `json:"over,omitempty"`    // the step was begun anew since
	Plan    Patience `json:"plan,omitzero"`
	Stop    Patience `json:"stop,omitzero"`
}

// ReminderWish is what notifications is asked to plan.
type ReminderWish struct {
	ID       string
	Template string
	Params   map[string]string
	Start    time.Time // the schedule counts from it
	Until    time.Time // no mail at or after it; zero: the plan alone decides
}

// reminds reports whether the customer is to be reminded of a step now.
func (t *Transfer) reminds(s *Step) bool {
	switch {
	case !t.underWay(), s.State != Open, s.Owner != Customer, s.ReminderTemplate == "":
		return false
	case s.CompletedBy == TermAccepted:
		return t.pending() != nil
	}
	return true
}

// IntendReminder keeps the id of a step's reminder, before notifications is asked for it: the given one, or the one
// that was kept before. Refused when the step is not to be reminded of.
func (t *Transfer) IntendReminder(stepKey, id string) ([]fact.Fact, error) {
	s, err := t.Step(stepKey)
	switch {
	case err != nil:
		return nil, err
	case !t.wantsReminder(s):
		return nil, t.stateRefuses("reminded of")
	case s.Reminder == nil:
		s.Reminder = &Reminder{ID: id}
	}
	return nil, nil
}

func (t *Transfer) wantsReminder(s *Step) bool {
	r := s.Reminder
	return t.reminds(s) && (r == nil || !r.Planned && !r.Over)
}

// ReminderWish returns what to ask for a step whose reminder is intended. It stays the same while the step is open.
func (t *Transfer) ReminderWish(s *Step) ReminderWish {
	w := ReminderWish{ID: s.Reminder.ID, Template: s.ReminderTemplate, Params: map[string]string{}, Start: s.OpenedAt, Until: s.DueAt}
	if !s.AsksAccount {
		w.Params["account_id"] = t.SourceAccountID
	}
	switch inv, term := t.Current(), t.pending(); {
	case s.AsksAccount:
		w.Params["order_id"], w.Params["where"] = cmp.Or(t.OrderID, t.ID), s.Where
	case s.CompletedBy == InvitationAccepted && inv != nil:
		w.Params["accept_by"], w.Params["start"] = inv.AcceptBy.Format(time.RFC3339), inv.StartAt.Format(time.RFC3339)
		w.Params["where"] = s.Where
		w.Until = inv.AcceptBy
	case s.CompletedBy == TermAccepted && term != nil:
		w.Params["months"] = number(t.Policy.Cycles)
		w.Start = term.SeenAt.Add(mailTakes) // its own mail is not there before
	case s.CompletedBy == RoleDeployed && t.Role != nil:
		w.Params["external_id"], w.Params["url"] = t.ID, cmp.Or(t.Role.DeployURL, s.Where)
		if !s.DueAt.IsZero() {
			w.Params["due"] = s.DueAt.Format(time.RFC3339)
		}
	}
	return w
}

// ReminderPlanned notes that notifications has the reminder.
func (t *Transfer) ReminderPlanned(stepKey, id string) ([]fact.Fact, error) {
	s := t.reminded(stepKey, id)
	if s == nil || s.Reminder.Planned {
		return nil, nil
	}
	s.Reminder.Planned, s.Reminder.Plan = true, Patience{}
	return []fact.Fact{internally(tell(FactReminderPlanned, s.Title+": the customer is reminded.", "step", s.Key, "reminder_id", id))}, nil
}

// ReminderNotPlanned notes that notifications did not answer, or will not for now.
func (t *Transfer) ReminderNotPlanned(stepKey, id string, why Absence, now time.Time) ([]fact.Fact, error) {
	if s := t.reminded(stepKey, id); s != nil {
		s.Reminder.Plan.wait(why, now)
	}
	return nil, nil
}

// ReminderStopped notes that no mail of the reminder goes out any more.
func (t *Transfer) ReminderStopped(stepKey, id string) ([]fact.Fact, error) {
	s := t.reminded(stepKey, id)
	if s == nil {
		return nil, nil
	}
	planned := s.Reminder.Planned
	s.Reminder = nil
	if !planned {
		return nil, nil
	}
	return []fact.Fact{internally(tell(FactReminderStopped, s.Title+": the customer is no longer reminded.", "step", s.Key, "reminder_id", id))}, nil
}

// ReminderNotStopped notes that notifications did not answer.
func (t *Transfer) ReminderNotStopped(stepKey, id string, why Absence, now time.Time) ([]fact.Fact, error) {
	if s := t.reminded(stepKey, id); s != nil {
		s.Reminder.Stop.wait(why, now)
	}
	return nil, nil
}

// reminded returns the step that has this reminder; nil when it has another or none.
func (t *Transfer) reminded(stepKey, id string) *Step {
	if s, err := t.Step(stepKey); err == nil && s.Reminder != nil && s.Reminder.ID == id {
		return s
	}
	return nil
}

// reminderStops ends reminders that are no longer wanted: also after the end of the transfer.
func (t *Transfer) reminderStops() []timer {
	var timers []timer
	for i := range t.Steps {
		s := &t.Steps[i]
		if r := s.Reminder; r != nil && (r.Over || !t.reminds(s)) {
			timers = append(timers, timer{at: r.Stop.next(), kind: StopReminder, step: s, id: r.ID})
		}
	}
	return timers
}

// reminderPlans begins reminders that are wanted.
func (t *Transfer) reminderPlans() []timer {
	var timers []timer
	for i := range t.Steps {
		s := &t.Steps[i]
		if !t.wantsReminder(s) {
			continue
		}
		tm := timer{at: immediately, kind: PlanReminder, step: s}
		if s.Reminder != nil {
			tm.at, tm.id = s.Reminder.Plan.next(), s.Reminder.ID
		}
		timers = append(timers, tm)
	}
	return timers
}
