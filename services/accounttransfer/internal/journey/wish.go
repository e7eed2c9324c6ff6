package journey

import (
	"cmp"
	"strings"
	"time"

	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/contract"
	"example.com/handover/services/accounttransfer/internal/journey/templates"
	"example.com/handover/services/accounttransfer/internal/process"
)

// reminderPlan is the schedule by which customers are reminded of their steps.
const reminderPlan = "customer-action"

// blockedPlan is the schedule by which they are told what only they can mend: at once, too.
const blockedPlan = "customer-blocked"

// stacksURL is where the customer deploys the role when there is no page that does it with one click.
const stacksURL = "https://us-east-1.console.aws.amazon.com/cloudformation/home?region=us-east-1"

// Wanted is the set of reminders and cases that the transfer wants as it is now: the customer is reminded of its open steps
// (NTF-001), open issues have a case, and what takes longer than planned has one, of which Operations is reminded.
func (t *Transfer) Wanted() []intent.Wish {
	var wishes []intent.Wish
	if t.underWay() {
		for i := range t.Steps {
			switch s := &t.Steps[i]; {
			case t.reminds(s) && unsafe(s):
				wishes = append(wishes, needed(t, s, unsafeFailure().Text, s.Told))
			case t.reminds(s):
				wishes = append(wishes, t.reminder(s))
			case s.State == process.Broken && s.Blocked.Owner == process.Customer:
				wishes = append(wishes, needed(t, s, s.Failure.Text, s.Blocked.Text))
			}
		}
	}
	for _, i := range t.Issues {
		wishes = append(wishes, t.issue(i))
	}
	for _, o := range t.overlong() {
		wishes = append(wishes, o.Overlong(o.key, o.title, t.AccountID, o.since)...)
	}
	return wishes
}

// reminds reports whether the customer is to be reminded of a step now. Of a service term not before its own mail is there, and of
// invitations only while some are to be answered.
func (t *Transfer) reminds(s *process.Step) bool {
	switch s.Condition {
	case connection.TermAccepted:
		if t.Details.TermSeenAt.IsZero() {
			return false
		}
	case connection.MembersJoined:
		if t.Details.InvitedAt.IsZero() {
			return false
		}
	}
	return s.State == process.Open && s.Owner == process.Customer && s.ReminderTemplate != ""
}

// reminder is what the customer is told of a step. Its key changes with what it tells, so that it is planned anew then.
func (t *Transfer) reminder(s *process.Step) intent.Wish {
	w := intent.Wish{
		Key: "remind/" + s.Key + "/" + number(s.Round), Kind: intent.Reminder, Name: s.ReminderTemplate, Plan: reminderPlan,
		To: "TECHNICAL", At: s.OpenedAt, Until: s.DueAt, Params: map[string]string{},
	}
	if !s.AsksAccount {
		w.Params["account_id"] = t.AccountID
	}
	if s.AsksAccount || s.Condition == connection.InvitationAccepted {
		w.Where = s.Instruction()
	}
	d := t.Details
	switch {
	case t.Kind == templates.Membership && s.OnOverdue == process.Skips:
		w.Params = map[string]string{"order_id": cmp.Or(t.OrderID, t.ID), "due": stamp(s.DueAt)}
	case t.Kind == templates.Membership:
		w.Params, w.Where = map[string]string{"accounts": strings.Join(d.Answering, ", ")}, s.Instruction()
		w.At = d.InvitedAt
		w.Key += "/" + d.InvitedAt.Format(time.DateOnly) // another invitation begins another reminder
	case s.AsksAccount:
		w.Params["order_id"] = cmp.Or(t.OrderID, t.ID)
	case s.Condition == connection.InvitationAccepted:
		w.Params["accept_by"], w.Params["start"] = stamp(d.AcceptBy), stamp(d.Start)
		w.Until = d.AcceptBy
		w.Key += "/" + d.AcceptBy.Format(time.DateOnly)
	case s.Condition == connection.TermAccepted:
		w.Params["months"] = number(d.Cycles)
		w.At = d.TermSeenAt.Add(contract.MailTakes) // its own mail is not there before
		w.Key += "/" + d.TermSeenAt.Format(time.DateOnly)
	case s.Condition == connection.RoleDeployed:
		w.Params["external_id"], w.Params["url"] = t.ID, cmp.Or(d.DeployURL, stacksURL)
		if !s.DueAt.IsZero() {
			w.Params["due"] = stamp(s.DueAt)
		}
	}
	return w
}

// needed is what the customer is told of what it alone can mend: what is wrong, and what is to be done where.
func needed(t *Transfer, s *process.Step, wrong, mend text.Text) intent.Wish {
	w := intent.Wish{
		Key: "remind/" + s.Key + "/" + number(s.Round) + "/" + mend.Key, Kind: intent.Reminder, Name: "action-needed",
		Plan: blockedPlan, To: "TECHNICAL", Params: map[string]string{"account_id": t.AccountID},
		Title: wrong, Body: text.New(mend.Key+".what", pairs(mend.Params)...), Where: mend,
	}
	if s.OnOverdue == process.Ends && !s.Overdue && !s.DueAt.IsZero() {
		w.Until, w.Params["due"] = s.DueAt, stamp(s.DueAt)
	}
	return w
}

// issue is the case in which people follow an open issue.
func (t *Transfer) issue(i Issue) intent.Wish {
	params := []string{"account_id", t.AccountID, "external_id", t.ID}
	w := intent.Wish{
		Key: "case/" + string(i), Kind: intent.Case, Name: "ROLES_MISSING",
		Title: text.New("case.ROLES_MISSING.title", params...), Body: text.New("case.ROLES_MISSING.body", params...),
		Resolved: text.New("case.role-over"),
	}
	switch i {
	case RolesMissing:
		if t.SupportModel == PartnerLed && t.State == Completed {
			w.Key, w.Priority = w.Key+"/needed", "P2"
			w.Title, w.Body = text.New("case.ROLES_NEEDED.title", params...), text.New("case.ROLES_NEEDED.body", params...)
		}
	case RoleUnsafe:
		w.Priority, w.Title, w.Body = "P2", text.New("case.ROLE_UNSAFE.title", params...), text.New("case.ROLE_UNSAFE.body", params...)
	case RoleLost:
		w.Title, w.Body = text.New("case.ROLE_LOST.title", params...), text.New("case.ROLE_LOST.body", params...)
	case RoleLimited:
		w.Title, w.Body = text.New("case.ROLE_LIMITED.title", params...), text.New("case.ROLE_LIMITED.body", params...)
	case TermRefused:
		w.Name, w.Resolved = "TRANSFER_PROBLEM", text.New("case.TERM_REFUSED.over")
		w.Title, w.Body = text.New("case.TERM_REFUSED.title", params...), text.New("case.TERM_REFUSED.body", params...)
	}
	return w
}
