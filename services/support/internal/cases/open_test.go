package cases

import (
	"strings"
	"testing"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
)

// TestWhoOpensWhat: customers have two kinds, a channel opens its own, and of what others open customers hear nothing.
func TestWhoOpensWhat(t *testing.T) {
	for _, kind := range Kinds() {
		for name, by := range map[string]call.Actor{"customer": person(), "operator": operator(), "service": service()} {
			o := question()
			o.Kind, o.Audience = kind, ""
			c, facts, err := OpenCase(o, by, now())
			allowed := kind != ChannelSetup && kind != ChannelRemoval && (name != "customer" || kind == Question || kind == TransferProblem)
			if !allowed {
				refused(t, err, ReasonKindDenied)
				continue
			}
			if err != nil || c.State != New || c.Priority != P3 || !c.OpenedAs(o.By(by)) {
				t.Errorf("%s by %s: %+v, %v", kind, name, c, err)
				continue
			}
			want := "opened/OPERATOR"
			if name == "customer" {
				want = "opened/CUSTOMER"
			}
			if got := must(t)(facts, nil); got != want {
				t.Errorf("%s by %s: %s, want %s", kind, name, got, want)
			}
		}
	}
}

// TestAudience: what customers open they see, what others open they see where that was said, and nobody outside opens what
// the outside does not see.
func TestAudience(t *testing.T) {
	partner := call.Actor{Subject: "partner-1", Role: "PARTNER"}
	behalf := service()
	behalf.OnBehalfOf = "person-1"
	for _, c := range []struct {
		by         call.Actor
		asked, got Audience // got empty: refused
	}{
		{person(), "", ForCustomer},
		{person(), ForCustomer, ForCustomer},
		{person(), ForOperations, ""},
		{partner, "", ForCustomer},
		{partner, ForCustomer, ForCustomer},
		{partner, ForOperations, ""},
		{operator(), "", ForOperations},
		{operator(), ForCustomer, ForCustomer},
		{operator(), ForOperations, ForOperations},
		{service(), "", ForOperations},
		{service(), ForCustomer, ForCustomer},
		{behalf, "", ForOperations},
	} {
		o := question()
		o.Audience = c.asked
		k, _, err := OpenCase(o, c.by, now())
		if c.got == "" {
			refused(t, err, ReasonAudienceDenied)
			continue
		}
		if err != nil || k.Audience != c.got || !k.OpenedAs(o.By(c.by)) {
			t.Errorf("%v asks for %q: %+v, %v", c.by, c.asked, k, err)
			continue
		}
		want := fact.Operator
		if c.got == ForCustomer {
			want = fact.Customer
		}
		for name, facts := range everythingTold(t, k) {
			if facts != want {
				t.Errorf("%v asks for %q: %s is told to %s", c.by, c.asked, name, facts)
			}
		}
	}
}

// everythingTold walks a case to its end, and returns who reads each fact that is not the reseller's alone by its nature.
func everythingTold(t *testing.T, k *Case) map[string]fact.Audience {
	t.Helper()
	told := map[string]fact.Audience{}
	keep := func(facts []fact.Fact, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range facts {
			told[f.Name] = f.Audience
		}
	}
	keep(k.Recorded(at("1"), now()))
	keep(k.Say("cmt_1", "hello", operator(), now()))
	keep(k.Observe(at("6"), Journal{{ID: "e1", Text: "done", At: now()}}, now()))
	keep(k.Observe(at("3"), nil, now()))
	for _, name := range []string{FactSubmitted, FactProgressed} {
		delete(told, name)
	}
	if len(told) != 3 {
		t.Fatalf("told is %v", told)
	}
	return told
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
		{Opening{Kind: UnclaimedRelationship, Audience: ForCustomer, Title: "Whose is it?"}, "customer_id"},
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
		"audience":    func(o *Opening) { o.Audience = ForOperations },
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
