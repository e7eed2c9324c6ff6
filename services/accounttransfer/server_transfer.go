package accounttransfer

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"example.com/handover/pkg/accountid"
	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/guidance"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	"example.com/handover/services/accounttransfer/internal/aws/roles"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/consent"
	"example.com/handover/services/accounttransfer/internal/journey"
	"example.com/handover/services/accounttransfer/internal/journey/templates"
	"example.com/handover/services/accounttransfer/internal/payer"
)

type transferServer struct {
	accounttransferv1.UnimplementedTransferServiceServer
	env      *kit.Env
	tables   *tables
	role     string          // name of the Bootstrap Role of new transfers
	template string          // address of the template that deploys it; may be empty
	accounts *auth.Questions // see CompleteStep
}

func (s *transferServer) CreateTransfer(
	ctx context.Context, req *accounttransferv1.CreateTransferRequest,
) (*accounttransferv1.CreateTransferResponse, error) {
	resp, err := s.create(ctx, req)
	if err != nil || req.GetValidateOnly() || resp.GetTransfer().GetKind() != accounttransferv1.TransferKind_TRANSFER_KIND_MEMBERSHIP {
		return resp, err
	}
	return resp, s.tables.settleSector(ctx, req.GetTransferId())
}

func (s *transferServer) create(
	ctx context.Context, req *accounttransferv1.CreateTransferRequest,
) (*accounttransferv1.CreateTransferResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.CreateTransferResponse, error) {
		if begun, err := s.begun(tx, req); begun.transfer.Doc != nil || err != nil {
			return &accounttransferv1.CreateTransferResponse{Transfer: s.shown(ctx, tx.Call(), begun)}, err
		}
		tpl, known := templates.Find(req.GetTemplateKey())
		if !known {
			return nil, errs.InvalidField("template_key", journey.ReasonTemplateUnknown, "there is no template %q", req.GetTemplateKey())
		}
		payers, err := s.candidates(tx, req, tpl)
		if err != nil {
			return nil, err
		}
		if err := s.lockReplaced(tx, req, payers); err != nil {
			return nil, err
		}
		bills, err := s.payerFor(tx, req, tpl, payers)
		if err != nil {
			return nil, err
		}
		public, err := s.public(tx, req)
		if err != nil {
			return nil, err
		}
		p, made, err := s.begin(req, tpl, bills, public, tx.Now())
		if err != nil {
			return nil, err
		}
		if err := s.replaceable(tx, req, tpl); err != nil {
			return nil, err
		}
		for _, account := range connection.AccountsHeld(p.connection.Doc) {
			if err := s.accountFree(tx, account, p.connection.ID, req.GetReplacesConnectionId()); err != nil {
				return nil, err
			}
		}
		if err := s.tables.hold(tx, p.connection.Doc, nil); err != nil {
			return nil, err
		}
		if p.consent.Doc != nil {
			if p.consent, err = s.tables.consents.Create(tx, p.consent.ID, p.consent.Doc, made.Consent...); err != nil {
				return nil, err
			}
		}
		if p.connection, err = s.tables.connections.Create(tx, p.connection.ID, p.connection.Doc, made.Connection...); err != nil {
			return nil, err
		}
		p.transfer, err = s.tables.transfers.Create(tx, p.transfer.ID, p.transfer.Doc, made.Transfer...)
		return &accounttransferv1.CreateTransferResponse{Transfer: s.shown(ctx, tx.Call(), p)}, err
	})
}

// begun finds what an earlier try has made; a zero pair when there is none. An order has one transfer, of its own customer and
// agreement: a request for another one is refused.
func (s *transferServer) begun(tx *store.Tx, req *accounttransferv1.CreateTransferRequest) (pair, error) {
	page, err := s.tables.transfers.ListTx(tx, orderHasOneTransfer(), store.Query{
		Where: []store.Cond{store.Eq("correlation", req.GetOrderId())}, Size: 1,
	})
	if err != nil || len(page.Rows) == 0 {
		return pair{}, err
	}
	row := page.Rows[0]
	t := row.Doc
	if t.ID != req.GetTransferId() || t.CustomerID != req.GetCustomerId() || t.AgreementID != req.GetAgreementId() {
		return pair{}, errs.New(errs.Exists, "ALREADY_EXISTS", "order %s has transfer %s of customer %s and agreement %s",
			t.OrderID, t.ID, t.CustomerID, t.AgreementID)
	}
	con, err := s.tables.connections.GetTx(tx, pairs(), t.ConnectionID)
	return pair{transfer: row, connection: con}, err
}

// public reports whether the customer is of the public sector: when it submitted the order, or by what was heard of it since.
func (s *transferServer) public(tx *store.Tx, req *accounttransferv1.CreateTransferRequest) (bool, error) {
	known, err := s.tables.profiles.GetTx(tx, followsCustomers(), req.GetCustomerId())
	if errs.KindOf(err) == errs.NotFound {
		return req.GetPublicSector(), nil
	}
	if err != nil {
		return false, err
	}
	return req.GetPublicSector() || known.Doc.PublicSector, nil
}

// begin makes a transfer and the connection that it is to establish.
func (s *transferServer) begin(
	req *accounttransferv1.CreateTransferRequest, tpl templates.Journey, bills payer.Payer, public bool, now time.Time,
) (p pair, made journey.Changes, err error) {
	if err := connection.ChooseStart(wire.FromTime(req.GetStartTime()), now); err != nil {
		return p, made, err
	}
	connectionID, consentID := id.New(prefixConnection), ""
	if journey.NeedsConsent(tpl, public) {
		consentID = id.New(prefixConsent)
	}
	t, facts, err := journey.New(tpl, journey.Subject{
		ID: req.GetTransferId(), ConnectionID: connectionID, OrderID: req.GetOrderId(), CustomerID: req.GetCustomerId(), PayerID: bills.ID,
		AccountID: req.GetSourceAccountId(), AgreementID: req.GetAgreementId(), ConsentID: consentID,
		SupportModel: journey.SupportModel(wire.Name(req.GetSupportModel())), SellerID: req.GetSellerId(),
		Linked: readAccounts(req.GetLinkedAccountIds()), PublicSector: public, PayerAccountID: bills.AccountID,
	}, now)
	if err != nil {
		return p, made, err
	}
	c, proposed := connection.Propose(tpl.Basis, tpl.Policy, connection.Subject{
		ID: connectionID, TransferID: t.ID, OrderID: t.OrderID, CustomerID: t.CustomerID, PayerID: bills.ID, AgreementID: t.AgreementID,
		AccountID: t.AccountID, Linked: t.Linked, SellerName: req.GetSellerName(), Note: req.GetNote(),
		RoleName: s.role, DeployURL: roles.QuickCreate(s.template, t.ID), ReplacesID: req.GetReplacesConnectionId(),
		StartAt: wire.FromTime(req.GetStartTime()),
	})
	p.transfer.ID, p.transfer.Doc, p.connection.ID, p.connection.Doc = t.ID, t, c.ID, c
	made = journey.Changes{Transfer: facts, Connection: proposed}
	if consentID != "" {
		p.consent.ID = consentID
		p.consent.Doc, made.Consent = consent.New(consent.Subject{
			ID: consentID, TransferID: t.ID, OrderID: t.OrderID, CustomerID: t.CustomerID, SellerID: req.GetSellerId(), AccountID: t.AccountID,
		}, tpl.Consent)
	}
	more, err := p.apply(func(*journey.Transfer, *connection.Connection, time.Time) (journey.Changes, error) { return made, nil }, now)
	return p, more, err
}

// candidates are the payers that a new transfer may have: the named one, or the seller's active ones that are no customer's own
// organization. A template of which a step names the payer needs none to begin with.
func (s *transferServer) candidates(
	tx *store.Tx, req *accounttransferv1.CreateTransferRequest, tpl templates.Journey,
) ([]store.Row[payer.Payer], error) {
	if tpl.NamesPayer() && req.GetPayerId() == "" {
		return nil, nil
	}
	q := store.Query{OrderBy: "created_at", Size: 100, Where: []store.Cond{store.Eq("id", req.GetPayerId())}}
	if req.GetPayerId() == "" {
		q.Where = []store.Cond{store.Eq("seller", req.GetSellerId()), store.Eq("state", payer.Active), store.Eq("shared", true)}
	}
	found, err := s.tables.payers.ListTx(tx, payersBelongToNobody(), q)
	if err == nil && len(found.Rows) == 0 {
		err = payer.Unknown(req.GetPayerId())
	}
	return found.Rows, err
}

// lockReplaced locks the membership that a new transfer is to replace, so that it stays what it is looked at as, and the payers, of which
// one may be told how many transfers it has left.
func (s *transferServer) lockReplaced(
	tx *store.Tx, req *accounttransferv1.CreateTransferRequest, payers []store.Row[payer.Payer],
) error {
	if req.GetReplacesConnectionId() == "" {
		return nil
	}
	rows := []store.Locked{s.tables.connections.Row(req.GetReplacesConnectionId())}
	for _, p := range payers {
		rows = append(rows, s.tables.payers.Row(p.ID))
	}
	return tx.Lock(rows...)
}

// payerFor returns the payer of a new transfer: the first candidate that takes another one.
func (s *transferServer) payerFor(
	tx *store.Tx, req *accounttransferv1.CreateTransferRequest, tpl templates.Journey, candidates []store.Row[payer.Payer],
) (payer.Payer, error) {
	if len(candidates) == 0 {
		return payer.Payer{}, nil
	}
	var refusal error
	for _, row := range candidates {
		if refusal = s.admits(tx, req, row.Doc, tpl.Kind == templates.Membership); refusal == nil {
			return *row.Doc, nil
		}
	}
	return payer.Payer{}, refusal
}

// admits refuses a transfer that a payer does not take. Members need none of its quota.
func (s *transferServer) admits(
	tx *store.Tx, req *accounttransferv1.CreateTransferRequest, p *payer.Payer, members bool,
) error {
	if p.SellerID != req.GetSellerId() {
		return payer.Unknown(req.GetPayerId()) // the bill would reach another legal entity
	}
	if err := p.Serves(req.GetCustomerId()); err != nil || members {
		return cmp.Or(err, p.Open())
	}
	used, err := s.tables.connections.CountTx(
		tx, quotaCounts(), store.Eq("payer", p.ID), store.Eq("open", true), store.Eq("uses_quota", true),
	)
	if err != nil {
		return err
	}
	if err := p.Admit(used); err != nil || !p.Nears(used+1) {
		return err
	}
	_, err = s.tables.payers.Update(tx, payersBelongToNobody(), p.ID, "", func(p *payer.Payer) ([]fact.Fact, error) {
		return payer.QuotaSeen(p, used+1, tx.Now()), nil
	})
	return err
}

// replaceable refuses to take the place of what is no membership of the customer that binds, and to take it by another one.
func (s *transferServer) replaceable(tx *store.Tx, req *accounttransferv1.CreateTransferRequest, tpl templates.Journey) error {
	if req.GetReplacesConnectionId() == "" {
		return nil
	}
	row, err := s.tables.connections.GetForUpdate(tx, pairs(), req.GetReplacesConnectionId())
	switch {
	case err == nil && (row.Customer != req.GetCustomerId() || tpl.Kind == templates.Membership):
		const why = "a billing transfer takes the place of a membership of the same customer"
		return errs.New(errs.Precondition, journey.ReasonStateRefuses, why).
			WithField("replaces_connection_id", journey.ReasonStateRefuses, why)
	case err != nil:
		return err
	}
	return connection.Replaceable(row.Doc)
}

// accountFree refuses an account that another connection holds than those that may; it is asked before a save, which would refuse
// without saying by whom. Which transfer holds it is told to those who may see it: others do not learn who else is a customer.
func (s *transferServer) accountFree(tx *store.Tx, accountID string, may ...string) error {
	holder, err := s.tables.holder(tx, accountID)
	if err != nil || holder == "" || slices.Contains(may, holder) || strings.HasPrefix(holder, prefixPayer) {
		return err // whether a payer lets the connection have its account, the save decides
	}
	row, err := s.tables.connections.GetTx(tx, accountsAreUnique(), holder)
	switch {
	case err != nil:
		return err
	case !tx.Call().Scope.Sees(row.Customer):
		return connection.AccountInTransfer(accountID, "")
	}
	return connection.AccountInTransfer(accountID, row.Doc.TransferID)
}

// readAccounts reads the ids of accounts as people paste them.
func readAccounts(pasted []string) []string {
	var all []string
	for _, id := range pasted {
		all = append(all, accountid.Read(id))
	}
	return all
}

// withConnection reads the connection of a transfer that the caller may see.
func (s *transferServer) withConnection(ctx context.Context, row store.Row[journey.Transfer]) (pair, error) {
	con, err := s.tables.connections.Get(ctx, pairs(), row.Doc.ConnectionID)
	return pair{transfer: row, connection: con}, err
}

func (s *transferServer) GetTransfer(
	ctx context.Context, req *accounttransferv1.GetTransferRequest,
) (*accounttransferv1.GetTransferResponse, error) {
	row, err := s.tables.transfers.Get(ctx, call.From(ctx).Scope, req.GetTransferId())
	if err != nil {
		return nil, err
	}
	p, err := s.withConnection(ctx, row)
	if err != nil {
		return nil, err
	}
	links, err := s.tables.guides(ctx, s.env.Business.Now())
	if err != nil {
		return nil, err
	}
	out := s.shown(ctx, call.From(ctx), p)
	for _, step := range out.GetSteps() {
		step.GuidanceLinks = links(guidance.Place{TemplateKey: out.GetTemplate().GetKey(), StepKey: step.GetKey()})
	}
	return &accounttransferv1.GetTransferResponse{Transfer: out}, nil
}

func (s *transferServer) ListTransfers(
	ctx context.Context, req *accounttransferv1.ListTransfersRequest,
) (*accounttransferv1.ListTransfersResponse, error) {
	q := wire.Filter(wire.Query(ctx, req), "customer", req.GetCustomerId())
	q = wire.Filter(q, "correlation", req.GetOrderId())
	q = wire.Filter(q, "payer", req.GetPayerId())
	q = wire.Filter(q, "source_account", req.GetSourceAccountId())
	if len(req.GetStates()) > 0 {
		q.Where = append(q.Where, store.In("state", wire.Names(req.GetStates())...))
	}
	q, err := narrowed(ctx, req, soon(q, "cut_off", req.GetCutOffBefore()))
	if err != nil {
		return nil, err
	}
	page, err := s.tables.transfers.List(ctx, call.From(ctx).Scope, q)
	if err != nil {
		return nil, err
	}
	resp := &accounttransferv1.ListTransfersResponse{NextPageToken: page.Next}
	for _, row := range page.Rows {
		p, err := s.withConnection(ctx, row)
		if err != nil {
			return nil, err
		}
		resp.Transfers = append(resp.Transfers, s.shown(ctx, call.From(ctx), p))
	}
	return resp, nil
}

func (s *transferServer) CheckTransfer(
	ctx context.Context, req *accounttransferv1.CheckTransferRequest,
) (*accounttransferv1.CheckTransferResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.CheckTransferResponse, error) {
		p, err := s.change(tx, req, func(t *journey.Transfer, c *connection.Connection, _ time.Time) (journey.Changes, error) {
			if t.State.Ended() {
				return journey.Changes{}, t.Refuses("checked")
			}
			facts, err := c.AskCheck()
			return journey.Changes{Connection: facts}, err
		})
		return &accounttransferv1.CheckTransferResponse{Transfer: s.shown(ctx, tx.Call(), p)}, err
	})
}

func (s *transferServer) Reinvite(
	ctx context.Context, req *accounttransferv1.ReinviteRequest,
) (*accounttransferv1.ReinviteResponse, error) {
	start, err := moment("start_time", req.GetStartTime())
	if err != nil {
		return nil, err
	}
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.ReinviteResponse, error) {
		p, err := s.change(tx, req, func(t *journey.Transfer, c *connection.Connection, now time.Time) (journey.Changes, error) {
			facts, err := t.Reinvite(c, start, now)
			return journey.Changes{Connection: facts}, err
		})
		return &accounttransferv1.ReinviteResponse{Transfer: s.shown(ctx, tx.Call(), p)}, err
	})
}

func (s *transferServer) CancelTransfer(
	ctx context.Context, req *accounttransferv1.CancelTransferRequest,
) (*accounttransferv1.CancelTransferResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.CancelTransferResponse, error) {
		p, err := s.change(tx, req, func(t *journey.Transfer, _ *connection.Connection, now time.Time) (journey.Changes, error) {
			return journey.Changes{Transfer: t.Cancel(req.GetReason(), tx.Call().Actor, now)}, nil
		})
		return &accounttransferv1.CancelTransferResponse{Transfer: s.shown(ctx, tx.Call(), p)}, err
	})
}

func (s *transferServer) WatchTransfer(
	req *accounttransferv1.WatchTransferRequest, stream accounttransferv1.TransferService_WatchTransferServer,
) error {
	ctx := stream.Context()
	return kit.Watch(ctx, s.env, s.tables.transfers, req.GetTransferId(), req.GetAfterRevision(),
		func(t *journey.Transfer) bool { return t.State.Ended() },
		func(r store.Row[journey.Transfer]) error {
			p, err := s.withConnection(ctx, r)
			if err != nil {
				return err
			}
			return stream.Send(&accounttransferv1.WatchTransferResponse{Transfer: s.shown(ctx, call.From(ctx), p), Revision: r.Revision})
		})
}

// verb is what every request that changes a transfer has.
type verb interface {
	GetTransferId() string
	GetEtag() string
}

// change decides within what the caller may see.
func (s *transferServer) change(tx *store.Tx, req verb, change decide, more ...store.Locked) (pair, error) {
	return s.tables.changePair(tx, tx.Call().Scope, req.GetTransferId(), req.GetEtag(), change, more...)
}
