package accounttransfer

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/pkg/call"
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
		AsksPayer: s.AsksPayer,
	}
}

// span is nil for none.
func span(d time.Duration) *durationpb.Duration {
	if d == 0 {
		return nil
	}
	return durationpb.New(d)
}

// actionServer says what the reseller's people must do next.
type actionServer struct {
	accounttransferv1.UnimplementedActionServiceServer
	env    *kit.Env
	tables *tables
}

// agenda are the kinds of what somebody must see to, by their nouns, with what must hold of a wait to be listed by itself.
func agenda() map[accounttransferv1.ActionKind]map[string][]store.Cond {
	alone := []store.Cond{store.Eq("own_wait", true)}
	return map[accounttransferv1.ActionKind]map[string][]store.Cond{
		accounttransferv1.ActionKind_ACTION_KIND_TRANSFER:        {"transfer": alone},
		accounttransferv1.ActionKind_ACTION_KIND_CONNECTION:      {"connection": alone},
		accounttransferv1.ActionKind_ACTION_KIND_CONSENT:         {"consent": nil},
		accounttransferv1.ActionKind_ACTION_KIND_ACCOUNT_REQUEST: {"account_request": nil},
		accounttransferv1.ActionKind_ACTION_KIND_PAYER:           {"payer": nil},
		accounttransferv1.ActionKind_ACTION_KIND_ATTACHMENT:      {"attachment": nil},
	}
}

func (s *actionServer) ListActions(
	ctx context.Context, req *accounttransferv1.ListActionsRequest,
) (*accounttransferv1.ListActionsResponse, error) {
	asked := map[string][]store.Cond{}
	for kind, of := range agenda() {
		if len(req.GetKinds()) == 0 || slices.Contains(req.GetKinds(), kind) {
			maps.Copy(asked, of)
		}
	}
	caller := call.From(ctx)
	entries, next, err := s.tables.db.Agenda(ctx, caller.Scope, store.Agenda{
		Kinds: asked, Owners: []string{string(process.Reseller), string(process.Platform)}, Customer: req.GetCustomerId(),
		Size: wire.PageSize(req.GetPageSize()), Token: req.GetPageToken(), Caller: caller.KeyOwner,
	})
	if err != nil {
		return nil, err
	}
	ids, found := map[string][]string{}, map[string]*accounttransferv1.Action{}
	for _, e := range entries {
		ids[e.Kind] = append(ids[e.Kind], e.ID)
	}
	if err := s.describe(ctx, caller.Scope, ids, found); err != nil {
		return nil, err
	}
	resp := &accounttransferv1.ListActionsResponse{NextPageToken: next}
	for _, e := range entries {
		if a := found[e.ID]; a != nil { // one that was written by a newer release cannot be read
			resp.Actions = append(resp.Actions, s.completed(ctx, a, e))
		}
	}
	return resp, nil
}

// completed says of what is parked, and of what waits for somebody to let a call through, what is to be done.
func (s *actionServer) completed(ctx context.Context, a *accounttransferv1.Action, e store.Entry) *accounttransferv1.Action {
	words := s.env.Words(ctx)
	switch a.Parked = e.Parked; {
	case e.Parked:
		a.Waiting = toWaiting(words, &process.Waiting{Owner: process.Reseller, Text: text.New("wait.parked"), Escalated: true})
	case a.GetWaiting() == nil:
		a.Waiting = toWaiting(words, &process.Waiting{Owner: process.Reseller, Text: text.New("wait.refused"), Escalated: true})
	}
	return a
}

// describe reads what the actions are about.
func (s *actionServer) describe(
	ctx context.Context, scope call.Scope, ids map[string][]string, into map[string]*accounttransferv1.Action,
) error {
	words := s.env.Words(ctx)
	return errors.Join(
		described(ctx, scope, s.tables.transfers, ids, into, func(t *journey.Transfer) *accounttransferv1.Action {
			return &accounttransferv1.Action{
				Kind: accounttransferv1.ActionKind_ACTION_KIND_TRANSFER, CustomerId: t.CustomerID, OrderId: t.OrderID, TransferId: t.ID,
				AccountId: t.AccountID, Waiting: toWaiting(words, t.Waiting()),
			}
		}),
		described(ctx, scope, s.tables.connections, ids, into, func(c *connection.Connection) *accounttransferv1.Action {
			return &accounttransferv1.Action{
				Kind: accounttransferv1.ActionKind_ACTION_KIND_CONNECTION, CustomerId: c.CustomerID, OrderId: c.OrderID, TransferId: c.TransferID,
				AccountId: c.AccountID, Waiting: toWaiting(words, connection.Todo(c)),
			}
		}),
		described(ctx, scope, s.tables.consents, ids, into, func(k *consent.Consent) *accounttransferv1.Action {
			return &accounttransferv1.Action{
				Kind: accounttransferv1.ActionKind_ACTION_KIND_CONSENT, CustomerId: k.CustomerID, OrderId: k.OrderID, TransferId: k.TransferID,
				AccountId: k.AccountID, Waiting: toWaiting(words, k.Waiting()),
			}
		}),
		described(ctx, scope, s.tables.requests, ids, into, func(r *accountrequest.Request) *accounttransferv1.Action {
			return &accounttransferv1.Action{
				Kind: accounttransferv1.ActionKind_ACTION_KIND_ACCOUNT_REQUEST, CustomerId: r.CustomerID, AccountId: r.AccountID,
				Waiting: toWaiting(words, r.Waiting()),
			}
		}),
		described(ctx, scope, s.tables.attachments, ids, into, func(a *evidence.Attachment) *accounttransferv1.Action {
			return &accounttransferv1.Action{
				Kind: accounttransferv1.ActionKind_ACTION_KIND_ATTACHMENT, CustomerId: a.CustomerID, OrderId: a.OrderID, TransferId: a.TransferID,
			}
		}),
		described(ctx, payersBelongToNobody(), s.tables.payers, ids, into, func(p *payer.Payer) *accounttransferv1.Action {
			return &accounttransferv1.Action{
				Kind: accounttransferv1.ActionKind_ACTION_KIND_PAYER, AccountId: p.AccountID, Waiting: toWaiting(words, p.Waiting()),
			}
		}),
	)
}

func described[T any](
	ctx context.Context, scope call.Scope, table *store.Table[T], ids map[string][]string, into map[string]*accounttransferv1.Action,
	as func(*T) *accounttransferv1.Action,
) error {
	of := ids[table.Noun()]
	if len(of) == 0 {
		return nil
	}
	page, err := table.List(ctx, scope, store.Query{Where: []store.Cond{store.In("id", of...)}, Size: len(of)})
	for _, row := range page.Rows {
		a := as(row.Doc)
		a.ResourceId, a.CreateTime = row.ID, wire.Time(row.CreatedAt)
		into[row.ID] = a
	}
	return err
}
