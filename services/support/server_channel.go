package support

import (
	"context"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	"example.com/handover/services/support/internal/cases"
	"example.com/handover/services/support/internal/channel"
)

type channelServer struct {
	supportv1.UnimplementedChannelServiceServer
	tables *tables
}

// SetUpChannel makes the channel and its case together: neither is there without the other.
func (s *channelServer) SetUpChannel(ctx context.Context, req *supportv1.SetUpChannelRequest) (*supportv1.SetUpChannelResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*supportv1.SetUpChannelResponse, error) {
		wanted := fromWanted(req)
		others, err := s.tables.before(tx, wanted.OrderID, wanted.ID)
		if err != nil {
			return nil, err
		}
		c, facts, err := channel.New(wanted, id.New(prefixCase), len(others) > 0)
		if err != nil {
			return nil, err
		}
		there, err := s.tables.channels.GetTx(tx, tx.Call().Scope, wanted.ID)
		switch {
		case err == nil && there.Doc.AskedAs(wanted):
			return &supportv1.SetUpChannelResponse{Channel: toChannel(there)}, nil
		case err != nil && errs.KindOf(err) != errs.NotFound:
			return nil, err
		}
		row, err := s.tables.channels.Create(tx, c.ID, c, facts...) // refuses an id that is taken
		if err != nil {
			return nil, err
		}
		opening, about := c.Opening()
		k, opened := cases.OpenChannelSetup(opening, about, tx.Call().Actor, tx.Now())
		_, err = s.tables.cases.Create(tx, k.ID, k, opened...)
		return &supportv1.SetUpChannelResponse{Channel: toChannel(row)}, err
	})
}

func (s *channelServer) GetChannel(ctx context.Context, req *supportv1.GetChannelRequest) (*supportv1.GetChannelResponse, error) {
	row, err := s.tables.channels.Get(ctx, call.From(ctx).Scope, req.GetChannelId())
	if err != nil {
		return nil, err
	}
	return &supportv1.GetChannelResponse{Channel: toChannel(row)}, nil
}

func (s *channelServer) ListChannels(ctx context.Context, req *supportv1.ListChannelsRequest) (*supportv1.ListChannelsResponse, error) {
	q := wire.Filter(wire.Query(ctx, req), "customer", req.GetCustomerId())
	q = wire.Filter(q, "correlation", req.GetOrderId())
	page, err := s.tables.channels.List(ctx, call.From(ctx).Scope, q)
	if err != nil {
		return nil, err
	}
	return &supportv1.ListChannelsResponse{Channels: wire.Rows(page.Rows, toChannel), NextPageToken: page.Next}, nil
}
