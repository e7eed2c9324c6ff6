package accounttransfer

import (
	"context"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"

	"example.com/handover/pkg/text"
	"example.com/handover/pkg/wire"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/journey/templates"
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
	return &accounttransferv1.PreviewDatesResponse{
		StartTime: wire.Time(d.Start), AcceptByTime: wire.Time(d.AcceptBy),
		FirstChargeMonth:  &typev1.Month{Year: int32(d.FirstCharge.Year), Month: int32(d.FirstCharge.Month)},
		VendorInvoiceTime: wire.Time(d.VendorInvoice), CommitmentEndTime: wire.Time(d.CommitmentEnd),
	}, nil
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
	}
}

// span is nil for none.
func span(d time.Duration) *durationpb.Duration {
	if d == 0 {
		return nil
	}
	return durationpb.New(d)
}
