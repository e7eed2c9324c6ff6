package costexplorer

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/costexplorer"
	"github.com/aws/aws-sdk-go-v2/service/costexplorer/types"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/sim/aws/state"
)

const (
	day           = "2006-01-02"
	maxGroupBy    = 2
	monthsOfCosts = 14 // how far back costs can be asked for, this month included
)

// query is an input that has been understood.
type query struct {
	from, to   time.Time // the end is exclusive
	daily      bool
	metrics    []string
	dimensions []string // to group by
	keeps      func(state.Usage) bool
}

func parse(in *sdk.GetCostAndUsageInput, now time.Time) (query, error) {
	q := query{daily: in.Granularity == types.GranularityDaily, metrics: in.Metrics}
	switch {
	case in.Granularity != types.GranularityDaily && in.Granularity != types.GranularityMonthly:
		return q, invalid("Granularity %s is not supported here.", in.Granularity)
	case len(in.Metrics) == 0:
		return q, invalid("Metrics are required.")
	case len(in.GroupBy) > maxGroupBy:
		return q, invalid("GroupBy has more than %d dimensions.", maxGroupBy)
	}
	for _, m := range in.Metrics {
		if !slices.Contains(metrics(), m) {
			return q, invalid("%s is not a valid metric.", m)
		}
	}
	for _, g := range in.GroupBy {
		key := aws.ToString(g.Key)
		if g.Type != types.GroupDefinitionTypeDimension || !isDimension(key) || slices.Contains(q.dimensions, key) {
			return q, invalid("GroupBy %s %s is not supported here, or is there twice.", g.Type, key)
		}
		q.dimensions = append(q.dimensions, key)
	}
	if err := q.period(in.TimePeriod, now); err != nil {
		return q, err
	}
	var err error
	q.keeps, err = filter(in.Filter)
	return q, err
}

// period reads the dates.
func (q *query) period(p *types.DateInterval, now time.Time) error {
	if p == nil {
		return invalid("TimePeriod is required.")
	}
	var startErr, endErr error
	q.from, startErr = time.Parse(day, aws.ToString(p.Start))
	q.to, endErr = time.Parse(day, aws.ToString(p.End))
	month := calendar.MonthOf(now)
	switch {
	case startErr != nil || endErr != nil:
		return invalid("Dates have the form yyyy-MM-dd.")
	case !q.from.Before(q.to):
		return invalid("Start date (and hour) should be before end date (and hour)")
	case q.from.After(now):
		return invalid("The start date is after the current date.")
	case q.to.After(month.Next().Start()):
		return invalid("end date past the beginning of next month")
	case q.from.Before(month.AddMonths(1 - monthsOfCosts).Start()):
		return invalid("Data beyond %d months is not enabled.", monthsOfCosts)
	}
	return nil
}

// span is one period of the answer; the end is exclusive.
type span struct{ from, to time.Time }

// spans cuts the period into months or days; the first and last month are cut short where the period is.
func (q query) spans() []span {
	var out []span
	for at := q.from; at.Before(q.to); {
		next := calendar.MonthOf(at).Next().Start()
		if q.daily {
			next = at.AddDate(0, 0, 1)
		}
		if next.After(q.to) {
			next = q.to
		}
		out = append(out, span{at, next})
		at = next
	}
	return out
}

func (s span) month() calendar.Month { return calendar.MonthOf(s.from) }

// has reports whether a line of the span's month is in it.
func (s span) has(u state.Usage) bool {
	at := u.Month.Start().AddDate(0, 0, u.Day-1)
	return !at.Before(s.from) && at.Before(s.to)
}
