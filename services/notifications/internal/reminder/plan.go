package reminder

import (
	"slices"
	"time"

	"example.com/handover/pkg/errs"
)

const day = 24 * time.Hour

// Plan is when mails go out, counted from the start of a reminder. A reminder copies its times, so that a changed plan
// changes no reminder that runs.
type Plan struct {
	Key         string          // "plan.<key>" are the words for it
	After       []time.Duration // ascending
	Every       time.Duration   // after the last of these, again and again; 0: no more
	BeforeUntil []time.Duration // mails before the end of a reminder that has one
	Limit       int             // most mails
}

// Plans returns all plans.
func Plans() []Plan {
	return []Plan{
		{
			Key:   "customer-action",
			After: []time.Duration{2 * day, 4 * day}, Every: 3 * day, BeforeUntil: []time.Duration{day}, Limit: 20,
		},
		{
			Key:   "customer-blocked",
			After: []time.Duration{0, 3 * day}, Every: 7 * day, BeforeUntil: []time.Duration{day}, Limit: 20,
		},
		{
			Key:   "order-draft",
			After: []time.Duration{day, 3 * day, 7 * day}, Every: 7 * day, Limit: 8,
		},
		{
			Key:   "operations-escalation",
			After: []time.Duration{0, day, 3 * day}, Every: 7 * day, Limit: 50,
		},
	}
}

// FindPlan refuses with PLAN_UNKNOWN.
func FindPlan(key string) (Plan, error) {
	plans := Plans()
	i := slices.IndexFunc(plans, func(p Plan) bool { return p.Key == key })
	if i < 0 {
		return Plan{}, errs.InvalidField("plan_key", ReasonPlanUnknown, "there is no plan %q", key)
	}
	return plans[i], nil
}

// Times returns when mails go out, ascending: after start, before until where that is set, at most Limit. Those that
// are counted from until come first when there are too many, and no other goes out within a day of one.
func (p Plan) Times(start, until time.Time) []time.Time {
	var last []time.Time
	for _, d := range p.BeforeUntil {
		if at := until.Add(-d); !until.IsZero() && at.After(start) && len(last) < p.Limit {
			last = append(last, at)
		}
	}
	times := slices.Clone(last)
	for i := 0; len(times) < p.Limit; i++ {
		after, more := p.after(i)
		at := start.Add(after)
		if !more || !until.IsZero() && !at.Before(until) {
			break
		}
		if !slices.ContainsFunc(last, func(l time.Time) bool { return at.Sub(l).Abs() < day }) {
			times = append(times, at)
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	return slices.Compact(times)
}

// after is when the i-th mail goes out, from 0; false when there is none.
func (p Plan) after(i int) (time.Duration, bool) {
	switch n := len(p.After); {
	case i < n:
		return p.After[i], true
	case p.Every == 0:
		return 0, false
	case n == 0:
		return time.Duration(i+1) * p.Every, true
	default:
		return p.After[n-1] + time.Duration(i-n+1)*p.Every, true
	}
}
