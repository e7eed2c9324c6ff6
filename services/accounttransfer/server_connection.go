package accounttransfer

import (
	"context"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/journey"
)

type connectionServer struct {
	accounttransferv1.UnimplementedConnectionServiceServer
	env    *kit.Env
	tables *tables
}

// shown is a connection as a caller may read it: who pays for a withdrawal is between the reseller's people.
func (s *connectionServer) shown(ctx context.Context, r store.Row[connection.Connection]) *accounttransferv1.Connection {
	out := toConnection(s.env.Words(ctx), r)
	if !call.From(ctx).Scope.All() {
		out.ChargesPaidBy = 0
	}
	return out
}

func (s *connectionServer) GetConnection(
	ctx context.Context, req *accounttransferv1.GetConnectionRequest,
) (*accounttransferv1.GetConnectionResponse, error) {
	row, err := s.tables.connections.Get(ctx, call.From(ctx).Scope, req.GetConnectionId())
	if err != nil {
		return nil, err
	}
	return &accounttransferv1.GetConnectionResponse{Connection: s.shown(ctx, row)}, nil
}

func (s *connectionServer) ListConnections(
	ctx context.Context, req *accounttransferv1.ListConnectionsRequest,
) (*accounttransferv1.ListConnectionsResponse, error) {
	q := wire.Filter(wire.Query(ctx, req), "customer", req.GetCustomerId())
	q = wire.Filter(q, "correlation", req.GetOrderId())
	q = wire.Filter(q, "payer", req.GetPayerId())
	q = wire.Filter(q, "account", req.GetAccountId())
	if len(req.GetStates()) > 0 {
		q.Where = append(q.Where, store.In("state", wire.Names(req.GetStates())...))
	}
	q = attention(req).Add(q)
	page, err := s.tables.connections.List(ctx, call.From(ctx).Scope, q)
	if err != nil {
		return nil, err
	}
	each := func(r store.Row[connection.Connection]) *accounttransferv1.Connection { return s.shown(ctx, r) }
	return &accounttransferv1.ListConnectionsResponse{Connections: wire.Rows(page.Rows, each), NextPageToken: page.Next}, nil
}

// attention is what both lists can be asked for of those that need somebody.
func attention(req interface {
	GetWaitingOwners() []typev1.Party
	GetEscalated() bool
	GetParked() bool
},
) wire.Attention {
	return wire.Attention{WaitingOwners: wire.Names(req.GetWaitingOwners()), Escalated: req.GetEscalated(), Parked: req.GetParked()}
}

func (s *connectionServer) CheckConnection(
	ctx context.Context, req *accounttransferv1.CheckConnectionRequest,
) (*accounttransferv1.CheckConnectionResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.CheckConnectionResponse, error) {
		row, err := s.tables.connections.GetTx(tx, tx.Call().Scope, req.GetConnectionId())
		if err != nil {
			return nil, err
		}
		p, err := s.tables.changePair(tx, pairs(), row.Doc.TransferID, "", func(
			_ *journey.Transfer, c *connection.Connection, _ time.Time,
		) (journey.Changes, error) {
			facts, err := c.AskCheck()
			return journey.Changes{Connection: facts}, err
		})
		if err != nil {
			return nil, err
		}
		return &accounttransferv1.CheckConnectionResponse{Connection: s.shown(ctx, p.connection)}, nil
	})
}

func (s *connectionServer) WatchConnection(
	req *accounttransferv1.WatchConnectionRequest, stream accounttransferv1.ConnectionService_WatchConnectionServer,
) error {
	ctx := stream.Context()
	return kit.Watch(ctx, s.env, s.tables.connections, req.GetConnectionId(), req.GetAfterRevision(),
		func(c *connection.Connection) bool { return c.State == connection.Ended },
		func(r store.Row[connection.Connection]) error {
			return stream.Send(&accounttransferv1.WatchConnectionResponse{Connection: s.shown(ctx, r), Revision: r.Revision})
		})
}
