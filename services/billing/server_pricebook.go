package billing

import (
	"context"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/billing/internal/pricebook"
)

type pricebookServer struct {
	billingv1.UnimplementedPricebookServiceServer
	tables  *tables
	sellers ordersv1.SellerServiceClient
}

func (s *pricebookServer) CreatePricebook(
	ctx context.Context, req *billingv1.CreatePricebookRequest,
) (*billingv1.CreatePricebookResponse, error) {
	chosen := req.GetPricebookId()
	if chosen == "" {
		chosen = id.New(prefixPricebook)
	}
	draft, err := fromPricebook(req.GetPricebook(), chosen)
	if err != nil {
		return nil, err
	}
	book, facts, err := pricebook.New(draft)
	if err != nil {
		return nil, err
	}
	if err := s.sellerKnown(ctx, book.SellerID); err != nil {
		return nil, err
	}
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*billingv1.CreatePricebookResponse, error) {
		if err := s.standardFree(tx, book); err != nil {
			return nil, err
		}
		row, err := s.tables.pricebooks.Create(tx, book.ID, book, facts...)
		return &billingv1.CreatePricebookResponse{Pricebook: toPricebook(row)}, err
	})
}

// sellerKnown asks Orders, before the transaction.
func (s *pricebookServer) sellerKnown(ctx context.Context, sellerID string) error {
	_, err := s.sellers.GetSeller(ctx, &ordersv1.GetSellerRequest{SellerId: sellerID})
	if errs.KindOf(err) == errs.NotFound {
		return errs.InvalidField("pricebook.seller_id", "SELLER_UNKNOWN", "there is no seller %q", sellerID)
	}
	return err
}

// standardFree refuses a second standard. The table's unique index closes the race that is left.
func (s *pricebookServer) standardFree(tx *store.Tx, book *pricebook.Pricebook) error {
	if !book.Standard {
		return nil
	}
	found, err := s.tables.pricebooks.ListTx(
		tx, sharedTerms(), store.Query{Where: []store.Cond{store.Eq("standard_for", book.StandardFor())}, Size: 1},
	)
	if err != nil || len(found.Rows) == 0 || found.Rows[0].ID == book.ID {
		return err
	}
	return pricebook.StandardTaken(book.CurrencyCode, found.Rows[0].ID)
}

func (s *pricebookServer) GetPricebook(ctx context.Context, req *billingv1.GetPricebookRequest) (*billingv1.GetPricebookResponse, error) {
	row, err := s.tables.pricebooks.Get(ctx, sharedTerms(), req.GetPricebookId())
	if err != nil {
		return nil, err
	}
	return &billingv1.GetPricebookResponse{Pricebook: toPricebook(row)}, nil
}

func (s *pricebookServer) ListPricebooks(
	ctx context.Context, req *billingv1.ListPricebooksRequest,
) (*billingv1.ListPricebooksResponse, error) {
	page, err := s.tables.pricebooks.List(ctx, sharedTerms(), wire.Filter(wire.Query(ctx, req), "seller", req.GetSellerId()))
	if err != nil {
		return nil, err
	}
	show := toPricebook
	if p, _ := auth.From(ctx); p.Role == auth.Partner {
		show = choosable
	}
	return &billingv1.ListPricebooksResponse{Pricebooks: wire.Rows(page.Rows, show), NextPageToken: page.Next}, nil
}

// choosable is what a partner needs to choose a pricebook: what the reseller earns is none of its business.
func choosable(row store.Row[pricebook.Pricebook]) *billingv1.Pricebook {
	b := row.Doc
	return &billingv1.Pricebook{PricebookId: row.ID, SellerId: b.SellerID, DisplayName: b.DisplayName, CurrencyCode: b.CurrencyCode}
}

func (s *pricebookServer) UpdatePricebook(
	ctx context.Context, req *billingv1.UpdatePricebookRequest,
) (*billingv1.UpdatePricebookResponse, error) {
	edit, err := pricebookEdit(req.GetPricebook(), req.GetUpdateMask())
	if err != nil {
		return nil, err
	}
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*billingv1.UpdatePricebookResponse, error) {
		before, err := s.tables.pricebooks.GetForUpdate(tx, sharedTerms(), req.GetPricebookId())
		if err != nil {
			return nil, err
		}
		next := *before.Doc
		if _, err := next.Revise(edit); err != nil {
			return nil, err
		}
		if err := s.standardFree(tx, &next); err != nil {
			return nil, err
		}
		row, err := s.tables.pricebooks.Update(tx, sharedTerms(), before.ID, req.GetEtag(), func(b *pricebook.Pricebook) ([]fact.Fact, error) {
			return b.Revise(edit)
		})
		return &billingv1.UpdatePricebookResponse{Pricebook: toPricebook(row)}, err
	})
}
