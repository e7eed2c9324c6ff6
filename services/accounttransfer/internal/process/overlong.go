package process

import (
	"maps"
	"slices"
	"time"

	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
)

// The mail that reminds Operations of a wait, and its schedule.
const (
	overlongMail = "escalation-operations"
	overlongPlan = "operations-escalation"
	operations   = "OPERATIONS"
)

// Overlong is the case of a wait that takes longer than planned, and the mails that remind Operations of it until it ends. The key
// is the wait's own while it lasts.
func (w *Waiting) Overlong(key string, title text.Text, accountID string, since time.Time) []intent.Wish {
	params := []string{
		"about", title.Key, "account_id", accountID, "since", since.Format(time.RFC3339), "who", "party." + string(w.Owner),
		"act", w.Text.Key + ".what",
	}
	for _, name := range slices.Sorted(maps.Keys(w.Text.Params)) {
		params = append(params, name, w.Text.Params[name])
	}
	return Alert("escalated/"+key, intent.Wish{
		Kind: intent.Case, Name: "TRANSFER_PROBLEM", Title: text.New("case.overlong.title", params...),
		Body: text.New("case.overlong.body", params...), Resolved: text.New("case.overlong.over"),
	}, w.Text)
}

// Alert is a case, and the mails that remind Operations of it until it is over; where names the place at which it is mended.
func Alert(key string, opened intent.Wish, where text.Text) []intent.Wish {
	opened.Key = "case/" + key
	reminds := intent.Wish{
		Key: "remind/" + key, Kind: intent.Reminder, Name: overlongMail, Plan: overlongPlan, To: operations,
		Title: opened.Title, Body: opened.Body, Where: where,
	}
	return []intent.Wish{opened, reminds}
}
