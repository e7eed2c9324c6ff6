package support_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/rpc"
	"example.com/handover/pkg/text/texttest"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
)

// TestTexts holds everything that the service says against its words.
func TestTexts(t *testing.T) {
	book := texttest.Read(t, os.DirFS("."), []string{".", "internal/cases", "internal/channel"})
	book.Texts(t)
	book.German(t, "wait")
	texttest.Facts[supportv1.CaseFact](t, book, "case", "internal/cases")
	texttest.Facts[supportv1.ChannelFact](t, book, "channel", "internal/channel")
}

// TestReadersLanguage: a title, a remedy and a timeline are said in the language that the reader prefers, and in English
// to everybody else. The record in ServiceNow is the reseller's.
func TestReadersLanguage(t *testing.T) {
	t.Parallel()
	a := startAlone(t, "")
	ch := a.setUp(t, partnerLed)
	for accepted, want := range map[string]struct{ title, ready, remedy string }{
		"":                    {"Set up the support channel", "The support channel is being set up.", "Open another case."},
		"fr":                  {"Set up the support channel", "The support channel is being set up.", "Open another case."},
		"de-CH, de;q=0.9, en": {"Supportkanal des Kunden", "Der Supportkanal wird eingerichtet.", "Eröffnen Sie einen neuen Fall."},
	} {
		ctx := metadata.AppendToOutgoingContext(a.operator(t), rpc.HeaderLanguage, accepted)
		got, err := a.cases.GetCase(ctx, &supportv1.GetCaseRequest{CaseId: ch.GetCaseId()})
		if err != nil || !strings.HasPrefix(got.GetCase().GetTitle(), want.title) {
			t.Errorf("%q: the title is %q, %v", accepted, got.GetCase().GetTitle(), err)
		}
		if notes := a.notes(t, ctx, ch.GetOrderId()); !strings.Contains(notes, want.ready) {
			t.Errorf("%q: the timeline says %q", accepted, notes)
		}
		if what := a.remedy(t, ctx); what != want.remedy {
			t.Errorf("%q: the remedy is %q", accepted, what)
		}
	}
	if fields := a.record(t, ch.GetCaseId()).Fields; !strings.HasPrefix(fields["short_description"], "Set up the support channel") ||
		!strings.Contains(fields["description"],
			"\n\nCase: "+ch.GetCaseId()+"\nCustomer: "+a.customer+"\nBegan with: "+ch.GetOrderId()+"\nAbout: "+ch.GetChannelId()) {
		t.Errorf("the record says %q", fields)
	}
}

func (a *alone) notes(t *testing.T, ctx context.Context, correlation string) string {
	t.Helper()
	resp, err := opsv1.NewOperationsServiceClient(a.Conn()).ListEvents(ctx, &opsv1.ListEventsRequest{
		Service:     "support",
		Correlation: correlation,
	})
	if err != nil {
		t.Fatal(err)
	}
	var notes []string
	for _, e := range resp.GetEvents() {
		notes = append(notes, e.GetNote())
	}
	return strings.Join(notes, " ")
}

// remedy is what a caller reads who comments a closed case.
func (a *alone) remedy(t *testing.T, ctx context.Context) string {
	t.Helper()
	k := a.open(t, ctx, a.question())
	if err := a.sim.Update(a.record(t, k.GetCaseId()).SysID, map[string]string{"state": "3"}); err != nil {
		t.Fatal(err)
	}
	a.pass(t)
	_, err := a.cases.CommentCase(ctx, &supportv1.CommentCaseRequest{CaseId: k.GetCaseId(), Text: "Hello?"})
	refused(t, err, codes.FailedPrecondition, "CASE_CLOSED")
	e, _ := errs.As(rpc.FromStatus(err))
	if e == nil || e.Remedy == nil {
		t.Fatalf("no remedy in %v", err)
	}
	what, where, _ := e.Remedy.Text.Literal()
	if where != "CaseService.OpenCase" {
		t.Errorf("the remedy is at %q", where)
	}
	return what
}
