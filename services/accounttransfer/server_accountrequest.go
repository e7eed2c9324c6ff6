package accounttransfer

import (
	"cmp"
	"context"
	"time"

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
	"example.com/handover/services/accounttransfer/internal/accountrequest"
	"example.com/handover/services/accounttransfer/internal/aws/roles"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/payer"
)

type requestServer struct {
	accounttransferv1.UnimplementedAccountRequestServiceServer
	env       *kit.Env
	tables    *tables
	regions   accountrequest.Regions
	policy    accountrequest.Policy
	template  string          // address of the template that deploys a role; may be empty
	addresses *auth.Questions // whether an address is in use tells who is a customer
}

type requestRow = store.Row[accountrequest.Request]

// shown is a request as a caller may read it. What the reseller's people said to each other is theirs.
func (s *requestServer) shown(ctx context.Context, r requestRow) *accounttransferv1.AccountRequest {
	out := toAccountRequest(s.env.Words(ctx), r)
	if out != nil && !call.From(ctx).Scope.All() {
		hideReseller(out, r.Doc)
	}
	return out
}

// addressInUse reports whether a refusal tells that somebody has an address.
func addressInUse(err error) bool { return errs.ReasonOf(err) == accountrequest.ReasonRootEmailInUse }

func (s *requestServer) CreateAccountRequest(
	ctx context.Context, req *accounttransferv1.CreateAccountRequestRequest,
) (resp *accounttransferv1.CreateAccountRequestResponse, err error) {
	err = s.addresses.Ask(ctx, req.GetAccountRequest().GetCustomerId(), req.GetValidateOnly(), addressInUse, func() (err error) {
		resp, err = store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.CreateAccountRequestResponse, error) {
			row, err := s.create(tx, req)
			return &accounttransferv1.CreateAccountRequestResponse{AccountRequest: s.shown(ctx, row)}, err
		})
		return err
	})
	return resp, err
}

// create keeps the request, and its root address in a document of its own, where it can be erased.
func (s *requestServer) create(tx *store.Tx, req *accounttransferv1.CreateAccountRequestRequest) (row requestRow, err error) {
	asked := fromAccountRequest(req, tx.Call().Actor)
	asked.Policy, asked.Role.DeployURL = s.policy, roles.QuickCreate(s.template, asked.ID)
	profile, err := s.tables.profiles.GetTx(tx, tx.Call().Scope, asked.CustomerID)
	if errs.KindOf(err) == errs.NotFound {
		return row, accountrequest.CustomerUnknown(asked.CustomerID)
	}
	if err != nil {
		return row, err
	}
	r, facts, err := accountrequest.New(asked, *profile.Doc, s.regions, tx.Now())
	if err != nil {
		return row, err
	}
	if r.Placement == accountrequest.Member {
		if r.PayerID, err = s.tables.payerOfSeller(tx, req.GetAccountRequest().GetPayerId(), r.SellerID, r.CustomerID); err != nil {
			return row, err
		}
	}
	box, err := accountrequest.NewMailbox(
		accountrequest.Mailbox{ID: r.MailboxID, CustomerID: r.CustomerID, Address: req.GetRootEmail()}, req.GetMailboxConfirmed(),
	)
	if err != nil {
		return row, err
	}
	if err := s.tables.addressFree(tx, box); err != nil {
		return row, err
	}
	if _, err := s.tables.mailboxes.Create(tx, box.ID, box); err != nil {
		return row, err
	}
	return s.tables.requests.Create(tx, r.ID, r, facts...)
}

// payerOfSeller is the named payer of a seller, or its first active one that is no customer's own organization.
func (t *tables) payerOfSeller(tx *store.Tx, payerID, sellerID, customerID string) (string, error) {
	q := store.Query{OrderBy: "created_at", Size: 1, Where: []store.Cond{store.Eq("seller", sellerID)}}
	if payerID == "" {
		q.Where = append(q.Where, store.Eq("state", payer.Active), store.Eq("shared", true))
	} else {
		q.Where = append(q.Where, store.Eq("id", payerID))
	}
	found, err := t.payers.ListTx(tx, payersBelongToNobody(), q)
	if err != nil {
		return "", err
	}
	if len(found.Rows) == 0 {
		return "", payer.Unknown(payerID)
	}
	p := found.Rows[0].Doc
	return p.ID, cmp.Or(p.Serves(customerID), p.Open())
}

// addressFree refuses a root address that another request holds. The table's unique index closes the race that is left.
func (t *tables) addressFree(tx *store.Tx, box *accountrequest.Mailbox) error {
	page, err := t.mailboxes.ListTx(tx, addressesAreUnique(), store.Query{Where: []store.Cond{store.Eq("address", box.Key())}, Size: 1})
	if err != nil || len(page.Rows) == 0 || page.Rows[0].ID == box.ID {
		return err
	}
	return accountrequest.AddressInUse()
}

func (s *requestServer) GetAccountRequest(
	ctx context.Context, req *accounttransferv1.GetAccountRequestRequest,
) (*accounttransferv1.GetAccountRequestResponse, error) {
	row, err := s.tables.requests.Get(ctx, call.From(ctx).Scope, req.GetAccountRequestId())
	if err != nil {
		return nil, err
	}
	links, err := s.tables.guides(ctx, s.env.Business.Now())
	if err != nil {
		return nil, err
	}
	resp := &accounttransferv1.GetAccountRequestResponse{AccountRequest: s.shown(ctx, row)}
	resp.AccountRequest.GuidanceLinks = links(guidance.Place{TemplateKey: guidance.AccountRequests})
	if p, _ := auth.From(ctx); p.Role == auth.SupportReader {
		return resp, nil
	}
	box, err := s.tables.mailboxes.Get(ctx, call.From(ctx).Scope, row.Doc.MailboxID)
	if err != nil {
		return nil, err
	}
	resp.Mailbox = &accounttransferv1.RootMailbox{MailboxId: box.ID, RootEmail: box.Doc.Address, Erased: box.Doc.Erased}
	return resp, nil
}

func (s *requestServer) ListAccountRequests(
	ctx context.Context, req *accounttransferv1.ListAccountRequestsRequest,
) (*accounttransferv1.ListAccountRequestsResponse, error) {
	q := wire.Filter(wire.Query(ctx, req), "customer", req.GetCustomerId())
	q = wire.Filter(q, "region", req.GetRegion())
	q = wire.Filter(q, "account", req.GetAccountId())
	if len(req.GetStates()) > 0 {
		q.Where = append(q.Where, store.In("state", wire.Names(req.GetStates())...))
	}
	q, err := narrowed(ctx, req, q)
	if err != nil {
		return nil, err
	}
	page, err := s.tables.requests.List(ctx, call.From(ctx).Scope, q)
	if err != nil {
		return nil, err
	}
	each := func(r requestRow) *accounttransferv1.AccountRequest { return s.shown(ctx, r) }
	return &accounttransferv1.ListAccountRequestsResponse{AccountRequests: wire.Rows(page.Rows, each), NextPageToken: page.Next}, nil
}

// requestVerb is what every request that changes a request for an account has.
type requestVerb interface {
	GetAccountRequestId() string
	GetEtag() string
}

// decideRequest changes a request, and returns what is to be told of it.
type decideRequest func(r *accountrequest.Request, now time.Time) ([]fact.Fact, error)

// change decides within what the caller may see.
func (s *requestServer) change(
	ctx context.Context, tx *store.Tx, req requestVerb, change decideRequest,
) (*accounttransferv1.AccountRequest, error) {
	row, err := s.tables.changeRequest(tx, tx.Call().Scope, req.GetAccountRequestId(), req.GetEtag(), change)
	return s.shown(ctx, row), err
}

// review is change for the people of the request's region.
func (s *requestServer) review(
	ctx context.Context, tx *store.Tx, req requestVerb, change decideRequest,
) (*accounttransferv1.AccountRequest, error) {
	who, _ := auth.From(ctx)
	return s.change(ctx, tx, req, func(r *accountrequest.Request, now time.Time) ([]fact.Fact, error) {
		if err := r.Admits(who.Regions); err != nil {
			return nil, err
		}
		return change(r, now)
	})
}

func (s *requestServer) RequestInformation(
	ctx context.Context, req *accounttransferv1.RequestInformationRequest,
) (*accounttransferv1.RequestInformationResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.RequestInformationResponse, error) {
		r, err := s.review(ctx, tx, req, func(r *accountrequest.Request, now time.Time) ([]fact.Fact, error) {
			return r.RequestInformation(req.GetQuestion(), now)
		})
		return &accounttransferv1.RequestInformationResponse{AccountRequest: r}, err
	})
}

func (s *requestServer) ProvideInformation(
	ctx context.Context, req *accounttransferv1.ProvideInformationRequest,
) (resp *accounttransferv1.ProvideInformationResponse, err error) {
	err = s.addresses.Ask(ctx, req.GetAccountRequestId(), req.GetValidateOnly() && req.GetRootEmail() != "", addressInUse, func() (err error) {
		resp, err = store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.ProvideInformationResponse, error) {
			r, err := s.provide(ctx, tx, req)
			return &accounttransferv1.ProvideInformationResponse{AccountRequest: r}, err
		})
		return err
	})
	return resp, err
}

func (s *requestServer) provide(
	ctx context.Context, tx *store.Tx, req *accounttransferv1.ProvideInformationRequest,
) (*accounttransferv1.AccountRequest, error) {
	given := accountrequest.Given{
		Answer: req.GetAnswer(), Nickname: req.GetNickname(), Plan: accountrequest.Plan(wire.Name(req.GetSupportType())),
		Address: req.GetRootEmail() != "", ByMail: req.GetByMail(),
	}
	mailboxID := ""
	shown, err := s.change(ctx, tx, req, func(r *accountrequest.Request, now time.Time) ([]fact.Fact, error) {
		mailboxID = r.MailboxID
		return r.ProvideInformation(given, tx.Call().Actor, now)
	})
	if err != nil || !given.Address {
		return shown, err
	}
	_, err = s.tables.mailboxes.Update(tx, tx.Call().Scope, mailboxID, "", func(m *accountrequest.Mailbox) ([]fact.Fact, error) {
		if err := m.Revise(req.GetRootEmail(), req.GetMailboxConfirmed()); err != nil {
			return nil, err
		}
		return nil, s.tables.addressFree(tx, m)
	})
	return shown, err
}

func (s *requestServer) ApproveAccountRequest(
	ctx context.Context, req *accounttransferv1.ApproveAccountRequestRequest,
) (*accounttransferv1.ApproveAccountRequestResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.ApproveAccountRequestResponse, error) {
		r, err := s.review(ctx, tx, req, func(r *accountrequest.Request, now time.Time) ([]fact.Fact, error) {
			return r.Approve(req.GetReason(), tx.Call().Actor, now)
		})
		return &accounttransferv1.ApproveAccountRequestResponse{AccountRequest: r}, err
	})
}

func (s *requestServer) RejectAccountRequest(
	ctx context.Context, req *accounttransferv1.RejectAccountRequestRequest,
) (*accounttransferv1.RejectAccountRequestResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.RejectAccountRequestResponse, error) {
		r, err := s.review(ctx, tx, req, func(r *accountrequest.Request, now time.Time) ([]fact.Fact, error) {
			return r.Reject(req.GetReason(), tx.Call().Actor, now)
		})
		return &accounttransferv1.RejectAccountRequestResponse{AccountRequest: r}, err
	})
}

func (s *requestServer) CancelAccountRequest(
	ctx context.Context, req *accounttransferv1.CancelAccountRequestRequest,
) (*accounttransferv1.CancelAccountRequestResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.CancelAccountRequestResponse, error) {
		r, err := s.change(ctx, tx, req, func(r *accountrequest.Request, now time.Time) ([]fact.Fact, error) {
			return r.Cancel(req.GetReason(), tx.Call().Actor, now)
		})
		return &accounttransferv1.CancelAccountRequestResponse{AccountRequest: r}, err
	})
}

func (s *requestServer) RetryCreation(
	ctx context.Context, req *accounttransferv1.RetryCreationRequest,
) (*accounttransferv1.RetryCreationResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.RetryCreationResponse, error) {
		r, err := s.change(ctx, tx, req, func(r *accountrequest.Request, now time.Time) ([]fact.Fact, error) { return r.Retry() })
		return &accounttransferv1.RetryCreationResponse{AccountRequest: r}, err
	})
}

func (s *requestServer) RecordAccount(
	ctx context.Context, req *accounttransferv1.RecordAccountRequest,
) (*accounttransferv1.RecordAccountResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.RecordAccountResponse, error) {
		r, err := s.change(ctx, tx, req, func(r *accountrequest.Request, now time.Time) ([]fact.Fact, error) {
			facts, err := r.Record(req.GetAccountId(), req.GetEvidence(), now)
			if err != nil {
				return nil, err
			}
			return facts, s.accountUnknown(tx, r.AccountID)
		})
		return &accounttransferv1.RecordAccountResponse{AccountRequest: r}, err
	})
}

// accountUnknown refuses an account that another connection or another request has.
func (s *requestServer) accountUnknown(tx *store.Tx, accountID string) error {
	held, err := s.tables.holder(tx, accountID)
	if err != nil {
		return err
	}
	asked, err := s.tables.requests.CountTx(tx, accountsAreUnique(), store.Eq("account", accountID))
	if err == nil && (held != "" || asked > 0) {
		return connection.AccountInTransfer(accountID, "")
	}
	return err
}

func (s *requestServer) ConfirmRootAccess(
	ctx context.Context, req *accounttransferv1.ConfirmRootAccessRequest,
) (*accounttransferv1.ConfirmRootAccessResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.ConfirmRootAccessResponse, error) {
		r, err := s.change(ctx, tx, req, func(r *accountrequest.Request, now time.Time) ([]fact.Fact, error) {
			return r.ConfirmRootAccess(req.GetEvidence(), tx.Call().Actor, now)
		})
		return &accounttransferv1.ConfirmRootAccessResponse{AccountRequest: r}, err
	})
}

func (s *requestServer) ValidateRole(
	ctx context.Context, req *accounttransferv1.ValidateRoleRequest,
) (*accounttransferv1.ValidateRoleResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.ValidateRoleResponse, error) {
		r, err := s.change(ctx, tx, req, func(r *accountrequest.Request, _ time.Time) ([]fact.Fact, error) {
			return r.EnterRole(req.GetRoleArn())
		})
		return &accounttransferv1.ValidateRoleResponse{AccountRequest: r}, err
	})
}

func (s *requestServer) ConfirmSupportPlan(
	ctx context.Context, req *accounttransferv1.ConfirmSupportPlanRequest,
) (*accounttransferv1.ConfirmSupportPlanResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.ConfirmSupportPlanResponse, error) {
		r, err := s.change(ctx, tx, req, func(r *accountrequest.Request, now time.Time) ([]fact.Fact, error) {
			plan := accountrequest.Plan(wire.Name(req.GetSupportPlan()))
			if req.GetInPlace() {
				return r.ConfirmOtherPlan(plan, req.GetEvidence(), tx.Call().Actor, now)
			}
			return r.ConfirmPlan(plan, req.GetEvidence(), tx.Call().Actor, now)
		})
		return &accounttransferv1.ConfirmSupportPlanResponse{AccountRequest: r}, err
	})
}

func (s *requestServer) SetSupportPlanGroup(
	ctx context.Context, req *accounttransferv1.SetSupportPlanGroupRequest,
) (*accounttransferv1.SetSupportPlanGroupResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.SetSupportPlanGroupResponse, error) {
		r, err := s.change(ctx, tx, req, func(r *accountrequest.Request, now time.Time) ([]fact.Fact, error) {
			return r.SetPlanGroup(accountrequest.Group(wire.Name(req.GetSupportPlanGroup())), now)
		})
		return &accounttransferv1.SetSupportPlanGroupResponse{AccountRequest: r}, err
	})
}

func (s *requestServer) EraseRootMailbox(
	ctx context.Context, req *accounttransferv1.EraseRootMailboxRequest,
) (*accounttransferv1.EraseRootMailboxResponse, error) {
	return store.Erase(ctx, s.tables.mailboxes, req, func(tx *store.Tx) (*accounttransferv1.EraseRootMailboxResponse, error) {
		mailboxID := ""
		r, err := s.change(ctx, tx, req, func(r *accountrequest.Request, _ time.Time) ([]fact.Fact, error) {
			mailboxID = r.MailboxID
			return r.Erased(req.GetReason())
		})
		if err != nil {
			return nil, err
		}
		_, err = s.tables.mailboxes.Update(tx, tx.Call().Scope, mailboxID, "", (*accountrequest.Mailbox).Erase)
		return &accounttransferv1.EraseRootMailboxResponse{AccountRequest: r}, err
	})
}

// newRequestID is the id of a request whose caller has chosen none, and of its mailbox.
func newRequestID(chosen string) (requestID, mailboxID string) {
	if chosen == "" {
		chosen = id.New(prefixRequest)
	}
	return chosen, id.New(prefixMailbox)
}
