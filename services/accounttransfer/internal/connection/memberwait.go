package connection

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
	"example.com/handover/services/accounttransfer/internal/process"
)

// Joined reports whether every account of a membership is a member of the payer's organization, and there is one. One that has left, or
// is closed, is to be decided on while the journey is under way, or acknowledged: taken out, one that is closed stays listed and keeps
// nobody waiting.
func Joined(c *Connection) bool {
	n := 0
	for _, m := range c.Members {
		decided := (m.State == MemberLeft || m.State == MemberClosed) && m.Noted != "" || m.State == MemberClosed && m.Removed != ""
		if m.heldBy(c) && m.State != MemberJoined && !decided {
			return false
		}
		if m.State == MemberJoined {
			n++
		}
	}
	return n > 0
}

// tried reports whether AWS was asked for an invitation of every account, whatever it answered.
func tried(c *Connection) bool {
	untried := func(m Member) bool { return m.State == MemberPrepared && m.Attempt == 0 && m.Error == nil }
	return len(Accounts(c)) > 0 && !slices.ContainsFunc(c.Members, untried)
}

// membersReport says what is known of a condition of a membership.
func membersReport(c *Connection, r *process.Report) {
	if c.Basis != Membership {
		return
	}
	switch r.Condition {
	case MembersInvited:
		r.Met = tried(c)
	case MembersJoined:
		if r.Met = Joined(c); !r.Met && tried(c) {
			r.Until = answerBy(c)
			if ws := memberProblems(c); len(ws) > 0 {
				r.Until, r.Wait = time.Time{}, ws[0].shown(c)
			}
		}
	}
}

// answerBy is when the first of the invitations expires that are to be answered; zero: none is.
func answerBy(c *Connection) (first time.Time) {
	for _, m := range c.Members {
		if m.State == MemberInvited && (first.IsZero() || m.ExpiresAt.Before(first)) {
			first = m.ExpiresAt
		}
	}
	return first
}

// InvitedAt is when AWS received the newest of the invitations that are to be answered; zero: none is.
func InvitedAt(c *Connection) (newest time.Time) {
	for _, m := range c.Members {
		if m.State == MemberInvited {
			newest = latest(newest, m.InvitedAt)
		}
	}
	return newest
}

// Answering are the accounts that are to answer an invitation.
func Answering(c *Connection) []string {
	return inState(c, MemberInvited)
}

// shown is the wait as a reader sees it, with its escalation.
func (w *wait) shown(c *Connection) *process.Waiting {
	shown := w.Waiting
	if shown.Escalated = w.told(c); !shown.Escalated && w.Limit > 0 {
		shown.EscalateAt = w.Since.Add(w.Limit)
	}
	return &shown
}

// told reports whether Operations was told of a wait: at once of what only it can mend.
func (w *wait) told(c *Connection) bool {
	return w.Owner == process.Reseller || toldOf(c, w) != ""
}

// memberProblems are the waits for whoever must mend that an account does not join, what Operations alone can do first. Accounts
// with the same problem have one wait.
func memberProblems(c *Connection) []wait {
	if c.Basis != Membership || c.State == Ended || c.State == Ending {
		return nil
	}
	var all []wait
	for i := range c.Members {
		m := &c.Members[i]
		owner, told := m.problem(c)
		if told.IsZero() {
			continue
		}
		at := slices.IndexFunc(all, func(w wait) bool { return w.Name == told.Key })
		if at < 0 {
			all = append(all, wait{Wait: *process.NewWait(owner, told, told.Key, m.RespondedAt, c.Policy.EscalateIn)})
			at = len(all) - 1
		} else if m.RespondedAt.Before(all[at].Since) {
			all[at].Since = m.RespondedAt
		}
		w := &all[at]
		w.accounts, w.newest = append(w.accounts, m.AccountID), latest(w.newest, m.RespondedAt)
		w.Text = told.With("accounts", strings.Join(w.accounts, ", "))
	}
	slices.SortStableFunc(all, func(a, b wait) int { return cmp.Compare(urgency(a.Owner), urgency(b.Owner)) })
	return all
}

func urgency(p process.Party) int {
	return slices.Index([]process.Party{process.Reseller, process.Customer, process.AWS}, p)
}

// problem is what keeps an account from joining, or from leaving the transfer; zero: nothing but its answer.
func (m *Member) problem(c *Connection) (process.Party, text.Text) {
	operations := func(key string, params ...string) (process.Party, text.Text) {
		return process.Reseller, text.New("wait."+key, params...)
	}
	switch {
	case m.State == MemberJoined && m.Removed != "":
		return operations("member-unwanted")
	case m.cancelled(c) && m.CancelError != "":
		return operations("member-not-cancelled", "reason", m.CancelError)
	case m.departed(c):
		return process.Reseller, m.departure(c)
	case m.leavesNobody(c):
		return operations("member-none")
	case !c.JourneyEndedAt.IsZero(), c.Stopped, m.Removed != "", m.Again:
	case m.State == MemberPrepared && m.Error != nil:
		return m.Error.Owner, m.Error.Remedy
	case m.State == MemberDeclined:
		return operations("member-declined")
	case m.State == MemberExpired:
		return operations("member-expired")
	}
	return "", text.Text{}
}

// memberWait is what a membership waits for; nil: for nobody outside.
func memberWait(c *Connection) *wait {
	if problems := memberProblems(c); len(problems) > 0 {
		return &problems[0]
	}
	until := answerBy(c)
	if until.IsZero() {
		return nil
	}
	answer := process.NewWait(process.Customer, text.New("step.accept-transfer-request"), "members", InvitedAt(c), c.Policy.EscalateIn)
	answer.Until = until
	return &wait{Wait: *answer}
}

// The mail by which a customer is told what only it can mend, and its schedule.
const (
	blockedMail = "action-needed"
	blockedPlan = "customer-blocked"
)

// memberWishes are the cases and mails of what keeps accounts from joining: Operations has a case at once of what it alone can mend and
// of what takes too long, another one when another account comes to it, and the customer a mail of what it can.
func memberWishes(c *Connection) (wishes []intent.Wish) {
	wishes = append(departures(c), suspensions(c)...)
	for _, w := range memberProblems(c) {
		first := memberOf(c, w.accounts[0])
		if w.told(c) && (first == nil || !first.departed(c)) {
			params := append([]string{"act", w.Text.Key + ".what", "accounts", strings.Join(w.accounts, ", "), "since", stamp(w.Since)},
				"reason", w.Text.Params["reason"])
			wishes = append(wishes, process.Alert("members/"+w.Name+"@"+stamp(w.newest), intent.Wish{
				Kind: intent.Case, Name: "TRANSFER_PROBLEM", Title: text.New("case.members.title", params...),
				Body: text.New("case.members.body", params...), Resolved: text.New("case.members.over"),
			}, w.Text)...)
		}
		if w.Owner != process.Customer {
			continue
		}
		for _, account := range w.accounts {
			m := memberOf(c, account)
			wishes = append(wishes, intent.Wish{
				Key: "remind/member/" + account + "/" + m.Error.Reason, Kind: intent.Reminder, Name: blockedMail, Plan: blockedPlan,
				To: "TECHNICAL", Params: map[string]string{"account_id": account},
				Title: m.Error.Text, Body: text.New(w.Text.Key+".what", "accounts", account), Where: w.Text,
			})
		}
	}
	return wishes
}
