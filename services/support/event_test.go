package support_test

import (
	"testing"

	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/store"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
)

// TestCommentsStayHere: what people say to each other is in no event, which carries the rest of the case.
func TestCommentsStayHere(t *testing.T) {
	t.Parallel()
	a := startAlone(t, "")
	req := a.question()
	req.Correlation = id.New("ord")
	k := a.open(t, a.person(t), req)
	if _, err := a.cases.CommentCase(a.person(t), &supportv1.CommentCaseRequest{CaseId: k.GetCaseId(), Text: "Pat is away."}); err != nil {
		t.Fatal(err)
	}
	a.quiet(t)
	events, _, err := a.env.DB.Events(t.Context(), store.EventQuery{Correlation: req.GetCorrelation(), Customers: call.Everyone("a test")})
	if err != nil || len(events) != 3 {
		t.Fatalf("%d events, %v", len(events), err)
	}
	for _, e := range events {
		var body supportv1.CaseEvent
		if err := proto.Unmarshal(e.Body, &body); err != nil {
			t.Fatal(err)
		}
		if body.GetCase().GetTitle() != req.GetTitle() || len(body.GetCase().GetComments()) != 0 {
			t.Errorf("%s carries %v", e.Name, &body)
		}
	}
}
