package orders

import (
	"context"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/orders/internal/party"
)

type sellerServer struct {
	ordersv1.UnimplementedSellerServiceServer
	tables *tables
}

func (s *sellerServer) CreateSeller(ctx context.Context, req *ordersv1.CreateSellerRequest) (*ordersv1.CreateSellerResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*ordersv1.CreateSellerResponse, error) {
		seller, facts, err := party.NewSeller(fromSeller(req.GetSeller(), orNew(req.GetSellerId(), prefixSeller)))
		if err != nil {
			return nil, err
		}
		row, err := s.tables.sellers.Create(tx, seller.ID, seller, facts...)
		return &ordersv1.CreateSellerResponse{Seller: toSeller(row)}, err
	})
}

func (s *sellerServer) GetSeller(ctx context.Context, req *ordersv1.GetSellerRequest) (*ordersv1.GetSellerResponse, error) {
	row, err := s.tables.sellers.Get(ctx, anySeller(), req.GetSellerId())
	if err != nil {
		return nil, err
	}
	return &ordersv1.GetSellerResponse{Seller: toSeller(row)}, nil
}

func (s *sellerServer) ListSellers(ctx context.Context, req *ordersv1.ListSellersRequest) (*ordersv1.ListSellersResponse, error) {
	q := wire.Query(ctx, req)
	if c := req.GetCountryCode(); c != "" {
		q.Where = append(q.Where, store.Has("countries", countryKey(c)))
	}
	page, err := s.tables.sellers.List(ctx, anySeller(), q)
	if err != nil {
		return nil, err
	}
	return &ordersv1.ListSellersResponse{Sellers: wire.Rows(page.Rows, toSeller), NextPageToken: page.Next}, nil
}

func (s *sellerServer) UpdateSeller(ctx context.Context, req *ordersv1.UpdateSellerRequest) (*ordersv1.UpdateSellerResponse, error) {
	edit, err := sellerEdit(req.GetSeller(), req.GetUpdateMask())
	if err != nil {
		return nil, err
	}
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*ordersv1.UpdateSellerResponse, error) {
		sellerID := req.GetSellerId()
		customers, err := s.tables.customers.ListTx(tx, customersOfSeller(), store.Query{
			Where: []store.Cond{store.Eq("seller", sellerID)}, Size: 1,
		})
		if err != nil {
			return nil, err
		}
		row, err := s.tables.sellers.Update(tx, anySeller(), sellerID, req.GetEtag(), func(d *party.Seller) ([]fact.Fact, error) {
			return d.Revise(edit, len(customers.Rows) > 0)
		})
		return &ordersv1.UpdateSellerResponse{Seller: toSeller(row)}, err
	})
}

// orNew keeps an id that the caller chose.
func orNew(chosen, prefix string) string {
	if chosen != "" {
		return chosen
	}
	return id.New(prefix)
}
