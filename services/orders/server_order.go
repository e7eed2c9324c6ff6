package orders

import (
	"cmp"
	"context"
	"time"

	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/accountid"
	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	"example.com/handover/pkg/wire"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/orders/internal/agreement"
	"example.com/handover/services/orders/internal/link"
	"example.com/handover/services/orders/internal/order"
	"example.com/handover/services/orders/internal/party"
)

type orderServer struct {
	ordersv1.UnimplementedOrderServiceServer
	env      *kit.Env
	tables   *tables
	signer   *link.Signer
	linkLife time.Duration

	transfers accounttransferv1.TransferServiceClient // see ListOrderSteps
	accounts  *auth.Questions                         // see SubmitOrder
}

func (s *orderServer) CreateOrder(ctx context.Context, req *ordersv1.CreateOrderRequest) (*ordersv1.CreateOrderResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*ordersv1.CreateOrderResponse, error) {
		draft := req.GetOrder()
		if err := tx.Lock(s.tables.customers.Row(draft.GetCustomerId())); err != nil { // its people stay until the order names them
			return nil, err
		}
		customer, err := s.customer(tx, draft.GetCustomerId())
		if err != nil {
			return nil, err
		}
		if draft, err = s.like(tx, draft, customer); err != nil {
			return nil, err
		}
		if err := s.admitted(tx, draft.GetProductId(), customer); err != nil {
			return nil, err
		}
		orderID, agreementID := orNew(req.GetOrderId(), prefixOrder), id.New(prefixAgreement)
		o, facts, err := order.New(orderID, agreementID, draft.GetProductId(), *customer, draftEdit(draft), tx.Call().Actor, tx.Now())
		if err != nil {
			return nil, err
		}
		o.LikeAgreementID = draft.GetLikeAgreementId()
		if err := s.replace(tx, o, draft.GetReplacesAgreementId()); err != nil {
			return nil, err
		}
		row, err := s.tables.orders.Create(tx, o.ID, o, facts...)
		if err != nil {
			return nil, orderTaken(err)
		}
		a, facts := agreement.New(o, id.New(prefixSubscription))
		_, err = s.tables.agreements.Create(tx, a.ID, a, facts...)
		return &ordersv1.CreateOrderResponse{Order: s.shown(ctx, row), Mails: mailsOf(row.Doc)}, err
	})
}

// like fills in what a draft leaves empty from the agreement that it names, if it names one.
func (s *orderServer) like(tx *store.Tx, draft *ordersv1.Order, customer *party.Customer) (*ordersv1.Order, error) {
	agreementID := draft.GetLikeAgreementId()
	if agreementID == "" {
		return draft, nil
	}
	row, err := s.tables.agreements.GetTx(tx, tx.Call().Scope, agreementID)
	if errs.KindOf(err) == errs.NotFound || err == nil && row.Doc.CustomerID != customer.ID {
		return nil, order.AgreementUnknown("like_agreement_id", agreementID)
	}
	if err != nil {
		return nil, err
	}
	of, err := row.Doc.Like(*customer)
	if err != nil {
		return nil, err
	}
	filled, _ := proto.Clone(draft).(*ordersv1.Order)
	filled.ProductId = cmp.Or(filled.GetProductId(), of.ProductID)
	filled.TechnicalContactId = cmp.Or(filled.GetTechnicalContactId(), of.TechnicalContactID)
	filled.SupportOption = cmp.Or(filled.GetSupportOption(), wire.Value[ordersv1.SupportOption](string(of.SupportOption)))
	return filled, nil
}

// replace has a new draft replace an agreement, if it names one.
func (s *orderServer) replace(tx *store.Tx, o *order.Order, agreementID string) error {
	if agreementID == "" {
		return nil
	}
	row, err := s.tables.agreements.GetTx(tx, tx.Call().Scope, agreementID)
	if errs.KindOf(err) == errs.NotFound {
		return order.AgreementUnknown("replaces_agreement_id", agreementID)
	}
	if err != nil {
		return err
	}
	return order.Replace(o, row.Doc.Replaces(), tx.Call().Actor)
}

func (s *orderServer) GetOrder(ctx context.Context, req *ordersv1.GetOrderRequest) (*ordersv1.GetOrderResponse, error) {
	row, err := s.tables.orders.Get(ctx, call.From(ctx).Scope, req.GetOrderId())
	if err != nil {
		return nil, err
	}
	pages, err := s.tables.pages(ctx)
	if err != nil {
		return nil, err
	}
	resp := &ordersv1.GetOrderResponse{Order: s.shown(ctx, row)}
	resp.Order.GuidanceLinks = links(ctx, pages, order.Place(row.Doc), s.env.Business.Now())
	return resp, nil
}

func (s *orderServer) ListOrders(ctx context.Context, req *ordersv1.ListOrdersRequest) (*ordersv1.ListOrdersResponse, error) {
	q, err := s.tables.ordersAsked(ctx, wire.Query(ctx, req), req)
	if err != nil {
		return nil, err
	}
	page, err := s.tables.orders.List(ctx, call.From(ctx).Scope, q)
	if err != nil {
		return nil, err
	}
	return &ordersv1.ListOrdersResponse{Orders: wire.Rows(page.Rows,
		func(r store.Row[order.Order]) *ordersv1.Order { return s.shown(ctx, r) }), NextPageToken: page.Next}, nil
}

func (s *orderServer) WatchOrders(req *ordersv1.WatchOrdersRequest, stream ordersv1.OrderService_WatchOrdersServer) error {
	ctx := stream.Context()
	q, err := s.tables.ordersAsked(ctx, store.Query{}, asList(req))
	if err != nil {
		return err
	}
	return kit.WatchList(ctx, s.env, s.tables.orders, q.Where, req.GetResumeToken(), func(l kit.Listed[order.Order]) error {
		m := &ordersv1.WatchOrdersResponse{}
		switch {
		case l.Reset:
			m.Change = &ordersv1.WatchOrdersResponse_Reset_{Reset_: true}
		case l.Left != "":
			m.Change = &ordersv1.WatchOrdersResponse_LeftOrderId{LeftOrderId: l.Left}
		case l.Current != "":
			m.Change = &ordersv1.WatchOrdersResponse_ResumeToken{ResumeToken: l.Current}
		default:
			m.Change = &ordersv1.WatchOrdersResponse_Order{Order: s.shown(ctx, l.Row)}
		}
		return stream.Send(m)
	})
}

// asList has the orders of a watch found as a list's are.
func asList(req *ordersv1.WatchOrdersRequest) *ordersv1.ListOrdersRequest {
	return &ordersv1.ListOrdersRequest{
		CustomerId: req.GetCustomerId(), PartnerId: req.GetPartnerId(), SellerId: req.GetSellerId(),
		ManagementAccountId: req.GetManagementAccountId(), ExternalId: req.GetExternalId(), Labels: req.GetLabels(), States: req.GetStates(),
		WaitingOwners: req.GetWaitingOwners(), Escalated: req.GetEscalated(), Parked: req.GetParked(),
		CustomerNamePrefix: req.GetCustomerNamePrefix(),
	}
}

func (t *tables) ordersAsked(ctx context.Context, q store.Query, req *ordersv1.ListOrdersRequest) (store.Query, error) {
	q = wire.Filter(q, "customer", req.GetCustomerId())
	q = wire.Filter(q, "seller", req.GetSellerId())
	q = wire.Filter(q, "management_account", accountid.Read(req.GetManagementAccountId()))
	q = wire.Filter(q, "external_id", req.GetExternalId())
	q = wire.Labelled(q, req.GetLabels())
	q.Where = append(q.Where, statesShown(req.GetStates()))
	q, err := wire.Attention{
		WaitingOwners: wire.Names(req.GetWaitingOwners()), Escalated: req.GetEscalated(), Parked: req.GetParked(),
	}.Add(ctx, q)
	if err != nil {
		return q, err
	}
	return t.ofCustomers(ctx, q, req.GetPartnerId(), req.GetCustomerNamePrefix())
}

// statesShown holds for those asked for; without a wish for all but DELETED.
func statesShown(asked []ordersv1.OrderState) store.Cond {
	if len(asked) > 0 {
		return store.Any("state", wire.Names(asked)...)
	}
	return store.Not("state", string(order.Deleted))
}

// UpdateOrder also answers whether the account that an order under way is to have instead is somebody else's, as SubmitOrder does and as
// often. Of a draft it answers nothing, and is not counted.
func (s *orderServer) UpdateOrder(ctx context.Context, req *ordersv1.UpdateOrderRequest) (resp *ordersv1.UpdateOrderResponse, err error) {
	edit, err := orderEdit(req.GetOrder(), req.GetUpdateMask())
	if err != nil {
		return nil, err
	}
	if edit.ManagementAccountID == nil {
		return s.update(ctx, req, edit)
	}
	before, err := s.tables.orders.Get(ctx, call.From(ctx).Scope, req.GetOrderId())
	if err != nil || !order.Renames(before.Doc, edit) {
		return s.update(ctx, req, edit)
	}
	err = s.accounts.Ask(ctx, req.GetOrderId(), req.GetValidateOnly(), order.HeldByAnother, func() (err error) {
		resp, err = s.update(ctx, req, edit)
		return err
	})
	return resp, err
}

func (s *orderServer) update(
	ctx context.Context, req *ordersv1.UpdateOrderRequest, edit order.Edit,
) (*ordersv1.UpdateOrderResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*ordersv1.UpdateOrderResponse, error) {
		draft, customer, err := s.lockFor(tx, req.GetOrderId())
		if err != nil {
			return nil, err
		}
		account, held, err := s.heldInstead(tx, draft.Doc, edit)
		if err != nil {
			return nil, err
		}
		row, err := s.tables.changeLocked(tx, tx.Call().Scope, draft.ID, req.GetEtag(), func(o *order.Order) ([]fact.Fact, error) {
			facts, err := o.Revise(edit, *customer, tx.Call().Actor, tx.Now())
			if err == nil {
				err = held
			}
			return facts, err
		})
		if err != nil {
			return nil, orderTaken(heldAlready(err, account))
		}
		return &ordersv1.UpdateOrderResponse{Order: s.shown(ctx, row), Mails: mailsOf(row.Doc)}, nil
	})
}

func (s *orderServer) ProcessOrder(ctx context.Context, req *ordersv1.ProcessOrderRequest) (*ordersv1.ProcessOrderResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*ordersv1.ProcessOrderResponse, error) {
		row, err := s.change(tx, req.GetOrderId(), req.GetEtag(), func(o *order.Order) ([]fact.Fact, error) {
			return o.AskProcess(tx.Call().Actor)
		})
		return &ordersv1.ProcessOrderResponse{Order: s.shown(ctx, row), Mails: mailsOf(row.Doc)}, err
	})
}

func (s *orderServer) FailOrder(ctx context.Context, req *ordersv1.FailOrderRequest) (*ordersv1.FailOrderResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*ordersv1.FailOrderResponse, error) {
		row, err := s.change(tx, req.GetOrderId(), req.GetEtag(), func(o *order.Order) ([]fact.Fact, error) {
			return o.RequestFail(req.GetReason(), tx.Call().Actor, tx.Now())
		})
		return &ordersv1.FailOrderResponse{Order: s.shown(ctx, row), Mails: mailsOf(row.Doc)}, err
	})
}

func (s *orderServer) DeleteOrder(ctx context.Context, req *ordersv1.DeleteOrderRequest) (*ordersv1.DeleteOrderResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*ordersv1.DeleteOrderResponse, error) {
		row, err := s.change(tx, req.GetOrderId(), req.GetEtag(), func(o *order.Order) ([]fact.Fact, error) {
			return o.Delete(tx.Now())
		})
		return &ordersv1.DeleteOrderResponse{Order: s.shown(ctx, row), Mails: mailsOf(row.Doc)}, err
	})
}

func (s *orderServer) WatchOrder(req *ordersv1.WatchOrderRequest, stream ordersv1.OrderService_WatchOrderServer) error {
	return kit.Watch(stream.Context(), s.env, s.tables.orders, req.GetOrderId(), req.GetAfterRevision(),
		func(o *order.Order) bool { return o.State.Ended() },
		func(r store.Row[order.Order]) error {
			return stream.Send(&ordersv1.WatchOrderResponse{Order: s.shown(stream.Context(), r), Revision: r.Revision})
		})
}

// shown is an order in the words of who reads it. What the reseller's people are to do is between them: everybody else reads
// that they act.
func (s *orderServer) shown(ctx context.Context, r store.Row[order.Order]) *ordersv1.Order {
	words := s.env.Words(ctx)
	out := toOrder(words, r)
	withoutReasons(call.From(ctx).Scope, out)
	if w := out.GetWaiting(); !call.From(ctx).Scope.All() && w.GetOwner() == typev1.Party_PARTY_RESELLER {
		w.What, w.Where = words.Instruct(text.New("wait.reseller"))
	}
	return out
}

func (s *orderServer) change(
	tx *store.Tx, orderID, etag string, decide func(*order.Order) ([]fact.Fact, error),
) (store.Row[order.Order], error) {
	return s.tables.changeOrder(tx, tx.Call().Scope, orderID, etag, decide)
}

// changeFor is change for a decision that looks at the customer.
func (s *orderServer) changeFor(
	tx *store.Tx, orderID, etag string, decide func(*order.Order, party.Customer) ([]fact.Fact, error),
) (store.Row[order.Order], error) {
	_, customer, err := s.lockFor(tx, orderID)
	if err != nil {
		return store.Row[order.Order]{}, err
	}
	return s.tables.changeLocked(tx, tx.Call().Scope, orderID, etag, func(o *order.Order) ([]fact.Fact, error) { return decide(o, *customer) })
}

// lockFor locks an order with its customer.
func (s *orderServer) lockFor(tx *store.Tx, orderID string) (store.Row[order.Order], *party.Customer, error) {
	row, err := s.tables.lockOrder(tx, tx.Call().Scope, orderID, nothing)
	if err != nil {
		return row, nil, err
	}
	customer, err := s.customer(tx, row.Doc.CustomerID)
	return row, customer, err
}

// customer reads the customer of an order within what the caller may see.
func (s *orderServer) customer(tx *store.Tx, customerID string) (*party.Customer, error) {
	if customerID == "" {
		return nil, order.FieldRequired("order.customer_id", "name the customer")
	}
	row, err := s.tables.customers.GetTx(tx, tx.Call().Scope, customerID)
	if errs.KindOf(err) == errs.NotFound {
		return nil, errs.InvalidField("order.customer_id", "CUSTOMER_UNKNOWN", "there is no customer %q", customerID).
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.look_up_customer")})
	}
	return row.Doc, err
}

func orderTaken(err error) error { return wire.Taken(err, "customer_external_id", "order.external_id") }

// newTransferID chooses the id of the transfer at submission, so that it can be spoken of before it exists.
func newTransferID() string { return id.New(prefixTransfer) }
