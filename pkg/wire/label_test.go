package wire_test

import (
	"errors"
	"testing"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
)

func TestLabels(t *testing.T) {
	if got := wire.LabelKey(map[string]string{"team": "finance", "cost_centre": "47"}); got != "|cost_centre=47|team=finance|" {
		t.Errorf("the column holds %q", got)
	}
	if got := wire.LabelKey(nil); got != "" {
		t.Errorf("without labels the column holds %q", got)
	}
	q := wire.Labelled(store.Query{}, []string{"team=finance", "cost_centre=47"})
	if len(q.Where) != 2 || q.Where[0].Column != "labels" || q.Where[0].Values[0] != "|team=finance|" {
		t.Errorf("asked for is %+v", q.Where)
	}
}

func TestTakenNamesTheField(t *testing.T) {
	refusal := errs.New(errs.Exists, "ALREADY_EXISTS", "a unique value is taken")
	other, away := refusal.WithMeta("unique", "id"), errors.New("away")
	for name, tt := range map[string]struct {
		err    error
		fields int
	}{
		"the columns":        {refusal.WithMeta("unique", "customer_external_id"), 1},
		"other columns":      {other, 0},
		"another error":      {away, 0},
		"another refusal":    {errs.New(errs.NotFound, "NOT_FOUND", "none").WithMeta("unique", "customer_external_id"), 0},
		"a wrapped one":      {errs.Wrap(refusal, errs.Internal, "INTERNAL", "broken"), 0},
		"nothing went wrong": {nil, 0},
	} {
		got := wire.Taken(tt.err, "customer_external_id", "order.external_id")
		e, _ := errs.As(got)
		switch {
		case tt.fields == 0 && !errors.Is(got, tt.err):
			t.Errorf("%s: became %v", name, got)
		case tt.fields == 1 && (len(e.Fields) != 1 || e.Fields[0].Path != "order.external_id" || e.Fields[0].Reason != "ALREADY_EXISTS"):
			t.Errorf("%s: got %+v", name, e)
		}
	}
}
