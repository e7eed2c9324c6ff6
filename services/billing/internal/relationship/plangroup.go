package relationship

import (
	"slices"
	"strings"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/fact"
)

// Grouped is the support plan group that an account has from a month on.
type Grouped struct {
	AccountID string         `json:"account_id"`
	Group     string         `json:"group"`         // one of the contract's; empty: none any more
	From      calendar.Month `json:"from,omitzero"` // zero: from the beginning
}

// planned is the support plan that an account has from a month on.
type planned struct {
	Plan string         `json:"plan"`
	From calendar.Month `json:"from,omitzero"` // zero: from the beginning
}

// Requested is an account that was made on request, as AccountTransfer knows it.
type Requested struct {
	AccountID string    `json:"account_id"`
	Ready     bool      `json:"ready,omitempty"` // its first plan is settled: another one is a change
	Groups    []Grouped `json:"groups,omitempty"`
	Plans     []planned `json:"plans,omitempty"`
}

// Reported is what an account request shows of its account.
type Reported struct {
	AccountID, Group, Plan string
	Ready                  bool
}

// Supported is the buyer with what an account request shows at an instant. Until its account is ready the group and the plan hold
// from the beginning, for whoever comes late to say them says what holds; others hold from the month in which they are reported.
func (b Buyer) Supported(seen Reported, at time.Time) Buyer {
	b.Requests = slices.Clone(b.Requests)
	i := slices.IndexFunc(b.Requests, func(r Requested) bool { return r.AccountID == seen.AccountID })
	if i < 0 {
		i, b.Requests = len(b.Requests), append(b.Requests, Requested{AccountID: seen.AccountID})
	}
	r := &b.Requests[i]
	if n := len(r.Groups); seen.Group != "" && (n == 0 || r.Groups[n-1].Group != seen.Group) {
		g := Grouped{AccountID: seen.AccountID, Group: seen.Group}
		if r.Ready && n > 0 {
			g.From = calendar.MonthOf(at)
			r.Groups = put(r.Groups, g)
		} else {
			r.Groups = []Grouped{g} // in the place of one that was set by mistake
		}
	}
	n := len(r.Plans)
	switch {
	case seen.Plan == "" || n > 0 && r.Plans[n-1].Plan == seen.Plan:
	case n > 0 && r.Ready:
		r.Plans = append(slices.Clone(r.Plans), planned{seen.Plan, calendar.MonthOf(at)})
	default:
		r.Plans = []planned{{Plan: seen.Plan}}
	}
	r.Ready = r.Ready || seen.Ready
	return b
}

// put adds a group in the place of that of the same account and month.
func put(all []Grouped, g Grouped) []Grouped {
	all = slices.DeleteFunc(slices.Clone(all), func(o Grouped) bool { return o.AccountID == g.AccountID && o.From == g.From })
	return append(all, g)
}

// SetGroup sets the support plan group of an account from a month on; an empty one takes it away.
func (r *Relationship) SetGroup(g Grouped) ([]fact.Fact, error) {
	if slices.Contains(r.Groups, g) {
		return nil, nil
	}
	r.Groups = put(r.Groups, g)
	return []fact.Fact{fact.Internally(tell(FactSupportGroupSet, "account_id", g.AccountID, "support_plan_group", g.Group))}, nil
}

// Support is what is known of an account's support in a month.
type Support struct {
	AccountID, Group, Plan string
	Changed                bool // the plan has changed in the month
	Awaited                bool // it was made on request
}

// SupportIn returns what is known of the accounts in a month, by their numbers. What Operations has set for the relationship comes before
// what the request of the account says.
func (r *Relationship) SupportIn(m calendar.Month, buyer *Buyer) []Support {
	all := map[string]Support{}
	if buyer != nil {
		for _, q := range buyer.Requests {
			s := Support{AccountID: q.AccountID, Awaited: true, Group: newest(q.Groups, q.AccountID, m, "")}
			for i, p := range q.Plans {
				if p.From.Compare(m) <= 0 {
					s.Plan, s.Changed = p.Plan, i > 0 && p.From == m
				}
			}
			if !q.Ready {
				s.Plan = "" // until it is confirmed AWS may show any
			}
			all[q.AccountID] = s
		}
	}
	for _, g := range r.Groups {
		s := all[g.AccountID]
		s.AccountID, s.Group = g.AccountID, newest(r.Groups, g.AccountID, m, s.Group)
		all[g.AccountID] = s
	}
	out := make([]Support, 0, len(all))
	for _, s := range all {
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b Support) int { return strings.Compare(a.AccountID, b.AccountID) })
	return out
}

// newest is the group that an account has in a month; another one where nothing is said of it.
func newest(all []Grouped, accountID string, m calendar.Month, other string) string {
	group, from, found := other, calendar.Month{}, false
	for _, g := range all {
		if g.AccountID == accountID && g.From.Compare(m) <= 0 && (!found || g.From.Compare(from) >= 0) {
			group, from, found = g.Group, g.From, true
		}
	}
	return group
}
