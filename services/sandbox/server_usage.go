package sandbox

import (
	"cmp"
	"context"
	"strings"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/sim/aws/bill"
	"example.com/handover/pkg/sim/aws/state"
	"example.com/handover/pkg/wire"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

func (s *server) RecordUsage(ctx context.Context, req *sandboxv1.RecordUsageRequest) (*sandboxv1.RecordUsageResponse, error) {
	month := monthOf(req.GetMonth())
	lines := make([]state.Usage, 0, len(req.GetLines()))
	for _, l := range req.GetLines() {
		lines = append(lines, state.Usage{
			Account: cmp.Or(l.GetMemberAccountId(), req.GetAccountId()), Month: month, Service: l.GetService(), UsageType: l.GetUsageType(),
			RecordType: l.GetRecordType(), BillingEntity: l.GetBillingEntity(), Region: l.GetRegion(), Quantity: l.GetQuantity(),
			Amount: l.GetAmount(), Day: int(l.GetDay()),
		})
	}
	if _, err := s.worlds.aws.RecordUsage(ctx, lines...); err != nil {
		return nil, refusal(err)
	}
	return &sandboxv1.RecordUsageResponse{LineCount: int32(len(s.worlds.aws.Usage(req.GetAccountId(), month)))}, nil
}

func (s *server) CloseMonth(ctx context.Context, req *sandboxv1.CloseMonthRequest) (*sandboxv1.CloseMonthResponse, error) {
	issued, err := s.worlds.aws.CloseMonth(ctx, req.GetAccountId(), monthOf(req.GetMonth()))
	if err != nil {
		return nil, refusal(err)
	}
	resp := &sandboxv1.CloseMonthResponse{}
	for _, i := range issued {
		resp.Invoices = append(resp.Invoices, toInvoice(i))
	}
	return resp, nil
}

func toInvoice(i bill.Invoice) *sandboxv1.AwsInvoice {
	return &sandboxv1.AwsInvoice{
		InvoiceId: i.ID, SourceAccountId: i.Source, Entity: strings.ToUpper(strings.ReplaceAll(i.Entity, " ", "_")),
		IssueTime: wire.Time(i.IssuedAt),
		Total:     &typev1.Money{CurrencyCode: i.Base.BeforeTax.Currency(), Amount: i.Base.BeforeTax.Amount()},
	}
}

func monthOf(m *typev1.Month) calendar.Month {
	return calendar.Month{Year: int(m.GetYear()), Month: time.Month(m.GetMonth())}
}
