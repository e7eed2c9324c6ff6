package costexplorer

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/costexplorer/types"

	"example.com/handover/pkg/sim/aws/bill"
	"example.com/handover/pkg/sim/aws/state"
)

// group is what a page counts: the lines of one span that have the same keys. A span without lines has one group.
type group struct {
	span      span
	estimated bool
	keys      []string // none: the span has no lines, or there is nothing to group by
	lines     []state.Usage
}

// place orders groups by span, then by key.
func (g group) place() string { return g.span.from.Format(day) + "\x00" + strings.Join(g.keys, "\x00") }

// groups returns everything that the query asks for. A view that has no costs in any of the months has no data.
func (q query) groups(book bill.Book, v bill.View) ([]group, error) {
	var out []group
	available := false
	lines := map[string][]state.Usage{} // of a month, which a daily query meets often
	for _, s := range q.spans() {
		m := s.month()
		available = available || v.ActiveIn(m)
		if _, read := lines[m.String()]; !read {
			lines[m.String()] = book.Lines(v, m)
		}
		out = append(out, q.group(s, lines[m.String()], book.Estimated(v, m))...)
	}
	if !available {
		return nil, unavailable()
	}
	return out, nil
}

func (q query) group(s span, lines []state.Usage, estimated bool) []group {
	at := map[string]int{}
	var out []group
	for _, u := range lines {
		if !s.has(u) || !q.keeps(u) {
			continue
		}
		var keys []string
		for _, d := range q.dimensions {
			keys = append(keys, value(u, d))
		}
		id := strings.Join(keys, "\x00")
		if _, known := at[id]; !known {
			at[id] = len(out)
			out = append(out, group{span: s, estimated: estimated, keys: keys})
		}
		out[at[id]].lines = append(out[at[id]].lines, u)
	}
	if len(out) == 0 {
		return []group{{span: s, estimated: estimated}}
	}
	return out
}

// results puts the groups of a page, which are in order, below their spans.
func (q query) results(groups []group) ([]types.ResultByTime, error) {
	var out []types.ResultByTime
	for i, g := range groups {
		if i == 0 || groups[i-1].span != g.span {
			out = append(out, types.ResultByTime{
				Estimated:  g.estimated,
				TimePeriod: &types.DateInterval{Start: aws.String(g.span.from.Format(day)), End: aws.String(g.span.to.Format(day))},
			})
		}
		sums, err := sum(q.metrics, g.lines)
		if err != nil {
			return nil, err
		}
		last := &out[len(out)-1]
		switch {
		case len(q.dimensions) == 0:
			last.Total = sums
		case len(g.keys) > 0:
			last.Groups = append(last.Groups, types.Group{Keys: g.keys, Metrics: sums})
		}
	}
	return out, nil
}

// names says who the accounts are, when the groups of a page are by account.
func (q query) names(tx *state.Tx, groups []group) []types.DimensionValuesWithAttributes {
	by := slices.Index(q.dimensions, string(types.DimensionLinkedAccount))
	if by < 0 {
		return nil
	}
	var out []types.DimensionValuesWithAttributes
	seen := map[string]bool{}
	for _, g := range groups {
		if len(g.keys) == 0 || seen[g.keys[by]] {
			continue
		}
		seen[g.keys[by]] = true
		a, _ := tx.Accounts.Get(g.keys[by])
		out = append(out, types.DimensionValuesWithAttributes{
			Value: aws.String(g.keys[by]), Attributes: map[string]string{"description": a.Name},
		})
	}
	return out
}
