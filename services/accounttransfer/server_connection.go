package accounttransfer

import (
	"context"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	"example.com/handover/pkg/wire"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/contract"
)

type connectionServer struct {
	accounttransferv1.UnimplementedConnectionServiceServer
	env    *kit.Env
	tables *tables
}

// shown is a connection as a caller may read it: who pays for a withdrawal is between the reseller's people.
func (s *connectionServer) shown(ctx context.Context, r store.Row[connection.Connection]) *accounttransferv1.Connection {
	words := s.env.Words(ctx)
	out := toConnection(words, r)
	if out != nil && !call.From(ctx).Scope.All() {
		return hideInternal(words, out, r.Doc)
	}
	return withReasons(out, r.Doc)
}

// hideInternal takes out what is between the reseller's people, and says of what AWS has suspended what is the customer's to do.
func hideInternal(
	words text.Words, out *accounttransferv1.Connection, c *connection.Connection,
) *accounttransferv1.Connection {
	out.ChargesPaidBy, out.Suspension = 0, toWaiting(words, connection.SuspensionTold(c))
	return out
}

// withReasons adds what the reseller's people said of the accounts that they have taken out.
func withReasons(out *accounttransferv1.Connection, c *connection.Connection) *accounttransferv1.Connection {
	for i, m := range out.GetMembers() {
		m.RemoveReason = c.Members[i].Removed
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
	q, err := narrowed(ctx, req, soon(q, "cut_off", req.GetCutOffBefore()))
	if err != nil {
		return nil, err
	}
	page, err := s.tables.connections.List(ctx, call.From(ctx).Scope, q)
	if err != nil {
		return nil, err
	}
	each := func(r store.Row[connection.Connection]) *accounttransferv1.Connection { return s.shown(ctx, r) }
	return &accounttransferv1.ListConnectionsResponse{Connections: wire.Rows(page.Rows, each), NextPageToken: page.Next}, nil
}

// attention is what every list can be asked for of those that need somebody.
type attention interface {
	GetWaitingOwners() []typev1.Party
	GetEscalated() bool
	GetParked() bool
	GetDueBefore() *timestamppb.Timestamp
	GetCreatedBefore() *timestamppb.Timestamp
}

// narrowed narrows the query of a list to those that need somebody.
func narrowed(ctx context.Context, req attention, q store.Query) (store.Query, error) {
	q = soon(q, "created_at", req.GetCreatedBefore())
	if due := req.GetDueBefore(); due != nil {
		q.Where = append(append(q.Where, store.WaitingFor()...), store.Overdue(due.AsTime()))
	}
	return wire.Attention{
		WaitingOwners: wire.Names(req.GetWaitingOwners()), Escalated: req.GetEscalated(), Parked: req.GetParked(),
	}.Add(ctx, q)
}

// soon narrows a query to what has a time before another one.
func soon(q store.Query, column string, before *timestamppb.Timestamp) store.Query {
	if before != nil {
		q.Where = append(q.Where, store.Before(column, before.AsTime()))
	}
	return q
}

func (s *connectionServer) CheckConnection(
	ctx context.Context, req *accounttransferv1.CheckConnectionRequest,
) (*accounttransferv1.CheckConnectionResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.CheckConnectionResponse, error) {
		row, err := s.change(tx, req.GetConnectionId(), "", func(c *connection.Connection, _ time.Time) ([]fact.Fact, error) {
			return c.AskCheck()
		})
		return &accounttransferv1.CheckConnectionResponse{Connection: s.shown(ctx, row)}, err
	})
}

// change decides within what the caller may see.
func (s *connectionServer) change(
	tx *store.Tx, connectionID, etag string, change func(*connection.Connection, time.Time) ([]fact.Fact, error),
) (store.Row[connection.Connection], error) {
	row, err := s.tables.connections.GetTx(tx, tx.Call().Scope, connectionID)
	if err != nil {
		return row, err
	}
	return s.tables.changeConnection(tx, row.Doc, etag, change)
}

func (s *connectionServer) WithdrawConnection(
	ctx context.Context, req *accounttransferv1.WithdrawConnectionRequest,
) (*accounttransferv1.WithdrawConnectionResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.WithdrawConnectionResponse, error) {
		row, err := s.change(tx, req.GetConnectionId(), req.GetEtag(), func(c *connection.Connection, now time.Time) ([]fact.Fact, error) {
			return connection.AskWithdrawal(c, req.GetReason(), now)
		})
		return &accounttransferv1.WithdrawConnectionResponse{Connection: s.shown(ctx, row)}, err
	})
}

func (s *connectionServer) SupersedeConnection(
	ctx context.Context, req *accounttransferv1.SupersedeConnectionRequest,
) (*accounttransferv1.SupersedeConnectionResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.SupersedeConnectionResponse, error) {
		by, err := s.tables.transfers.GetTx(tx, tx.Call().Scope, req.GetTransferId())
		if err != nil {
			return nil, err
		}
		in, err := s.tables.connections.GetTx(tx, tx.Call().Scope, by.Doc.ConnectionID) // what has begun to bill has begun for good
		if err != nil {
			return nil, err
		}
		row, err := s.change(tx, req.GetConnectionId(), req.GetEtag(), func(c *connection.Connection, now time.Time) ([]fact.Fact, error) {
			return connection.Supersede(c, in.Doc, now)
		})
		return &accounttransferv1.SupersedeConnectionResponse{Connection: s.shown(ctx, row)}, err
	})
}

func (s *connectionServer) KeepConnection(
	ctx context.Context, req *accounttransferv1.KeepConnectionRequest,
) (*accounttransferv1.KeepConnectionResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.KeepConnectionResponse, error) {
		row, err := s.change(tx, req.GetConnectionId(), req.GetEtag(), func(c *connection.Connection, now time.Time) ([]fact.Fact, error) {
			return connection.AskKeep(c, int(req.GetAttempt()), req.GetReason(), now)
		})
		return &accounttransferv1.KeepConnectionResponse{Connection: s.shown(ctx, row)}, err
	})
}

func (s *connectionServer) AcknowledgeDeparture(
	ctx context.Context, req *accounttransferv1.AcknowledgeDepartureRequest,
) (*accounttransferv1.AcknowledgeDepartureResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.AcknowledgeDepartureResponse, error) {
		row, err := s.change(tx, req.GetConnectionId(), req.GetEtag(), func(c *connection.Connection, now time.Time) ([]fact.Fact, error) {
			return connection.AcknowledgeDeparture(c, req.GetAccountId(), req.GetReason(), now)
		})
		return &accounttransferv1.AcknowledgeDepartureResponse{Connection: s.shown(ctx, row)}, err
	})
}

func (s *connectionServer) RecordReturn(
	ctx context.Context, req *accounttransferv1.RecordReturnRequest,
) (*accounttransferv1.RecordReturnResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.RecordReturnResponse, error) {
		row, err := s.change(tx, req.GetConnectionId(), req.GetEtag(), func(c *connection.Connection, now time.Time) ([]fact.Fact, error) {
			return connection.RecordReturn(c, req.GetEvidence(), tx.Call().Actor, now)
		})
		return &accounttransferv1.RecordReturnResponse{Connection: s.shown(ctx, row)}, err
	})
}

func (s *connectionServer) DecideServiceTerm(
	ctx context.Context, req *accounttransferv1.DecideServiceTermRequest,
) (*accounttransferv1.DecideServiceTermResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.DecideServiceTermResponse, error) {
		row, err := s.change(tx, req.GetConnectionId(), req.GetEtag(), func(c *connection.Connection, now time.Time) ([]fact.Fact, error) {
			return connection.DecideTerm(c, connection.TermOutcome(wire.Name(req.GetOutcome())), req.GetReason(), now)
		})
		return &accounttransferv1.DecideServiceTermResponse{Connection: s.shown(ctx, row)}, err
	})
}

func (s *connectionServer) WatchConnection(
	req *accounttransferv1.WatchConnectionRequest, stream accounttransferv1.ConnectionService_WatchConnectionServer,
) error {
	ctx := stream.Context()
	return kit.Watch(ctx, s.env, s.tables.connections, req.GetConnectionId(), req.GetAfterRevision(),
		func(c *connection.Connection) bool { return c.State == connection.Ended && !connection.ToReturn(c) },
		func(r store.Row[connection.Connection]) error {
			return stream.Send(&accounttransferv1.WatchConnectionResponse{Connection: s.shown(ctx, r), Revision: r.Revision})
		})
}

func toConnection(words text.Words, r store.Row[connection.Connection]) *accounttransferv1.Connection {
	c := r.Doc
	if c == nil {
		return nil
	}
	out := &accounttransferv1.Connection{
		ConnectionId: r.ID, CustomerId: c.CustomerID, PayerId: c.PayerID, TransferId: c.TransferID, OrderId: c.OrderID,
		AgreementId: c.AgreementID, AccountId: c.AccountID, Basis: wire.Value[accounttransferv1.ConnectionBasis](string(c.Basis)),
		State: wire.Value[accounttransferv1.ConnectionState](string(c.State)), StartTime: wire.Time(c.StartAt), EndTime: wire.Time(c.EndAt),
		EndReason:     wire.Value[accounttransferv1.ConnectionEndReason](string(c.EndReason)),
		ChargesPaidBy: wire.Value[accounttransferv1.ChargesPayer](string(c.ChargesPaidBy)),
		Waiting:       toWaiting(words, c.Waiting()), CheckTime: wire.Time(c.CheckedAt), Etag: r.ETag(), CreateTime: wire.Time(r.CreatedAt),
		UpdateTime: wire.Time(r.UpdatedAt), AccountRequestId: c.AccountRequestID, OwnOrganization: connection.OwnOrganization(c),
		Suspension: toWaiting(words, connection.Suspension(c)), PayerAccountId: c.PayerAccountID,
	}
	for _, m := range c.Members {
		out.Members = append(out.Members, toMember(words, m))
	}
	for _, inv := range c.Invitations {
		shown := toInvitation(words, inv)
		shown.AwsName = connection.NameAtAWS(c, &inv)
		out.Invitations = append(out.Invitations, shown)
	}
	if g, there := c.Made[connection.GroupCreated]; there {
		out.BillingGroup = &accounttransferv1.BillingGroup{Name: g.Name, Arn: g.ID, CreateTime: wire.Time(g.SeenAt)}
	}
	if r, there := c.Made[connection.RelationCreated]; there {
		out.Relationship = &accounttransferv1.PartnerRelationship{DisplayName: r.Name, RelationshipId: r.ID, CreateTime: wire.Time(r.SeenAt)}
	}
	for i := range c.Contract.Terms {
		out.ServiceTerms = append(out.ServiceTerms, toTerm(&c.Contract.Terms[i]))
	}
	if w := c.Withdrawal; w != nil {
		out.Withdrawal = &accounttransferv1.Withdrawal{
			Attempt: int32(w.Attempt), Phase: wire.Value[accounttransferv1.WithdrawalPhase](string(w.Phase)), DecideTime: wire.Time(w.DecidedAt),
		}
		if w.Phase == connection.Problem {
			out.Withdrawal.Problem = words.Say(w.Problem)
		}
	}
	if connection.RoleAsked(c) {
		out.Role = &accounttransferv1.BootstrapRole{
			Arn: c.Role.ARN(c.AccountID), ExternalId: c.Role.ExternalID, DeployUrl: c.Role.DeployURL, CheckTime: wire.Time(c.Role.CheckedAt),
			State: wire.Value[accounttransferv1.BootstrapRoleState](string(c.Role.State)), DeniedActions: c.Role.Denied,
		}
	}
	return out
}

func toMember(words text.Words, m connection.Member) *accounttransferv1.Member {
	return &accounttransferv1.Member{
		AccountId: m.AccountID, State: wire.Value[accounttransferv1.MemberState](string(m.State)), RespondTime: wire.Time(m.RespondedAt),
		JoinTime: wire.Time(m.JoinedAt), StartTime: wire.Time(m.StartAt), LeaveTime: wire.Time(m.LeftAt),
		LeaveReason: wire.Value[accounttransferv1.ConnectionEndReason](string(m.LeftBy)),
		CloseTime:   wire.Time(m.ClosedAt), SuspendTime: wire.Time(m.SuspendedAt), SuspensionEndTime: wire.Time(m.SuspensionEnd()),
		SuspensionEarliestEndTime: wire.Time(m.SuspensionEarliest()), Attempt: int32(m.Attempt), AwsHandshakeId: m.HandshakeID,
		InviteTime: wire.Time(m.InvitedAt), ExpireTime: wire.Time(m.ExpiresAt),
		Error: toRefusal(words, m.Error), RetryTime: wire.Time(m.RetryAt), Removed: m.Removed != "",
	}
}

// toRefusal is nil for none.
func toRefusal(words text.Words, e *connection.AWSRefusal) *accounttransferv1.InvitationError {
	if e == nil {
		return nil
	}
	remedy, _ := words.Instruct(e.Remedy)
	return &accounttransferv1.InvitationError{
		Reason: e.Reason, Message: words.Say(e.Text), Owner: wire.Value[typev1.Party](string(e.Owner)), Remedy: remedy,
	}
}

func toInvitation(words text.Words, inv connection.Invitation) *accounttransferv1.Invitation {
	return &accounttransferv1.Invitation{
		Attempt: int32(inv.Attempt), Name: inv.Name, State: wire.Value[accounttransferv1.InvitationState](string(inv.State)),
		AwsTransferId: inv.AWSTransferID, AwsHandshakeId: inv.AWSHandshakeID, StartTime: wire.Time(inv.StartAt),
		AcceptByTime: wire.Time(inv.AcceptBy), ExpireTime: wire.Time(inv.ExpiresAt), RequestTime: wire.Time(inv.RequestedAt),
		RespondTime: wire.Time(inv.RespondedAt), EndTime: wire.Time(inv.EndsAt), Supersedes: int32(inv.Supersedes),
		Error: toRefusal(words, inv.Error),
	}
}

func toTerm(t *contract.Term) *accounttransferv1.ServiceTerm {
	return &accounttransferv1.ServiceTerm{
		Attempt: int32(t.Attempt), HandshakeId: t.ID, State: wire.Value[accounttransferv1.ServiceTermState](string(t.State)),
		EndTime: wire.Time(t.EndAt), RequestTime: wire.Time(t.SeenAt), RespondTime: wire.Time(t.RespondedAt),
	}
}
