package support

import (
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	"example.com/handover/pkg/wire"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/support/internal/cases"
)

func fromOpening(req *supportv1.OpenCaseRequest) cases.Opening {
	return cases.Opening{
		ID: req.GetCaseId(), CustomerID: req.GetCustomerId(), Kind: cases.Kind(wire.Name(req.GetKind())),
		Audience: cases.Audience(wire.Name(req.GetAudience())),
		Title:    req.GetTitle(), Description: req.GetDescription(), Priority: cases.Priority(wire.Name(req.GetPriority())),
		Correlation: req.GetCorrelation(), SubjectID: req.GetSubjectId(),
		ExternalID: req.GetExternalId(), Labels: req.GetLabels(),
	}
}

func toCase(words text.Words, r store.Row[cases.Case]) *supportv1.Case {
	k := r.Doc
	if k == nil {
		return nil
	}
	title, description := k.Words(words)
	out := &supportv1.Case{
		CaseId: r.ID, CustomerId: k.CustomerID, Kind: wire.Value[supportv1.CaseKind](string(k.Kind)),
		Title: title, Description: description, Priority: wire.Value[supportv1.CasePriority](string(k.Priority)),
		State: wire.Value[supportv1.CaseState](string(k.State)), Record: toRecord(k.Record),
		Correlation: r.Correlation, SubjectId: k.SubjectID, OpenedBy: wire.Actor(k.OpenedBy),
		Etag: r.ETag(), CreateTime: wire.Time(r.CreatedAt), UpdateTime: wire.Time(r.UpdatedAt), EndTime: wire.Time(k.EndedAt),
		ExternalId: k.ExternalID, Labels: k.Labels, Audience: wire.Value[supportv1.CaseAudience](string(k.Audience)),
	}
	out.Waiting = toWaiting(words, k.Waiting())
	if res := k.Resolution; res != nil {
		out.Resolution = &supportv1.CaseResolution{Code: res.Code, Notes: res.Notes, ResolveTime: wire.Time(res.At)}
	}
	for _, m := range k.Comments {
		out.Comments = append(out.Comments, &supportv1.CaseComment{
			CommentId: m.ID, Text: m.Text, Side: wire.Value[typev1.Party](string(m.Side)), CreateTime: wire.Time(m.At), Sent: m.Sent,
		})
	}
	return out
}

func toRecord(r *cases.Record) *supportv1.CaseRecord {
	if r == nil {
		return nil
	}
	return &supportv1.CaseRecord{
		Table: r.Table, SysId: r.SysID, Number: r.Number, State: r.State, ModCount: r.ModCount, SyncTime: wire.Time(r.SyncedAt),
	}
}

func toWaiting(words text.Words, w *cases.Waiting) *typev1.Waiting {
	if w == nil {
		return nil
	}
	what, where := words.Instruct(w.Text)
	return &typev1.Waiting{
		Owner: wire.Value[typev1.Party](string(w.Owner)), What: what, Where: where, UntilTime: wire.Time(w.Until), Escalated: w.Escalated,
	}
}
