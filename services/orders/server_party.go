package orders

import (
	"context"
	"log/slog"
	"slices"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/rpc"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	"example.com/handover/pkg/wire"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/orders/internal/catalogue"
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
		used, err := s.used(tx, sellerID, edit)
		if err != nil {
			return nil, err
		}
		row, err := s.tables.sellers.Update(tx, anySeller(), sellerID, req.GetEtag(), func(d *party.Seller) ([]fact.Fact, error) {
			return d.Revise(edit, used)
		})
		return &ordersv1.UpdateSellerResponse{Seller: toSeller(row)}, err
	})
}

// used finds what customers have of a seller that an edit may take away.
func (s *sellerServer) used(tx *store.Tx, sellerID string, edit party.SellerEdit) (used party.InUse, err error) {
	before, err := s.tables.sellers.GetTx(tx, anySeller(), sellerID)
	if err != nil {
		return used, err
	}
	first := func(more ...store.Cond) (*party.Customer, error) {
		q := store.Query{Where: append([]store.Cond{store.Eq("seller", sellerID)}, more...), Size: 1}
		page, err := s.tables.customers.ListTx(tx, customersOfSeller(), q)
		if err != nil || len(page.Rows) == 0 {
			return nil, err
		}
		return page.Rows[0].Doc, nil
	}
	customer, err := first()
	if customer == nil || err != nil {
		return used, err
	}
	used.Customers = true
	if edit.CountryCodes == nil {
		return used, nil
	}
	var lost []string
	for _, code := range before.Doc.CountryCodes {
		if !slices.Contains(*edit.CountryCodes, code) {
			lost = append(lost, code)
		}
	}
	if len(lost) == 0 {
		return used, nil
	}
	if customer, err = first(store.In("country", lost...)); customer != nil {
		used.Country = customer.CountryCode
	}
	return used, err
}

// orNew keeps an id that the caller chose.
func orNew(chosen, prefix string) string {
	if chosen != "" {
		return chosen
	}
	return id.New(prefix)
}

type customerServer struct {
	ordersv1.UnimplementedCustomerServiceServer
	tables *tables
	log    *slog.Logger
	books  billingv1.PricebookServiceClient // see SetProvider
}

func (s *customerServer) CreateCustomer(
	ctx context.Context, req *ordersv1.CreateCustomerRequest,
) (*ordersv1.CreateCustomerResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*ordersv1.CreateCustomerResponse, error) {
		draft := fromCustomer(req.GetCustomer(), orNew(req.GetCustomerId(), prefixCustomer))
		if p, _ := auth.From(ctx); p.Role == auth.Partner {
			if p.Partner == "" {
				return nil, errs.New(errs.Denied, party.ReasonRoleDenied, "the token does not say of which partner you are").
					WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.name_partner")})
			}
			draft.PartnerID = p.Partner
		}
		people := make([]party.Person, 0, len(req.GetContacts()))
		for _, c := range req.GetContacts() {
			person, contact := fromNewContact(c, id.New(prefixPerson), draft.ID)
			people, draft.Contacts = append(people, person), append(draft.Contacts, contact)
		}
		seller, err := s.seller(tx, draft.SellerID)
		if err != nil {
			return nil, err
		}
		customer, facts, err := party.NewCustomer(draft, *seller, entityIDs(req.GetCustomer()))
		if err != nil {
			return nil, err
		}
		row, err := s.tables.customers.Create(tx, customer.ID, customer, facts...)
		if err != nil {
			return nil, wire.Taken(err, "seller_external_id", "customer.external_id")
		}
		if err := s.createPeople(tx, people); err != nil {
			return nil, err
		}
		if err := tx.Assign(row.ID, row.Doc.PartnerID); err != nil {
			return nil, err
		}
		return &ordersv1.CreateCustomerResponse{Customer: toCustomer(row)}, nil
	})
}

// createPeople keeps the personal data in rows of its own, where it can be erased.
func (s *customerServer) createPeople(tx *store.Tx, people []party.Person) error {
	for _, p := range people {
		person, facts, err := party.NewPerson(p)
		if err != nil {
			return err
		}
		if _, err := s.tables.persons.Create(tx, person.ID, person, facts...); err != nil {
			return err
		}
	}
	return nil
}

func (s *customerServer) seller(tx *store.Tx, sellerID string) (*party.Seller, error) {
	if sellerID == "" {
		return nil, party.FieldRequired("customer.seller_id")
	}
	row, err := s.tables.sellers.GetTx(tx, anySeller(), sellerID)
	if errs.KindOf(err) == errs.NotFound {
		return nil, errs.InvalidField("customer.seller_id", "SELLER_UNKNOWN", "there is no seller %q", sellerID).
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.look_up_seller")})
	}
	return row.Doc, err
}

func (s *customerServer) GetCustomer(ctx context.Context, req *ordersv1.GetCustomerRequest) (*ordersv1.GetCustomerResponse, error) {
	row, err := s.tables.customers.Get(ctx, call.From(ctx).Scope, req.GetCustomerId())
	if err != nil {
		return nil, err
	}
	if row.Doc, err = s.acting(ctx, row.Doc, req.GetOrderId()); err != nil {
		return nil, err
	}
	resp := &ordersv1.GetCustomerResponse{Customer: toCustomer(row)}
	if p, _ := auth.From(ctx); p.Role == auth.SupportReader {
		return resp, nil // support finds its way by ids
	}
	for _, c := range row.Doc.Contacts {
		person, err := s.tables.persons.Get(ctx, call.From(ctx).Scope, c.PersonID)
		if err != nil {
			return nil, err
		}
		resp.Persons = append(resp.Persons, toPerson(person, c.Roles))
	}
	return resp, nil
}

// acting is the customer with the roles that its people have for the agreement of an order. An order that is none of its own says nothing.
func (s *customerServer) acting(ctx context.Context, c *party.Customer, orderID string) (*party.Customer, error) {
	if orderID == "" {
		return c, nil
	}
	o, err := s.tables.orders.Get(ctx, call.From(ctx).Scope, orderID)
	if errs.KindOf(err) == errs.NotFound || err == nil && o.Doc.CustomerID != c.ID {
		return c, nil
	}
	if err != nil {
		return nil, err
	}
	a, err := s.tables.agreements.Get(ctx, call.From(ctx).Scope, o.Doc.AgreementID)
	if err != nil {
		return nil, err
	}
	theirs := *c
	theirs.Contacts = a.Doc.RolesIn(*c)
	return &theirs, nil
}

func (s *customerServer) ListCustomers(ctx context.Context, req *ordersv1.ListCustomersRequest) (*ordersv1.ListCustomersResponse, error) {
	q := wire.Query(ctx, req)
	q = wire.Filter(q, "id", req.GetCustomerId())
	q = wire.Filter(q, "seller", req.GetSellerId())
	q = wire.Filter(q, "partner", req.GetPartnerId())
	q = wire.Filter(q, "external_id", req.GetExternalId())
	q = wire.Labelled(q, req.GetLabels())
	if prefix := req.GetNamePrefix(); prefix != "" {
		q.Where = append(q.Where, wire.NameBegins(nameKey, prefix)...)
		if req.GetOrderBy() == typev1.SortOrder_SORT_ORDER_UNSPECIFIED {
			q.OrderBy, q.Desc = nameKey, false
		}
	}
	page, err := s.tables.customers.List(ctx, call.From(ctx).Scope, q)
	if err != nil {
		return nil, err
	}
	return &ordersv1.ListCustomersResponse{Customers: wire.Rows(page.Rows, toCustomer), NextPageToken: page.Next}, nil
}

// customersNamed is how many customers a prefix of their names may stand for where something of theirs is listed.
const customersNamed = 100

// ofCustomers narrows a list of what belongs to customers to those of a partner, and to those whose names begin with something.
func (t *tables) ofCustomers(ctx context.Context, q store.Query, partner, prefix string) (store.Query, error) {
	if partner != "" {
		q.Where = append(q.Where, store.OfPartner(partner))
	}
	if prefix == "" {
		return q, nil
	}
	named := wire.NameBegins(nameKey, prefix)
	found, err := t.customers.List(ctx, call.From(ctx).Scope, store.Query{Where: named, OrderBy: nameKey, Size: customersNamed})
	if err == nil && found.Next != "" {
		err = party.NameTooShort(customersNamed)
	}
	q.Where = append(q.Where, store.Among("customer", "customers", named...))
	return q, err
}

func (s *customerServer) UpdateCustomer(
	ctx context.Context, req *ordersv1.UpdateCustomerRequest,
) (*ordersv1.UpdateCustomerResponse, error) {
	edit, err := customerEdit(req.GetCustomer(), req.GetUpdateMask())
	if err != nil {
		return nil, err
	}
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*ordersv1.UpdateCustomerResponse, error) {
		scope := tx.Call().Scope
		before, err := s.tables.customers.GetTx(tx, scope, req.GetCustomerId())
		if err != nil {
			return nil, err
		}
		seller, err := s.seller(tx, before.Doc.SellerID)
		if err != nil {
			return nil, err
		}
		row, err := s.tables.customers.Update(tx, scope, before.ID, req.GetEtag(), func(c *party.Customer) ([]fact.Fact, error) {
			return c.Revise(edit, *seller, tx.Call().Actor)
		})
		if err != nil {
			return nil, wire.Taken(err, "seller_external_id", "customer.external_id")
		}
		return &ordersv1.UpdateCustomerResponse{Customer: toCustomer(row)}, tx.Assign(row.ID, row.Doc.PartnerID)
	})
}

func (s *customerServer) SetProvider(ctx context.Context, req *ordersv1.SetProviderRequest) (*ordersv1.SetProviderResponse, error) {
	if req.GetPassRiOptimization() {
		return nil, party.RIPassThroughUnavailable()
	}
	if again, err := store.Answered[*ordersv1.SetProviderResponse](ctx, s.tables.db, req); err != nil {
		return nil, err
	} else if again != nil {
		return *again, nil // also when Billing is away
	}
	p := req.GetProvider()
	set := party.Provider{CurrencyCode: p.GetCurrencyCode(), PricebookID: p.GetPricebookId(), PortalEnabled: p.GetPortalEnabled()}
	book, err := s.book(ctx, set.PricebookID)
	if err != nil {
		return nil, err
	}
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*ordersv1.SetProviderResponse, error) {
		scope := tx.Call().Scope
		before, err := s.tables.customers.GetTx(tx, scope, req.GetCustomerId())
		if err != nil {
			return nil, err
		}
		seller, err := s.seller(tx, before.Doc.SellerID)
		if err != nil {
			return nil, err
		}
		row, err := s.tables.customers.Update(tx, scope, before.ID, req.GetEtag(), func(c *party.Customer) ([]fact.Fact, error) {
			return c.SetProvider(set, *seller, book)
		})
		return &ordersv1.SetProviderResponse{Customer: toCustomer(row)}, err
	})
}

// book asks Billing, before the transaction, and for the service: a partner may choose a pricebook and not read its prices. Nil: there is
// none.
func (s *customerServer) book(ctx context.Context, pricebookID string) (*party.Pricebook, error) {
	found, err := s.books.GetPricebook(rpc.AsWorkload(ctx), &billingv1.GetPricebookRequest{PricebookId: pricebookID})
	if errs.KindOf(err) == errs.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &party.Pricebook{SellerID: found.GetPricebook().GetSellerId(), CurrencyCode: found.GetPricebook().GetCurrencyCode()}, nil
}

func (s *customerServer) GrantException(
	ctx context.Context, req *ordersv1.GrantExceptionRequest,
) (*ordersv1.GrantExceptionResponse, error) {
	rule, err := catalogue.FindRule(req.GetRule())
	if err == nil {
		err = rule.Exceptional()
	}
	if err != nil {
		return nil, err
	}
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*ordersv1.GrantExceptionResponse, error) {
		granted := party.Exception{
			Rule: rule.Key, Reason: req.GetReason(), ExpiresAt: wire.FromTime(req.GetExpireTime()), GrantedBy: tx.Call().Actor,
		}
		grant := func(c *party.Customer) ([]fact.Fact, error) { return c.Grant(granted, tx.Now()) }
		row, err := s.tables.customers.Update(tx, tx.Call().Scope, req.GetCustomerId(), req.GetEtag(), grant)
		return &ordersv1.GrantExceptionResponse{Customer: toCustomer(row)}, err
	})
}

func (s *customerServer) RevokeException(
	ctx context.Context, req *ordersv1.RevokeExceptionRequest,
) (*ordersv1.RevokeExceptionResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*ordersv1.RevokeExceptionResponse, error) {
		revoke := func(c *party.Customer) ([]fact.Fact, error) { return c.Revoke(req.GetRule()) }
		row, err := s.tables.customers.Update(tx, tx.Call().Scope, req.GetCustomerId(), req.GetEtag(), revoke)
		return &ordersv1.RevokeExceptionResponse{Customer: toCustomer(row)}, err
	})
}
