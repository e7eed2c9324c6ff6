package accountrequest

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
	"example.com/handover/services/accounttransfer/internal/process"
)

// keyReview is the wish for the case in which the request is reviewed.
const keyReview = "case/review"

// The people of the customer, by what they are for, and the plan of reminders.
const (
	primary       = "PRIMARY"
	technical     = "TECHNICAL"
	customersPlan = "customer-action"
	console       = "https://console.aws.amazon.com"
)

// Wanted is the set of mails, reminders and cases that a request wants as it is now. The mail that it has come (NTF-007, NTF-008)
// says so where information may come by mail.
func (r *Request) Wanted() []intent.Wish {
	wishes := []intent.Wish{r.mail("received", "account-request-received", r.params("inbox", r.Inbox))}
	wishes = append(wishes, r.cases()...)
	switch r.State {
	case InfoRequested:
		wishes = append(wishes, r.remindInformation())
	case FollowUp:
		wishes = append(wishes, r.remindFollowUp()...)
	case Rejected, Cancelled:
		wishes = append(wishes, r.mail("ended", "account-request-ended", r.params("reason", r.EndReason)))
	case Routed, InReview, Approved, Creating:
	case Ready:
		wishes = append(wishes, r.mail("ready", "account-ready", r.params("account_id", r.AccountID)))
	}
	if r.Decision != nil && r.Decision.Approved {
		wishes = append(wishes, r.mail("approved", "account-request-approved", r.params()))
	}
	if w := r.wait(); w != nil && r.Overlong == w.Key() && r.Intents.Denied().IsZero() {
		wishes = append(wishes, w.Overlong(w.Key(), text.New("title.account-request"), r.AccountID, w.Since)...)
	}
	return wishes
}

// again is the key of a reminder, which is another one when other people are asked.
func (r *Request) again(key string) string {
	if r.Replaced == 0 {
		return key
	}
	return key + "/" + strconv.Itoa(r.Replaced)
}

func (r *Request) mail(key, template string, params map[string]string) intent.Wish {
	return intent.Wish{Key: "mail/" + key, Kind: intent.Mail, Name: template, To: cmp.Or(r.ContactID, primary), Params: params}
}

// params are those that all mails have, and more, without those that are empty.
func (r *Request) params(more ...string) map[string]string {
	all := map[string]string{"customer": r.CustomerName, "nickname": r.Nickname}
	for i := 0; i+1 < len(more); i += 2 {
		if more[i+1] != "" {
			all[more[i]] = more[i+1]
		}
	}
	return all
}

// remindInformation asks for what is missing until it comes (XFR-NA-13, NTF-009).
func (r *Request) remindInformation() intent.Wish {
	q := r.Open()
	return intent.Wish{
		Key: r.again("remind/information/" + stamp(q.AskedAt)), Kind: intent.Reminder, Name: "account-request-information", Plan: customersPlan,
		To: cmp.Or(r.ContactID, primary), Where: r.information(), At: q.AskedAt, Until: r.answerBy(),
		Params: r.params("question", q.Text, "due", stamp(r.answerBy()), "refused", q.Reason),
	}
}

// remindFollowUp reminds the root owner, and whoever the request is talked about with, of what is still to be done after the creation
// (XFR-NA-18 … XFR-NA-22, NTF-011). What was done meanwhile makes another reminder.
func (r *Request) remindFollowUp() []intent.Wish {
	open := r.open()
	var params []string
	for _, check := range open {
		switch check {
		case checkRoot:
			params = append(params, "root_access", console)
		case checkRole:
			params = append(params, "role", r.Role.ExternalID, "url", r.Role.DeployURL)
		case checkPlan:
			params = append(params, "support_plan", string(r.Plan))
		}
	}
	if len(params) == 0 {
		return nil // what is left is the reseller's own
	}
	refused := r.Role.State == RoleNotAssumable || r.Role.State == RoleExternalIDMissing
	params = append(params, "account_id", r.AccountID)
	key := r.again("remind/follow-up/" + strings.Join(open, "+"))
	if refused {
		params = append(params, "role_problem", r.Role.ARN)
		key += "/" + string(r.Role.State)
	}
	reminder := func(key, to string) intent.Wish {
		return intent.Wish{
			Key: key, Kind: intent.Reminder, Name: "account-follow-up", Plan: customersPlan, To: to, Params: r.params(params...),
		}
	}
	owner, contact := cmp.Or(r.RootOwnerID, technical), cmp.Or(r.ContactID, primary)
	all := []intent.Wish{reminder(key, owner)}
	if !reachedBy(r, owner, contact) { // who is both gets one mail
		all = append(all, reminder(key+"/contact", contact))
	}
	return all
}

// cases are those that Operations works on: the review (XFR-NA-11), a creation that only Operations can mend, and the support plan
// group.
func (r *Request) cases() []intent.Wish {
	var all []intent.Wish
	params := []string{
		"customer", r.CustomerName, "nickname", r.Nickname, "region", r.Region, "group", r.Reviewers, "request_id", r.ID,
		"account_id", r.AccountID,
	}
	opened := func(key, words, priority string, more ...string) {
		p := append(append([]string(nil), params...), more...)
		all = append(all, intent.Wish{
			Key: key, Kind: intent.Case, Name: "ACCOUNT_REQUEST", Priority: priority,
			Title: text.New(words+".title", p...), Body: text.New(words+".body", p...), Resolved: text.New(words+".over", p...),
		})
	}
	if r.Decision == nil && !r.State.Ended() {
		opened(keyReview, "case.account-review", "P3")
	}
	if r.Replaced > 0 && !r.State.Ended() {
		opened("case/contact/"+strconv.Itoa(r.Replaced), "case.account-contact", "P3")
	}
	if r.State == Approved && r.Placement == StandAlone {
		opened("case/sign-up", "case.account-sign-up", "P3")
	}
	if f := r.Creation.Failure; f != nil && r.State == Creating && f.Owner == process.Reseller {
		opened("case/creation/"+f.Reason, "case.account-creation", "P2", "reason", f.Reason, "says", f.Says().Key, "act", f.Remedy().Key+".what")
	}
	if r.State == FollowUp && r.PlanGroup == "" {
		opened("case/plan-group", "case.account-plan-group", "P3", "since", r.Since.Format(time.RFC3339))
	}
	return all
}
