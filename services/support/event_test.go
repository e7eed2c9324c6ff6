package support

import (
	"strings"
	"testing"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	"example.com/handover/services/support/internal/cases"
)

// TestCommentsStayHere: what people say to each other is in no event, which carries the rest of the case.
func TestCommentsStayHere(t *testing.T) {
	now := time.Date(2026, 2, 20, 10, 0, 0, 0, time.UTC)
	person := call.Actor{Subject: "person-1", Role: "CUSTOMER"}
	o := cases.Opening{ID: "cas_1", CustomerID: "cus_1", Kind: cases.Question, Title: "A question", Description: "What now?"}
	k, _, err := cases.OpenCase(o, person, now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.Say("cmt_1", "Pat is away.", person, now); err != nil {
		t.Fatal(err)
	}
	sent, ok := caseKind(text.Bare{}).Public(store.Meta{ID: k.ID}, k).(*supportv1.CaseEvent)
	if !ok || sent.GetCase().GetTitle() != o.Title || strings.Contains(sent.String(), "Pat") || len(sent.GetCase().GetComments()) != 0 {
		t.Errorf("%v is sent", sent)
	}
}
