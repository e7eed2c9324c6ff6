package wire

import (
	"slices"
	"strings"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/store"
)

// LabelKey spells labels for a column so that [Labelled] finds each. The contract keeps "|" out of them.
func LabelKey(labels map[string]string) string {
	if len(labels) == 0 {
		return ""
	}
	pairs := make([]string, 0, len(labels))
	for key, value := range labels {
		pairs = append(pairs, key+"="+value)
	}
	slices.Sort(pairs) // the same labels, the same row
	return "|" + strings.Join(pairs, "|") + "|"
}

// Labelled filters a list by labels, each "key=value"; all must be there.
func Labelled(q store.Query, labels []string) store.Query {
	for _, pair := range labels {
		q.Where = append(q.Where, store.Has("labels", "|"+pair+"|"))
	}
	return q
}

// Taken names the field whose value the unique columns refused, so that the caller can choose another; every other error
// passes.
func Taken(err error, columns, field string) error {
	refusal, ok := errs.As(err)
	if !ok || refusal.Kind != errs.Exists || refusal.Meta["unique"] != columns {
		return err
	}
	return refusal.WithField(field, refusal.Reason, "is taken by another")
}
