package billing

import (
	"context"
	"io"
	"time"

	"example.com/handover/pkg/blob"
	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	"example.com/handover/services/billing/internal/invoice"
	"example.com/handover/services/billing/internal/invoicepdf"
	"example.com/handover/services/billing/internal/statement"
)

type invoiceServer struct {
	billingv1.UnimplementedInvoiceServiceServer
	tables *tables
	blobs  blob.Store
}

func (s *invoiceServer) GetInvoice(ctx context.Context, req *billingv1.GetInvoiceRequest) (*billingv1.GetInvoiceResponse, error) {
	row, err := s.tables.invoices.Get(ctx, call.From(ctx).Scope, req.GetInvoiceId())
	if err != nil {
		return nil, err
	}
	return &billingv1.GetInvoiceResponse{Invoice: toInvoice(row)}, nil
}

func (s *invoiceServer) ListInvoices(ctx context.Context, req *billingv1.ListInvoicesRequest) (*billingv1.ListInvoicesResponse, error) {
	q := wire.Filter(wire.Query(ctx, req), "customer", req.GetCustomerId())
	q = wire.Filter(q, "seller", req.GetSellerId())
	q = wire.Filter(q, "relationship", req.GetRelationshipId())
	q = wire.Filter(q, "correlation", req.GetOrderId())
	page, err := s.tables.invoices.List(ctx, call.From(ctx).Scope, q)
	if err != nil {
		return nil, err
	}
	return &billingv1.ListInvoicesResponse{Invoices: wire.Rows(page.Rows, toInvoice), NextPageToken: page.Next}, nil
}

func (s *invoiceServer) GetInvoiceDocument(
	ctx context.Context, req *billingv1.GetInvoiceDocumentRequest,
) (*billingv1.GetInvoiceDocumentResponse, error) {
	row, err := s.tables.invoices.Get(ctx, call.From(ctx).Scope, req.GetInvoiceId())
	if err != nil {
		return nil, err
	}
	if row.Doc.DocumentSHA256 == "" {
		e := errs.New(errs.Unavailable, "DOCUMENT_NOT_READY", "the document of invoice %s is being made", row.Doc.Number)
		e.RetryAfter = time.Second
		return nil, e
	}
	content, err := s.read(ctx, documentKey(row.ID))
	if err != nil {
		return nil, err
	}
	if blob.Hash(content) != row.Doc.DocumentSHA256 {
		return nil, errs.New(errs.Internal, "INTERNAL", "the document of invoice %s is not the one that was made", row.Doc.Number)
	}
	return &billingv1.GetInvoiceDocumentResponse{
		FileName: invoicepdf.FileName(row.Doc.Number), ContentType: invoicepdf.ContentType, Content: content, Sha256: row.Doc.DocumentSHA256,
	}, nil
}

func (s *invoiceServer) read(ctx context.Context, key string) ([]byte, error) {
	b, err := s.blobs.Get(ctx, classInvoices, key)
	if err != nil {
		return nil, errs.Wrap(err, errs.Internal, "INTERNAL", "a document that was made cannot be read")
	}
	defer func() { _ = b.Content.Close() }()
	return io.ReadAll(b.Content)
}

// documentKey is where an invoice's document is kept. It names nobody.
func documentKey(invoiceID string) string { return invoiceID + ".pdf" }

func toInvoice(row store.Row[invoice.Invoice]) *billingv1.Invoice {
	i := row.Doc
	if i == nil {
		return nil
	}
	out := &billingv1.Invoice{
		InvoiceId: row.ID, Number: i.Number, SellerId: i.SellerID, CustomerId: i.CustomerID, OrderId: i.OrderID,
		AgreementId: i.AgreementID, RelationshipId: i.RelationshipID, PeriodId: i.PeriodID, Month: wire.Month(i.Month),
		Issuer: toParty(i.Issuer), BillTo: toParty(i.BillTo), Total: toMoney(i.Total), First: i.First, IsFinal: i.Final,
		IssueTime: wire.Time(i.IssuedAt), DueTime: wire.Time(i.DueAt), DocumentSha256: i.DocumentSHA256,
		State: wire.Value[billingv1.InvoiceState](string(i.State)), Etag: row.ETag(),
	}
	for _, l := range i.Lines {
		out.Lines = append(out.Lines, &billingv1.InvoiceLine{
			Category: wire.Value[billingv1.ChargeCategory](string(l.Category)), Description: l.Description, Amount: toMoney(l.Price),
		})
	}
	if out.Exchanges = toExchanges(i.Exchanges); len(out.Exchanges) > 0 {
		out.Exchange = out.Exchanges[0]
	}
	return out
}

func toExchanges(all []statement.Exchange) (out []*billingv1.InvoiceExchange) {
	for _, x := range all {
		out = append(out, &billingv1.InvoiceExchange{
			FromCurrencyCode: x.From, ToCurrencyCode: x.To, Rate: x.Rate.String(), Entity: string(x.Entity),
			Source: wire.Value[billingv1.ExchangeSource](string(x.Source)),
		})
	}
	return out
}

func toParty(p invoice.Party) *billingv1.InvoiceParty {
	return &billingv1.InvoiceParty{Name: p.Name, CountryCode: p.CountryCode, Attention: p.Attention}
}
