package costexplorer

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/costexplorer/types"

	"example.com/handover/pkg/sim/aws/state"
)

type predicate = func(state.Usage) bool

// filter compiles an expression; none lets everything through.
func filter(e *types.Expression) (predicate, error) {
	if e == nil {
		return func(state.Usage) bool { return true }, nil
	}
	roots := 0
	for _, set := range []bool{len(e.And) > 0, len(e.Or) > 0, e.Not != nil, e.Dimensions != nil, e.Tags != nil, e.CostCategories != nil} {
		if set {
			roots++
		}
	}
	switch {
	case roots != 1:
		return nil, invalid("Expression must have exactly one root operator or dimension.")
	case len(e.And) > 0:
		all, err := filters(e.And)
		return func(u state.Usage) bool {
			return !slices.ContainsFunc(all, func(p predicate) bool { return !p(u) })
		}, err
	case len(e.Or) > 0:
		all, err := filters(e.Or)
		return func(u state.Usage) bool {
			return slices.ContainsFunc(all, func(p predicate) bool { return p(u) })
		}, err
	case e.Not != nil:
		p, err := filter(e.Not)
		return func(u state.Usage) bool { return !p(u) }, err
	case e.Dimensions != nil:
		return dimension(*e.Dimensions)
	default:
		return nil, invalid("Tags and cost categories are not supported here.")
	}
}

func filters(list []types.Expression) ([]predicate, error) {
	if len(list) < 2 {
		return nil, invalid("And and Or need two expressions at least.")
	}
	var out []predicate
	for i := range list {
		p, err := filter(&list[i])
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

func dimension(d types.DimensionValues) (predicate, error) {
	exact := []types.MatchOption{types.MatchOptionEquals, types.MatchOptionCaseSensitive}
	foreign := func(o types.MatchOption) bool { return !slices.Contains(exact, o) }
	switch {
	case !isDimension(string(d.Key)):
		return nil, invalid("Dimension %s is not supported here.", d.Key)
	case len(d.Values) == 0:
		return nil, invalid("Dimension %s has no values.", d.Key)
	case slices.ContainsFunc(d.MatchOptions, foreign):
		return nil, invalid("Dimension %s has a match option that is not supported.", d.Key)
	}
	return func(u state.Usage) bool { return slices.Contains(d.Values, value(u, string(d.Key))) }, nil
}
