package cases

import (
	"strings"
	"testing"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/text"
)

// TestWhoOpensWhat: customers have two kinds, a channel opens its own, and of the rest customers hear nothing.
func TestWhoOpensWhat(t *testing.T) {
	for _, kind := range Kinds() {
		for name, by := range map[string]call.Actor{"customer": person(), "operator": operator(), "service": service()} {
			o := question()
			o.Kind = kind
			c, facts, err := OpenCase(o, by, now())
			allowed := kind != ChannelSetup && (name != "customer" || kind == Question || kind == TransferProblem)
			if !allowed {
				refused(t, err, ReasonKindDenied)
				continue
			}
			if err != nil || c.State != New || c.Priority != P3 || !c.OpenedAs(o) {
				t.Errorf("%s by %s: %+v, %v", kind, name, c, err)
				continue
			}
			want := "opened/OPERATOR"
			if kind.Shown() {
				want = "opened/CUSTOMER"
			}
			if got := must(t)(facts, nil); got != want {
				t.Errorf("%s by %s: %s, want %s", kind, name, got, want)
			}
		}
	}
}

func TestMandatoryFields(t *testing.T) {
	for _, c := range []struct {
		opening Opening
		missing string
	}{
		{Opening{Kind: Question}, "title customer_id description"},
		{Opening{Kind: Question, Title: " ", CustomerID: "cus_1", Description: "Why?"}, "title"},
		{Opening{Kind: TransferProblem, Title: "No mail", Description: "It did not come."}, "customer_id"},
		{Opening{Kind: UnclaimedRelationship}, "title"},
		{Opening{Kind: UnclaimedRelationship, Title: "Whose is it?"}, ""},
	} {
		_, _, err := OpenCase(c.opening, operator(), now())
		var missing []string
		if e, ok := errs.As(err); ok {
			for _, f := range e.Fields {
				missing = append(missing, f.Path)
			}
		}
		if got := strings.Join(missing, " "); got != c.missing {
			t.Errorf("%+v: missing %q, want %q", c.opening, got, c.missing)
		}
	}
}

func TestAnotherRequestWithTheSameID(t *testing.T) {
	c := opened(t, question())
	for name, change := range map[string]func(*Opening){
		"title": func(o *Opening) { o.Title = "Another" }, "priority": func(o *Opening) { o.Priority = P1 },
		"customer": func(o *Opening) { o.CustomerID = "cus_2" }, "kind": func(o *Opening) { o.Kind = TransferProblem },
		"external id": func(o *Opening) { o.ExternalID = "T-1" }, "labels": func(o *Opening) { o.Labels = map[string]string{"team": "finance"} },
	} {
		o := question()
		change(&o)
		if c.OpenedAs(o) {
			t.Errorf("another %s counts as the same request", name)
		}
	}
}

func TestTextLeadsBackHere(t *testing.T) {
	o := question()
	o.Correlation, o.SubjectID = "ord_1", "trf_1"
	want := text.New("record.text", "description", "What now?", "case", "cas_1", "customer", "cus_1", "correlation",
		"ord_1", "subject", "trf_1")
	if got := opened(t, o).RecordText("What now?"); !got.Equal(want) {
		t.Errorf("%v, want %v", got, want)
	}
}
