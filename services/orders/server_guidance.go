package orders

import (
	"context"
	"slices"
	"time"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/guidance"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/orders/internal/catalogue"
)

type pageRow = store.Row[guidance.Page]

// ListGuidance answers in one page: a place has few links. A mail is for a customer's people, whoever asks.
func (s *catalogServer) ListGuidance(ctx context.Context, req *ordersv1.ListGuidanceRequest) (*ordersv1.ListGuidanceResponse, error) {
	if req.GetPageToken() != "" {
		return nil, errs.InvalidField("page_token", "PAGE_TOKEN_INVALID", "the list has one page")
	}
	pages, err := s.tables.pages(ctx)
	if err != nil {
		return nil, err
	}
	at := guidance.Place{
		ProductID: req.GetProductId(), TemplateKey: req.GetTemplateKey(), StepKey: req.GetStepKey(), MailKey: req.GetMailKey(),
	}
	who, language := readerOf(ctx), call.From(ctx).Language
	if req.GetMailKey() != "" {
		who = guidance.Everybody
	}
	if req.GetLanguage() != "" {
		language = req.GetLanguage()
	}
	return &ordersv1.ListGuidanceResponse{GuidanceLinks: toLinks(guidance.Links(pages, at, who, language, s.now()))}, nil
}

// links are those that the caller reads at a place now.
func links(ctx context.Context, pages []*guidance.Page, at guidance.Place, now time.Time) []*ordersv1.GuidanceLink {
	return toLinks(guidance.Links(pages, at, readerOf(ctx), call.From(ctx).Language, now))
}

// pages are all that are kept: fewer than a query may find.
func (t *tables) pages(ctx context.Context) ([]*guidance.Page, error) {
	found, err := t.guidance.List(ctx, anyPage(), store.Query{Size: catalogue.MostPages})
	if err != nil {
		return nil, err
	}
	return wire.Rows(found.Rows, func(r pageRow) *guidance.Page { return r.Doc }), nil
}

// readerOf is the audience that a caller belongs to.
func readerOf(ctx context.Context) guidance.Audience {
	p, _ := auth.From(ctx)
	switch {
	case p.Role == auth.Partner:
		return guidance.Partners
	case call.From(ctx).Scope.All():
		return guidance.Operators
	}
	return guidance.Everybody
}

func (s *catalogServer) ListGuidancePages(
	ctx context.Context, req *ordersv1.ListGuidancePagesRequest,
) (*ordersv1.ListGuidancePagesResponse, error) {
	found, err := s.tables.guidance.List(ctx, anyPage(), store.Query{
		OrderBy: "created_at", Desc: true, Size: wire.PageSize(req.GetPageSize()), Token: req.GetPageToken(), Caller: call.From(ctx).KeyOwner,
	})
	if err != nil {
		return nil, err
	}
	return &ordersv1.ListGuidancePagesResponse{Pages: wire.Rows(found.Rows, toPage), NextPageToken: found.Next}, nil
}

func (s *catalogServer) SetGuidancePage(
	ctx context.Context, req *ordersv1.SetGuidancePageRequest,
) (*ordersv1.SetGuidancePageResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*ordersv1.SetGuidancePageResponse, error) {
		next := fromPage(req.GetPage())
		next.Key, next.Reason, next.SetBy = req.GetPageKey(), req.GetReason(), tx.Call().Actor
		row, err := s.setPage(tx, next, req.GetEtag())
		return &ordersv1.SetGuidancePageResponse{Page: toPage(row)}, err
	})
}

// setPage changes the row of a page, or makes the first.
func (s *catalogServer) setPage(tx *store.Tx, next guidance.Page, etag string) (row pageRow, err error) {
	found, err := s.tables.guidance.ListTx(tx, anyPage(), store.Query{Where: []store.Cond{store.Eq("page_key", next.Key)}, Size: 1})
	if err != nil {
		return row, err
	}
	if len(found.Rows) > 0 {
		set := func(p *guidance.Page) ([]fact.Fact, error) { return catalogue.SetPage(p, next) }
		return s.tables.guidance.Update(tx, anyPage(), found.Rows[0].ID, etag, set)
	}
	if etag != "" {
		return row, errs.New(errs.Conflict, "ETAG_MISMATCH", "there is no page %q yet: send no etag", next.Key)
	}
	kept, err := s.tables.guidance.CountTx(tx, anyPage())
	if err != nil {
		return row, err
	}
	if err := catalogue.RoomForPage(kept); err != nil {
		return row, err
	}
	first := &guidance.Page{}
	facts, err := catalogue.SetPage(first, next)
	if err != nil {
		return row, err
	}
	return s.tables.guidance.Create(tx, id.New(prefixPage), first, facts...)
}

func toLinks(links []guidance.Link) []*ordersv1.GuidanceLink {
	var out []*ordersv1.GuidanceLink
	for _, l := range links {
		out = append(out, &ordersv1.GuidanceLink{Title: l.Title, Uri: l.URI, PageKey: l.Key, Language: l.Language, TemplateKey: l.TemplateKey})
	}
	return out
}

func toPage(r pageRow) *ordersv1.GuidancePage {
	if r.Doc == nil {
		return nil
	}
	p := r.Doc
	out := &ordersv1.GuidancePage{
		PageKey: p.Key, ProductId: p.ProductID, TemplateKey: p.TemplateKey, StepKey: p.StepKey, MailKeys: slices.Clone(p.MailKeys),
		Audience: wire.Value[ordersv1.GuidanceAudience](string(p.Audience)), ValidFromTime: wire.Time(p.From), ValidUntilTime: wire.Time(p.Until),
		ChangeReason: p.Reason, Etag: r.ETag(),
	}
	for _, t := range p.Texts {
		out.Texts = append(out.Texts, &ordersv1.GuidanceText{Language: t.Language, Title: t.Title, Uri: t.URI})
	}
	return out
}

func fromPage(p *ordersv1.GuidancePage) guidance.Page {
	out := guidance.Page{
		ProductID: p.GetProductId(), TemplateKey: p.GetTemplateKey(), StepKey: p.GetStepKey(), MailKeys: p.GetMailKeys(),
		Audience: guidance.Audience(wire.Name(p.GetAudience())),
		From:     wire.FromTime(p.GetValidFromTime()), Until: wire.FromTime(p.GetValidUntilTime()),
	}
	for _, t := range p.GetTexts() {
		out.Texts = append(out.Texts, guidance.Text{Language: t.GetLanguage(), Title: t.GetTitle(), URI: t.GetUri()})
	}
	return out
}
