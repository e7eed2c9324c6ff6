package support_test

import (
	"context"
	"strings"
	"testing"

	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit/kittest"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// finds is how many cases a caller finds by something.
func (a *alone) finds(t *testing.T, caller context.Context, by typev1.MatchedBy, value string) []*typev1.Hit {
	t.Helper()
	resp, err := opsv1.NewOperationsServiceClient(a.Conn()).Search(caller, &opsv1.SearchRequest{
		Service: "support", Tokens: []*opsv1.SearchToken{{By: by, Value: value}},
	})
	if err != nil {
		t.Fatalf("search by %s: %v", by, err)
	}
	return resp.GetHits()
}

// TestSearch: a case is found by ServiceNow's number and sys_id, and by the opener's own id; one of Operations by nobody outside.
func TestSearch(t *testing.T) {
	t.Parallel()
	a := startAlone(t, "")
	kittest.SearchesByIndex(t, a.env, 5)
	for audience, outside := range map[supportv1.CaseAudience]int{
		supportv1.CaseAudience_CASE_AUDIENCE_CUSTOMER: 1, supportv1.CaseAudience_CASE_AUDIENCE_OPERATIONS: 0,
	} {
		req := a.question()
		req.Audience, req.ExternalId, req.SubjectId = audience, "T-"+audience.String(), id.New("trf")
		opened, err := a.cases.OpenCase(a.operator(t), req)
		if err != nil {
			t.Fatal(err)
		}
		var record *supportv1.CaseRecord
		a.until(t, "ServiceNow has the case", func() bool {
			read, err := a.cases.GetCase(a.operator(t), &supportv1.GetCaseRequest{CaseId: opened.GetCase().GetCaseId()})
			record = read.GetCase().GetRecord()
			return err == nil && record.GetNumber() != ""
		})
		stranger := a.As(t, kittest.Customer("stranger", id.New("cus")))
		for by, value := range map[typev1.MatchedBy]string{
			typev1.MatchedBy_MATCHED_BY_CASE_NUMBER: strings.ToLower(record.GetNumber()),
			typev1.MatchedBy_MATCHED_BY_RECORD_ID:   record.GetSysId(),
			typev1.MatchedBy_MATCHED_BY_EXTERNAL_ID: req.GetExternalId(),
			typev1.MatchedBy_MATCHED_BY_ID:          opened.GetCase().GetCaseId(),
		} {
			got := a.finds(t, a.operator(t), by, value)
			if len(got) != 1 || got[0].GetResourceId() != opened.GetCase().GetCaseId() || got[0].GetNumber() != record.GetNumber() ||
				got[0].GetTitle() != req.GetTitle() || got[0].GetTransferId() != req.GetSubjectId() || got[0].GetMatchedBy() != by {
				t.Errorf("by %s: %v", by, got)
			}
			if got := a.finds(t, a.person(t), by, value); len(got) != outside {
				t.Errorf("of %s, its customer finds %v by %s", audience, got, by)
			}
			if got := a.finds(t, stranger, by, value); len(got) != 0 {
				t.Errorf("a stranger finds %v by %s", got, by)
			}
		}
	}
}
