package accounttransfer

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	"example.com/handover/pkg/wire"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/accounttransfer/internal/journey"
	"example.com/handover/services/accounttransfer/internal/process"
)

func toTransfer(words text.Words, r store.Row[journey.Transfer]) *accounttransferv1.Transfer {
	t := r.Doc
	if t == nil {
		return nil
	}
	out := &accounttransferv1.Transfer{
		TransferId: r.ID, OrderId: t.OrderID, CustomerId: t.CustomerID, PayerId: t.PayerID, ConnectionId: t.ConnectionID,
		Kind:            wire.Value[accounttransferv1.TransferKind](string(t.Kind)),
		Template:        &accounttransferv1.TemplateRef{Key: t.Template.Key, Version: int32(t.Template.Version)},
		SourceAccountId: t.AccountID, State: wire.Value[accounttransferv1.TransferState](string(t.State)),
		Waiting: toWaiting(words, t.Waiting()), Failure: toFailure(words, t.Failure), Decision: toDecision(words, t.Decision),
		Etag: r.ETag(), CreateTime: wire.Time(r.CreatedAt), UpdateTime: wire.Time(r.UpdatedAt), EndTime: wire.Time(t.EndedAt),
		LinkedAccountIds: t.Linked, PublicSector: t.PublicSector,
		AgreementId: t.AgreementID, SupportModel: wire.Value[accounttransferv1.SupportModel](string(t.SupportModel)),
	}
	for i := range t.Steps {
		out.Steps = append(out.Steps, toStep(words, &t.Steps[i]))
	}
	for _, i := range t.Issues {
		out.Flags = append(out.Flags, wire.Value[accounttransferv1.TransferFlag](string(i)))
	}
	if e := t.Ending; e != nil {
		out.Ending = &accounttransferv1.TransferEnding{
			Reason: e.Reason, RequestedBy: wire.Actor(e.RequestedBy), RequestTime: wire.Time(e.RequestedAt),
		}
		if e.Failure != nil {
			out.Ending.Reason = words.Say(e.Failure.Text)
		}
	}
	if t.Channel != nil {
		out.ChannelId = t.Channel.ID
	}
	return out
}

func toStep(words text.Words, s *process.Step) *accounttransferv1.Step {
	what, where := words.Instruct(s.Instruction())
	return &accounttransferv1.Step{
		Key: s.Key, Title: words.Say(s.Title()), Owner: wire.Value[typev1.Party](string(s.Owner)),
		State: wire.Value[accounttransferv1.StepState](string(s.State)), Requires: s.Requires,
		CompletedBy: wire.Value[accounttransferv1.StepCompletion](string(s.CompletedBy)), Condition: string(s.Condition),
		OpenTime: wire.Time(s.OpenedAt), DoneTime: wire.Time(s.DoneAt), DoneBy: wire.Actor(s.DoneBy),
		EscalateTime: wire.Time(s.EscalateAt), DueTime: wire.Time(s.DueAt), What: what, Where: where,
		Evidence: s.Evidence, Reason: s.Reason, Failure: toFailure(words, s.Failure),
		Asks: wire.Value[accounttransferv1.StepAsk](string(s.Asks)), PayerId: s.PayerID, AccountIds: s.Accounts, Sessions: toSessions(s.Sessions),
		OnlyFor: wire.Value[accounttransferv1.TransferTrait](string(s.OnlyFor)),
	}
}

func toSessions(all []process.Session) []*accounttransferv1.OwnershipSession {
	var out []*accounttransferv1.OwnershipSession
	for _, s := range all {
		out = append(out, &accounttransferv1.OwnershipSession{
			StartTime: wire.Time(s.At), AttendeeIds: s.Attendees, Target: wire.Value[accounttransferv1.SessionTarget](string(s.Target)),
			Outcome: wire.Value[accounttransferv1.SessionOutcome](string(s.Outcome)),
		})
	}
	return out
}

func toFailure(words text.Words, f *process.Failure) *accounttransferv1.Failure {
	if f == nil {
		return nil
	}
	return &accounttransferv1.Failure{Code: wire.Value[accounttransferv1.FailureCode](f.Code), Message: words.Say(f.Text)}
}

func toWaiting(words text.Words, w *process.Waiting) *typev1.Waiting {
	if w == nil {
		return nil
	}
	what, where := words.Instruct(w.Text)
	return &typev1.Waiting{
		Owner: wire.Value[typev1.Party](string(w.Owner)), What: what, Where: where, UntilTime: wire.Time(w.Until), StepKey: w.StepKey,
		Escalated: w.Escalated,
	}
}

func toDecision(words text.Words, d *journey.Decision) *accounttransferv1.TransferDecision {
	if d == nil {
		return nil
	}
	return &accounttransferv1.TransferDecision{
		Question: words.Say(d.Question), NeedTime: wire.Time(d.NeededAt),
		Outcome:       wire.Value[accounttransferv1.DecisionOutcome](string(d.Outcome)),
		ChargesPaidBy: wire.Value[accounttransferv1.ChargesPayer](string(d.ChargesPaidBy)),
		Reason:        d.Reason, DecidedBy: wire.Actor(d.DecidedBy), DecideTime: wire.Time(d.DecidedAt),
	}
}

// The years in which a transfer can be spoken of. Far outside them the arithmetic of dates leaves what a timestamp holds.
const (
	firstYear = 2000
	lastYear  = 2200
)

// moment reads a time that a caller chose; zero for none. Refused with REQUEST_INVALID when it is no time, or none that
// a transfer can have.
func moment(field string, t *timestamppb.Timestamp) (time.Time, error) {
	at := wire.FromTime(t)
	if t != nil && (!t.IsValid() || at.Year() < firstYear || at.Year() > lastYear) {
		return time.Time{}, errs.InvalidField(field, "REQUEST_INVALID", "is no time between the years %d and %d", firstYear, lastYear)
	}
	return at, nil
}
