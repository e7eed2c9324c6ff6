package support_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit/kittest"
	"example.com/handover/pkg/rpc"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

func TestCustomersCase(t *testing.T) {
	t.Parallel()
	a := startAlone(t, "")
	t.Run("SUP-007 platform support takes a case about a transfer that does not go on", func(t *testing.T) {
		req := a.question()
		req.Kind, req.SubjectId, req.Correlation = supportv1.CaseKind_CASE_KIND_TRANSFER_PROBLEM, id.New("trf"), id.New("ord")
		k := a.open(t, a.person(t), req)
		if k.GetRecord().GetNumber() == "" || k.GetState() != supportv1.CaseState_CASE_STATE_NEW || k.GetOpenedBy().GetSubject() != "customer-1" {
			t.Fatalf("%v", k)
		}
		if _, err := a.cases.CommentCase(a.person(t), &supportv1.CommentCaseRequest{CaseId: k.GetCaseId(), Text: "Still nothing."}); err != nil {
			t.Fatal(err)
		}
		a.quiet(t)
		record := a.record(t, k.GetCaseId())
		if len(record.Notes) != 1 || !strings.HasPrefix(record.Notes[0].Text, "Still nothing.\n\n[cmt_") ||
			record.Fields["short_description"] != req.GetTitle() {
			t.Errorf("ServiceNow has %+v", record)
		}
		if err := a.sim.Update(record.SysID, map[string]string{"state": "18"}); err != nil {
			t.Fatal(err)
		}
		if err := a.sim.Comment(record.SysID, "Please look again.", ""); err != nil {
			t.Fatal(err)
		}
		a.pass(t)
		a.resolve(t, k.GetCaseId())
		got := a.read(t, k.GetCaseId())
		if got.GetState() != supportv1.CaseState_CASE_STATE_RESOLVED || got.GetResolution().GetNotes() != "It is open." ||
			got.GetRecord().GetState() != "6" {
			t.Errorf("%v", got)
		}
		a.said(t, got, "CUSTOMER Still nothing.", "RESELLER Please look again.")
		want := []string{"case opened", "case commented", "case commented", "case resolved"}
		if diff := cmp.Diff(want, a.told(t, req.GetCorrelation(), typev1.Audience_AUDIENCE_CUSTOMER)); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("SUP-013 mandatory fields are asked for, and cases are viewed", a.mandatoryAndViewed)
}

// said checks the comments of a case, all of which ServiceNow has.
func (a *alone) said(t *testing.T, k *supportv1.Case, want ...string) {
	t.Helper()
	var got []string
	for _, m := range k.GetComments() {
		got = append(got, m.GetSide().String()[len("PARTY_"):]+" "+m.GetText())
		if !m.GetSent() {
			t.Errorf("not sent: %v", m)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func (a *alone) mandatoryAndViewed(t *testing.T) {
	incomplete := a.question()
	incomplete.CustomerId, incomplete.Description = "", ""
	_, err := a.cases.OpenCase(a.person(t), incomplete)
	refused(t, err, codes.InvalidArgument, "FIELD_REQUIRED")
	if e, _ := errs.As(rpc.FromStatus(err)); len(e.Fields) != 2 || e.Fields[0].Path != "customer_id" || e.Fields[1].Path != "description" {
		t.Errorf("violations are %+v", e.Fields)
	}
	opened, err := a.cases.OpenCase(a.person(t), a.question())
	if err != nil {
		t.Fatal(err)
	}
	caseID := opened.GetCase().GetCaseId()
	seen, err := a.cases.GetCase(a.person(t), &supportv1.GetCaseRequest{CaseId: caseID})
	if err != nil || seen.GetCase().GetTitle() != "What is a PMA?" {
		t.Errorf("%v, %v", seen, err)
	}
	kinds := []supportv1.CaseKind{supportv1.CaseKind_CASE_KIND_QUESTION}
	listed, err := a.cases.ListCases(a.person(t), &supportv1.ListCasesRequest{Kinds: kinds})
	if err != nil || len(listed.GetCases()) != 1 || listed.GetCases()[0].GetCaseId() != caseID {
		t.Errorf("%v, %v", listed, err)
	}
	stranger := a.As(t, kittest.Customer("stranger", id.New("cus")))
	_, err = a.cases.GetCase(stranger, &supportv1.GetCaseRequest{CaseId: caseID})
	refused(t, err, codes.NotFound, "NOT_FOUND")
	listed, err = a.cases.ListCases(stranger, &supportv1.ListCasesRequest{})
	if err != nil || len(listed.GetCases()) != 0 {
		t.Errorf("a stranger sees %v, %v", listed, err)
	}
}

// TestCasesOfOperations are found nowhere by the customer whom they are about, nor by its partner, whatever their kind.
func TestCasesOfOperations(t *testing.T) {
	t.Parallel()
	a := startAlone(t, "")
	for _, kind := range []supportv1.CaseKind{
		supportv1.CaseKind_CASE_KIND_ROLES_MISSING, supportv1.CaseKind_CASE_KIND_TRANSFER_PROBLEM, supportv1.CaseKind_CASE_KIND_QUESTION,
	} {
		req := a.question()
		req.Kind, req.Correlation, req.ExternalId = kind, id.New("ord"), id.New("ext")
		k := a.open(t, a.operator(t), req)
		if k.GetAudience() != supportv1.CaseAudience_CASE_AUDIENCE_OPERATIONS {
			t.Errorf("%s is for %s", kind, k.GetAudience())
		}
		a.hidden(t, a.person(t), k)
		if told := a.told(t, req.GetCorrelation(), typev1.Audience_AUDIENCE_CUSTOMER); len(told) != 0 {
			t.Errorf("%s: the customer reads %v", kind, told)
		}
		for want, filter := range map[int]*supportv1.ListCasesRequest{
			1: {CustomerId: a.customer, Correlation: req.GetCorrelation(), Audience: supportv1.CaseAudience_CASE_AUDIENCE_OPERATIONS},
			0: {Correlation: req.GetCorrelation(), Audience: supportv1.CaseAudience_CASE_AUDIENCE_CUSTOMER},
		} {
			if listed, err := a.cases.ListCases(a.operator(t), filter); err != nil || len(listed.GetCases()) != want {
				t.Errorf("an operator lists %v with %v, %v", listed, filter, err)
			}
		}
		own := a.question() // an id that only Operations has used is free
		own.ExternalId = req.GetExternalId()
		if opened, err := a.cases.OpenCase(a.person(t), own); err != nil ||
			opened.GetCase().GetAudience() != supportv1.CaseAudience_CASE_AUDIENCE_CUSTOMER {
			t.Errorf("%v, %v", opened, err)
		}
	}
	a.quiet(t)
}

// hidden fails if a caller can find, list or comment a case.
func (a *alone) hidden(t *testing.T, ctx context.Context, k *supportv1.Case) {
	t.Helper()
	_, err := a.cases.GetCase(ctx, &supportv1.GetCaseRequest{CaseId: k.GetCaseId()})
	refused(t, err, codes.NotFound, "NOT_FOUND")
	_, err = a.cases.CommentCase(ctx, &supportv1.CommentCaseRequest{CaseId: k.GetCaseId(), Text: "Hm?", Etag: "99"})
	refused(t, err, codes.NotFound, "NOT_FOUND")
	for _, filter := range []*supportv1.ListCasesRequest{
		{Kinds: []supportv1.CaseKind{k.GetKind()}, Correlation: k.GetCorrelation()},
		{Audience: supportv1.CaseAudience_CASE_AUDIENCE_OPERATIONS},
		{WaitingOwners: []typev1.Party{typev1.Party_PARTY_RESELLER}, Correlation: k.GetCorrelation()},
	} {
		listed, err := a.cases.ListCases(ctx, filter)
		if err != nil || len(listed.GetCases()) != 0 {
			t.Errorf("%v lists %v, %v", filter, listed, err)
		}
	}
}

func TestWhatCustomersOpen(t *testing.T) {
	t.Parallel()
	a := startAlone(t, "")
	req := a.question()
	req.Kind = supportv1.CaseKind_CASE_KIND_ROLES_MISSING
	_, err := a.cases.OpenCase(a.person(t), req)
	refused(t, err, codes.PermissionDenied, "KIND_DENIED")
	req.Kind = supportv1.CaseKind_CASE_KIND_CHANNEL_SETUP
	_, err = a.cases.OpenCase(a.operator(t), req)
	refused(t, err, codes.InvalidArgument, "KIND_DENIED")
	req = a.question()
	req.Audience = supportv1.CaseAudience_CASE_AUDIENCE_OPERATIONS
	_, err = a.cases.OpenCase(a.person(t), req)
	refused(t, err, codes.PermissionDenied, "AUDIENCE_DENIED")
	k := a.open(t, a.person(t), a.question())
	_, err = a.cases.ResolveCase(a.person(t), &supportv1.ResolveCaseRequest{CaseId: k.GetCaseId(), Notes: "Done."})
	refused(t, err, codes.PermissionDenied, "ROLE_DENIED")
	req = a.question() // what an operator opens for the customer is the customer's to see
	req.Audience, req.Correlation = supportv1.CaseAudience_CASE_AUDIENCE_CUSTOMER, id.New("ord")
	k = a.open(t, a.operator(t), req)
	if _, err := a.cases.CommentCase(a.person(t), &supportv1.CommentCaseRequest{CaseId: k.GetCaseId(), Text: "Thank you."}); err != nil {
		t.Error(err)
	}
	if told := a.told(t, req.GetCorrelation(), typev1.Audience_AUDIENCE_CUSTOMER); len(told) != 2 {
		t.Errorf("the customer reads %v", told)
	}
	a.quiet(t)
}

// TestResolvedFromHere: the wish is carried out in ServiceNow, and the case is resolved when ServiceNow says so.
func TestResolvedFromHere(t *testing.T) {
	t.Parallel()
	a := startAlone(t, "")
	k := a.open(t, a.person(t), a.question())
	resolve := &supportv1.ResolveCaseRequest{CaseId: k.GetCaseId(), Notes: "Explained.", Etag: k.GetEtag()}
	resp, err := a.cases.ResolveCase(a.operator(t), resolve)
	if err != nil || resp.GetCase().GetState() != supportv1.CaseState_CASE_STATE_NEW {
		t.Fatalf("%v, %v", resp, err)
	}
	_, err = a.cases.ResolveCase(a.operator(t), resolve)
	refused(t, err, codes.Aborted, "ETAG_MISMATCH")
	a.quiet(t)
	resolve.Etag = ""
	_, err = a.cases.ResolveCase(a.operator(t), resolve)
	refused(t, err, codes.FailedPrecondition, "STATE_REFUSES")
	record := a.record(t, k.GetCaseId())
	if record.State != "Resolved" || record.Fields["close_notes"] != "Explained." || record.Fields["resolution_code"] == "" {
		t.Errorf("ServiceNow has %+v", record)
	}
	if err := a.sim.Update(record.SysID, map[string]string{"state": "10"}); err != nil { // the customer is not content
		t.Fatal(err)
	}
	a.pass(t)
	if got := a.read(t, k.GetCaseId()); got.GetState() != supportv1.CaseState_CASE_STATE_OPEN || got.GetResolution() != nil {
		t.Errorf("%v", got)
	}
	if err := a.sim.Update(record.SysID, map[string]string{"state": "3"}); err != nil {
		t.Fatal(err)
	}
	// What is said before we know that it is closed stays here.
	if _, err := a.cases.CommentCase(a.person(t), &supportv1.CommentCaseRequest{CaseId: k.GetCaseId(), Text: "Thank you."}); err != nil {
		t.Fatal(err)
	}
	a.quiet(t)
	got := a.read(t, k.GetCaseId())
	if got.GetState() != supportv1.CaseState_CASE_STATE_CLOSED || len(got.GetComments()) != 1 || got.GetComments()[0].GetSent() {
		t.Errorf("%v", got)
	}
	_, err = a.cases.CommentCase(a.person(t), &supportv1.CommentCaseRequest{CaseId: k.GetCaseId(), Text: "Hello?"})
	refused(t, err, codes.FailedPrecondition, "CASE_CLOSED")
}

func TestCaseIsOpenedOnce(t *testing.T) {
	t.Parallel()
	a := startAlone(t, "")
	req := a.question()
	req.CaseId = id.New("cas")
	first, err := a.cases.OpenCase(a.operator(t), req)
	if err != nil {
		t.Fatal(err)
	}
	a.quiet(t)
	again, err := a.cases.OpenCase(a.operator(t), req)
	if err != nil || again.GetCase().GetCaseId() != req.GetCaseId() || len(again.GetEvents()) != 0 ||
		!proto.Equal(again.GetCase().GetCreateTime(), first.GetCase().GetCreateTime()) {
		t.Errorf("%v, %v", again, err)
	}
	req.Title = "Something else"
	_, err = a.cases.OpenCase(a.operator(t), req)
	refused(t, err, codes.AlreadyExists, "ALREADY_EXISTS")
	a.record(t, req.GetCaseId())
}

// TestExternalIDs: the opener's own id finds the case again, and no other of the customer may have it.
func TestExternalIDs(t *testing.T) {
	t.Parallel()
	a := startAlone(t, "")
	req := a.question()
	req.ExternalId, req.Labels = "INC-1", map[string]string{"team": "finance", "site": "north"}
	opened, err := a.cases.OpenCase(a.person(t), req)
	if err != nil || opened.GetCase().GetExternalId() != "INC-1" {
		t.Fatalf("%v, %v", opened, err)
	}
	_, err = a.cases.OpenCase(a.person(t), req)
	refused(t, err, codes.AlreadyExists, "ALREADY_EXISTS")
	if e, _ := errs.As(rpc.FromStatus(err)); len(e.Fields) != 1 || e.Fields[0].Path != "external_id" {
		t.Errorf("violations are %+v", e.Fields)
	}
	other := a.question()
	other.CustomerId, other.ExternalId = id.New("cus"), "INC-1"
	if _, err := a.cases.OpenCase(a.operator(t), other); err != nil {
		t.Errorf("another customer has ids of its own: %v", err)
	}
	for want, filter := range map[int]*supportv1.ListCasesRequest{
		2: {ExternalId: "INC-1"},
		1: {ExternalId: "INC-1", Labels: []string{"team=finance", "site=north"}},
		0: {Labels: []string{"team=fin"}},
	} {
		if got, err := a.cases.ListCases(a.operator(t), filter); err != nil || len(got.GetCases()) != want {
			t.Errorf("%v finds %v, %v", filter, got, err)
		}
	}
}

// TestWhatNeedsUs: the list of what waits for the reseller, the most urgent first.
func TestWhatNeedsUs(t *testing.T) {
	t.Parallel()
	a := startAlone(t, "")
	slow := a.open(t, a.person(t), a.question())
	urgent := a.question()
	urgent.Priority = supportv1.CasePriority_CASE_PRIORITY_P1
	fast := a.open(t, a.person(t), urgent)
	list := func(req *supportv1.ListCasesRequest) (ids []string) {
		t.Helper()
		req.OrderBy = typev1.SortOrder_SORT_ORDER_URGENCY
		resp, err := a.cases.ListCases(a.operator(t), req)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range resp.GetCases() {
			if w := k.GetWaiting(); w.GetWhat() == "" || w.GetWhere() == "" || w.GetUntilTime() == nil {
				t.Errorf("it waits for %v", w)
			}
			ids = append(ids, k.GetCaseId())
		}
		return ids
	}
	ours := func() *supportv1.ListCasesRequest {
		return &supportv1.ListCasesRequest{WaitingOwners: []typev1.Party{typev1.Party_PARTY_RESELLER}}
	}
	if diff := cmp.Diff([]string{fast.GetCaseId(), slow.GetCaseId()}, list(ours())); diff != "" {
		t.Error(diff)
	}
	if got := list(&supportv1.ListCasesRequest{Escalated: true}); len(got) != 0 {
		t.Errorf("escalated are %v", got)
	}
	if all := a.actions(t, &opsv1.ListActionsRequest{}); len(all) != 2 || all[0].GetResourceId() != fast.GetCaseId() ||
		all[0].GetKind() != typev1.ActionKind_ACTION_KIND_CASE || all[0].GetWaiting().GetUntilTime() == nil {
		t.Errorf("what needs us is %v", all)
	}
	for range 4 {
		a.pass(t)
	}
	if diff := cmp.Diff([]string{fast.GetCaseId()}, list(&supportv1.ListCasesRequest{Escalated: true})); diff != "" {
		t.Error(diff)
	}
	if err := a.sim.Update(a.record(t, slow.GetCaseId()).SysID, map[string]string{"state": "18"}); err != nil {
		t.Fatal(err)
	}
	a.pass(t)
	if diff := cmp.Diff([]string{fast.GetCaseId()}, list(ours())); diff != "" {
		t.Error(diff)
	}
	if all := a.actions(t, &opsv1.ListActionsRequest{}); len(all) != 1 || !all[0].GetWaiting().GetEscalated() {
		t.Errorf("what needs us is %v", all)
	}
}
