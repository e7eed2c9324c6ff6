package payer

import (
	"maps"
	"slices"
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
)

// Untold is a connection that a sweep could not bring to what AWS says of it. It keeps no other from being told, and the sweep from being
// recorded; it has a case, and is tried again every hour.
type Untold struct {
	ConnectionID string    `json:"connection_id"`
	Reason       string    `json:"reason"` // of the newest try
	Since        time.Time `json:"since"`  // when AWS was last listed before all was told: what it knows of the connection is as old
	FoundAt      time.Time `json:"found_at"`
}

// NotTold notes which connections a sweep could not bring to what AWS says, by their ids, and why; before is when AWS was listed the time
// before. Those that it could are settled.
func NotTold(p *Payer, failed map[string]string, before, now time.Time) (facts []fact.Fact) {
	var all []Untold
	for _, u := range p.Untold {
		if reason, still := failed[u.ConnectionID]; still {
			u.Reason = reason
			all = append(all, u)
			continue
		}
		facts = append(facts, fact.Fact{Name: FactConnectionTold, Audience: fact.Operator}.With("connection_id", u.ConnectionID))
	}
	for _, id := range slices.Sorted(maps.Keys(failed)) {
		if !slices.ContainsFunc(all, func(u Untold) bool { return u.ConnectionID == id }) {
			all = append(all, Untold{ConnectionID: id, Reason: failed[id], Since: before, FoundAt: now})
			told := fact.Fact{Name: FactConnectionUntold, Audience: fact.Operator}.With("connection_id", id)
			facts = append(facts, fact.Because(told, failed[id]))
		}
	}
	if p.Untold = all; len(all) > 0 {
		p.SweepAt = now.Add(deniedBeat)
	}
	return facts
}

// UntoldSince is when AWS was listed for the last time before a connection could not be told; the swept time for all others.
func UntoldSince(p *Payer, connectionID string, swept time.Time) time.Time {
	for _, u := range p.Untold {
		if u.ConnectionID == connectionID {
			return u.Since
		}
	}
	return swept
}

// untold are the cases of connections that could not be told.
func (p *Payer) untold() (wishes []intent.Wish) {
	for _, u := range p.Untold {
		params := []string{
			"connection_id", u.ConnectionID, "payer_id", p.ID, "reason", u.Reason, "since", u.FoundAt.Format(time.RFC3339),
		}
		wishes = append(wishes, intent.Wish{
			Key: "case/untold/" + u.ConnectionID + "@" + u.FoundAt.Format(time.RFC3339), Kind: intent.Case, Name: "BILLING_PROBLEM", Priority: "P2",
			Title: text.New("case.untold.title", params...), Body: text.New("case.untold.body", params...),
			Resolved: text.New("case.untold.over", params...),
		})
	}
	return wishes
}
