package accounttransfer

import (
	"context"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	"example.com/handover/pkg/wire"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/accounttransfer/internal/accountrequest"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/consent"
	"example.com/handover/services/accounttransfer/internal/evidence"
	"example.com/handover/services/accounttransfer/internal/journey"
	"example.com/handover/services/accounttransfer/internal/journey/templates"
	"example.com/handover/services/accounttransfer/internal/payer"
	"example.com/handover/services/accounttransfer/internal/process"
)

func (s *transferServer) PreviewDates(
	_ context.Context, req *accounttransferv1.PreviewDatesRequest,
) (*accounttransferv1.PreviewDatesResponse, error) {
	accept, err := moment("accept_time", req.GetAcceptTime())
	if err != nil {
		return nil, err
	}
	start, err := moment("start_time", req.GetStartTime())
	if err != nil {
		return nil, err
	}
	if accept.IsZero() {
		accept = s.env.Business.Now()
	}
	d, err := connection.PreviewDates(accept, start, cycles)
	if err != nil {
		return nil, err
	}
	resp := &accounttransferv1.PreviewDatesResponse{
		StartTime: wire.Time(d.Start), AcceptByTime: wire.Time(d.AcceptBy),
		FirstChargeMonth:  wire.Month(d.FirstCharge),
		VendorInvoiceTime: wire.Time(d.VendorInvoice), CommitmentEndTime: wire.Time(d.CommitmentEnd),
	}
	return resp, previewEnd(resp, req, d, accept)
}

// previewEnd adds what each policy of the commitment means, and a removal.
func previewEnd(
	resp *accounttransferv1.PreviewDatesResponse, req *accounttransferv1.PreviewDatesRequest, d connection.Dates, accept time.Time,
) error {
	var times [3]time.Time
	for i, given := range []struct {
		field string
		at    *timestamppb.Timestamp
	}{{"handshake_time", req.GetHandshakeTime()}, {"purchase_time", req.GetPurchaseTime()}, {"remove_time", req.GetRemoveTime()}} {
		var err error
		if times[i], err = moment(given.field, given.at); err != nil {
			return err
		}
	}
	handshake, purchase, remove := times[0], times[1], times[2]
	if handshake.IsZero() {
		handshake = accept
	}
	var end time.Time
	if !remove.IsZero() {
		r := connection.Removed(d.FirstCharge, remove)
		end, resp.Removal = r.End, &accounttransferv1.RemovalPreview{
			EndTime: wire.Time(r.End), LastChargeMonth: wire.Month(r.LastCharged), FinalInvoiceMonth: wire.Month(r.Final), Cycles: int32(r.Cycles),
		}
	}
	for _, c := range connection.Committed(d.FirstCharge, cycles, handshake, purchase) {
		resp.Commitments = append(resp.Commitments, &accounttransferv1.CommitmentPreview{
			Policy: wire.Value[accounttransferv1.CommitmentPolicy](string(c.Policy)), EndTime: wire.Time(c.End),
			EarliestEndTime: wire.Time(c.Earliest), Cycles: int32(c.Cycles), Broken: !end.IsZero() && end.Before(c.Earliest),
		})
	}
	return nil
}

// cycles of the commitment (BIL-002).
const cycles = 12

// ListTemplates answers in one page: the processes are few.
func (s *transferServer) ListTemplates(
	ctx context.Context, _ *accounttransferv1.ListTemplatesRequest,
) (*accounttransferv1.ListTemplatesResponse, error) {
	words := s.env.Words(ctx)
	resp := &accounttransferv1.ListTemplatesResponse{}
	for _, tpl := range templates.All() {
		out := &accounttransferv1.Template{
			Key: tpl.Key, Version: int32(tpl.Version), Title: words.Say(text.New("template." + tpl.Key)),
			Kind: wire.Value[accounttransferv1.TransferKind](string(tpl.Kind)),
		}
		for _, step := range tpl.Steps {
			out.Steps = append(out.Steps, toTemplateStep(words, step))
		}
		resp.Templates = append(resp.Templates, out)
	}
	return resp, nil
}

func toTemplateStep(words text.Words, s process.TemplateStep) *accounttransferv1.TemplateStep {
	step := &process.Step{TemplateStep: s}
	what, where := words.Instruct(step.Instruction())
	return &accounttransferv1.TemplateStep{
		Key: s.Key, Title: words.Say(step.Title()), Owner: wire.Value[typev1.Party](string(s.Owner)), Requires: s.Requires,
		CompletedBy: wire.Value[accounttransferv1.StepCompletion](string(s.CompletedBy)), Condition: string(s.Condition),
		EvidenceRequired: s.EvidenceRequired, EscalateAfter: span(s.EscalateAfter), DueAfter: span(s.DueAfter), What: what, Where: where,
		OnlyFor: wire.Value[accounttransferv1.TransferTrait](string(s.OnlyFor)), Asks: wire.Value[accounttransferv1.StepAsk](string(s.Asks)),
		AsksPayer: s.AsksPayer, ReminderTemplateKey: s.ReminderTemplate,
	}
}

// span is nil for none.
func span(d time.Duration) *durationpb.Duration {
	if d == 0 {
		return nil
	}
	return durationpb.New(d)
}

// actions is what the reseller's people must see to, each wait by what it is done at.
func actions(t *tables) kit.Actions {
	alone := []store.Cond{store.Eq("own_wait", true)}
	transfers := kit.ActionsIn(
		typev1.ActionKind_ACTION_KIND_TRANSFER, t.transfers, func(w text.Words, t *journey.Transfer) (*typev1.Action, bool) {
			a := &typev1.Action{
				TransferId: t.ID, AccountId: t.AccountID, Waiting: toWaiting(w, t.Waiting()), CutOffTime: wire.Time(journey.CutOff(t)),
			}
			if t.Intents.Refused() && journey.AwaitsConsent(t) {
				a.Waiting = nil // the consent lists it
			}
			for _, besides := range journey.Besides(t) {
				a.Besides = append(a.Besides, toWaiting(w, &besides))
			}
			return a, t.Intents.Refused()
		},
	)
	transfers.Alone, transfers.Besides, transfers.CutOff = alone, []store.Cond{store.True("own_step")}, true
	connections := kit.ActionsIn(
		typev1.ActionKind_ACTION_KIND_CONNECTION, t.connections, func(w text.Words, c *connection.Connection) (*typev1.Action, bool) {
			a := &typev1.Action{TransferId: c.TransferID, AccountId: c.AccountID, CutOffTime: wire.Time(connection.CutOff(c))}
			if connection.ShownAlone(c) { // its journey lists it otherwise
				a.Waiting = toWaiting(w, connection.Todo(c))
			}
			return a, c.Intents.Refused()
		},
	)
	connections.Alone, connections.CutOff = alone, true
	return kit.Actions{
		Parked: text.New("wait.parked"), Dead: text.New("wait.dead_letter"),
		Refused: text.New("wait.refused"), Of: []kit.ActionsOf{
			transfers, connections,
			kit.ActionsIn(typev1.ActionKind_ACTION_KIND_CONSENT, t.consents, func(w text.Words, k *consent.Consent) (*typev1.Action, bool) {
				return &typev1.Action{TransferId: k.TransferID, AccountId: k.AccountID, Waiting: toWaiting(w, k.Waiting())}, k.Intents.Refused()
			}),
			kit.ActionsIn(
				typev1.ActionKind_ACTION_KIND_ACCOUNT_REQUEST, t.requests, func(w text.Words, r *accountrequest.Request) (*typev1.Action, bool) {
					return &typev1.Action{AccountId: r.AccountID, Waiting: toWaiting(w, r.Waiting())}, r.Intents.Refused()
				},
			),
			kit.ActionsIn(
				typev1.ActionKind_ACTION_KIND_ATTACHMENT, t.attachments, func(_ text.Words, a *evidence.Attachment) (*typev1.Action, bool) {
					return &typev1.Action{TransferId: a.TransferID}, a.Intents.Refused()
				},
			),
			kit.ActionsIn(typev1.ActionKind_ACTION_KIND_PAYER, t.payers, func(w text.Words, p *payer.Payer) (*typev1.Action, bool) {
				return &typev1.Action{AccountId: p.AccountID, Waiting: toWaiting(w, p.Waiting())}, p.Intents.Refused()
			}),
		},
	}
}

// found are what people find by an account, by what AWS calls it, and by a mail address.
func found(t *tables) []kit.Found {
	by := func(f kit.Found) kit.Found {
		f.By = map[typev1.MatchedBy]kit.Sought{}
		for _, said := range []typev1.MatchedBy{typev1.MatchedBy_MATCHED_BY_ACCOUNT_ID, typev1.MatchedBy_MATCHED_BY_AWS_ID} {
			f.By[said] = kit.ByWord(said)
		}
		return f
	}
	consents := by(kit.FoundIn(typev1.HitKind_HIT_KIND_CONSENT, t.consents, func(_ text.Words, k *consent.Consent) *typev1.Hit {
		return &typev1.Hit{AccountId: k.AccountID, State: string(k.State), OrderId: k.OrderID, TransferId: k.TransferID}
	}))
	consents.By[typev1.MatchedBy_MATCHED_BY_MAIL_ADDRESS] = kit.ByAnother("id", "persons", "consent", "address")
	consents.By[typev1.MatchedBy_MATCHED_BY_ID] = func(value string) (q store.Query) {
		if id.Valid(prefixPerson, value) {
			return kit.ByAnother("id", "persons", "consent", "id")(value)
		}
		return q
	}
	requests := by(kit.FoundIn(typev1.HitKind_HIT_KIND_ACCOUNT_REQUEST, t.requests, func(_ text.Words, r *accountrequest.Request) *typev1.Hit {
		return &typev1.Hit{Title: r.Nickname, AccountId: r.AccountID, State: string(r.State), ConnectionId: r.ConnectionID}
	}))
	requests.By[typev1.MatchedBy_MATCHED_BY_MAIL_ADDRESS] = kit.ByAnother("mailbox", "mailboxes", "id", "found_by")
	return []kit.Found{
		by(kit.FoundIn(typev1.HitKind_HIT_KIND_TRANSFER, t.transfers, func(_ text.Words, t *journey.Transfer) *typev1.Hit {
			return &typev1.Hit{
				AccountId: t.AccountID, State: string(t.State), OrderId: t.OrderID, AgreementId: t.AgreementID, TransferId: t.ID,
				ConnectionId: t.ConnectionID,
			}
		})),
		by(kit.FoundIn(typev1.HitKind_HIT_KIND_CONNECTION, t.connections, func(_ text.Words, c *connection.Connection) *typev1.Hit {
			return &typev1.Hit{
				AccountId: c.AccountID, State: string(c.State), OrderId: c.OrderID, AgreementId: c.AgreementID, TransferId: c.TransferID,
				ConnectionId: c.ID,
			}
		})),
		consents, requests,
		by(kit.FoundIn(typev1.HitKind_HIT_KIND_PAYER, t.payers, func(_ text.Words, p *payer.Payer) *typev1.Hit {
			return &typev1.Hit{Title: p.DisplayName, AccountId: p.AccountID, State: string(p.State)}
		})),
	}
}
