package support_test

import (
	"testing"

	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit/kittest"
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
	bodies := kittest.Published(t, a.env)
	if len(bodies) == 0 {
		t.Fatal("nothing is sent of the case")
	}
	for _, sent := range bodies {
		var body supportv1.CaseEvent
		if err := proto.Unmarshal(sent, &body); err != nil {
			t.Fatal(err)
		}
		if body.GetCase().GetTitle() != req.GetTitle() || len(body.GetCase().GetComments()) != 0 {
			t.Errorf("%v is sent", &body)
		}
	}
}
