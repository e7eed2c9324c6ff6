package accounttransfer

import (
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/accounttransfer/internal/transfer"
)

func toTransfer(r store.Row[transfer.Transfer]) *accounttransferv1.Transfer {
	t := r.Doc
	if t == nil {
		return nil
	}
	out := &accounttransferv1.Transfer{
		TransferId: r.ID, OrderId: t.OrderID, CustomerId: t.CustomerID, PayerId: t.PayerID,
		Kind:            wire.Value[accounttransferv1.TransferKind](string(t.Kind)),
		Template:        &accounttransferv1.TemplateRef{Key: t.Template.Key, Version: int32(t.Template.Version)},
		SourceAccountId: t.SourceAccountID, State: wire.Value[accounttransferv1.TransferState](string(t.State)),
		Waiting: toWaiting(t.Waiting()), Failure: toFailure(t.Failure), Decision: toDecision(t.Decision), EffectiveTime: wire.Time(t.EffectiveAt()),
		Etag: r.ETag(), CreateTime: wire.Time(r.CreatedAt), UpdateTime: wire.Time(r.UpdatedAt), EndTime: wire.Time(t.EndedAt),
		AgreementId: t.AgreementID, SupportModel: wire.Value[accounttransferv1.SupportModel](string(t.SupportModel)), Flags: wire.Values[accounttransferv1.TransferFlag](t.Flags()),
	}
	addContract(out, t)
	for i := range t.Steps {
		out.Steps = append(out.Steps, toStep(t, &t.Steps[i]))
	}
	for _, inv := range t.Invitations {
		out.Invitations = append(out.Invitations, toInvitation(inv))
	}
	if e := t.Ending; e != nil {
		out.Ending = &accounttransferv1.TransferEnding{
			Reason: e.Reason, RequestedBy: wire.Actor(e.RequestedBy), RequestTime: wire.Time(e.RequestedAt),
		}
	}
	return out
}

func toStep(t *transfer.Transfer, s *transfer.Step) *accounttransferv1.Step {
	what, where := t.Told(s)
	return &accounttransferv1.Step{
		Key: s.Key, Title: s.Title, Owner: wire.Value[typev1.Party](string(s.Owner)),
		State: wire.Value[accounttransferv1.StepState](string(s.State)), Requires: s.Requires,
		CompletedBy: wire.Value[accounttransferv1.StepCompletion](string(s.CompletedBy)),
		OpenTime:    wire.Time(s.OpenedAt), DoneTime: wire.Time(s.DoneAt), DoneBy: wire.Actor(s.DoneBy),
		EscalateTime: wire.Time(s.EscalateAt), DueTime: wire.Time(s.DueAt), What: what, Where: where,
		Evidence: s.Evidence, Reason: s.Reason, Failure: toFailure(s.Failure),
	}
}

func toInvitation(inv transfer.Invitation) *accounttransferv1.Invitation {
	out := &accounttransferv1.Invitation{
		Attempt: int32(inv.Attempt), Name: inv.Name, State: wire.Value[accounttransferv1.InvitationState](string(inv.State)),
		AwsTransferId: inv.AWSTransferID, AwsHandshakeId: inv.AWSHandshakeID, StartTime: wire.Time(inv.StartAt),
		AcceptByTime: wire.Time(inv.AcceptBy), ExpireTime: wire.Time(inv.ExpiresAt), RequestTime: wire.Time(inv.RequestedAt),
		RespondTime: wire.Time(inv.RespondedAt), EndTime: wire.Time(inv.EndsAt), Supersedes: int32(inv.Supersedes),
	}
	if e := inv.Error; e != nil {
		out.Error = &accounttransferv1.InvitationError{
			Reason: e.Reason, Message: e.Message, Owner: wire.Value[typev1.Party](string(e.Owner)), Remedy: e.Remedy,
		}
	}
	return out
}

func toFailure(f *transfer.Failure) *accounttransferv1.Failure {
	if f == nil {
		return nil
	}
	return &accounttransferv1.Failure{Code: wire.Value[accounttransferv1.FailureCode](f.Code), Message: f.Message}
}

func toWaiting(w *transfer.Waiting) *typev1.Waiting {
	if w == nil {
		return nil
	}
	return &typev1.Waiting{
		Owner: wire.Value[typev1.Party](string(w.Owner)), What: w.What, Where: w.Where, UntilTime: wire.Time(w.Until), StepKey: w.StepKey,
	}
}
