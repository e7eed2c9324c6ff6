package orders

import (
	"context"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/orders/internal/order"
	"example.com/handover/services/orders/internal/party"
)

// What a customer's people are for is part of the customer; their data is in rows of its own, where it can be erased.

func (s *customerServer) AddPerson(ctx context.Context, req *ordersv1.AddPersonRequest) (*ordersv1.AddPersonResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*ordersv1.AddPersonResponse, error) {
		person, contact := fromNewContact(req.GetPerson(), orNew(req.GetPersonId(), prefixPerson), req.GetCustomerId())
		row, err := s.tables.customers.Update(tx, tx.Call().Scope, req.GetCustomerId(), req.GetEtag(),
			func(c *party.Customer) ([]fact.Fact, error) {
				return c.AddPerson(contact)
			})
		if err != nil {
			return nil, err
		}
		return &ordersv1.AddPersonResponse{Customer: toCustomer(row), PersonId: person.ID}, s.createPeople(tx, []party.Person{person})
	})
}

func (s *customerServer) UpdatePerson(ctx context.Context, req *ordersv1.UpdatePersonRequest) (*ordersv1.UpdatePersonResponse, error) {
	edit, roles, err := personEdit(req.GetPerson(), req.GetUpdateMask())
	if err != nil {
		return nil, err
	}
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*ordersv1.UpdatePersonResponse, error) {
		before, err := s.lockPerson(tx, req.GetCustomerId(), req.GetPersonId())
		if err != nil {
			return nil, err
		}
		changed := *before.Doc
		facts, err := changed.Revise(edit, tx.Now())
		if err != nil {
			return nil, err
		}
		open, err := s.openOrders(tx, req.GetCustomerId())
		if err != nil {
			return nil, err
		}
		row, err := s.tables.customers.Update(tx, tx.Call().Scope, req.GetCustomerId(), req.GetEtag(),
			func(c *party.Customer) ([]fact.Fact, error) {
				return c.RevisePerson(req.GetPersonId(), roles, len(facts) > 0, party.Need{Open: open})
			})
		if err != nil {
			return nil, err
		}
		_, err = s.tables.persons.Update(tx, tx.Call().Scope, req.GetPersonId(), "", func(p *party.Person) ([]fact.Fact, error) {
			return p.Revise(edit, tx.Now())
		})
		return &ordersv1.UpdatePersonResponse{Customer: toCustomer(row)}, err
	})
}

// RemovePerson changes the customer and, in the same transaction, the open orders whose technical contact the person is.
func (s *customerServer) RemovePerson(ctx context.Context, req *ordersv1.RemovePersonRequest) (*ordersv1.RemovePersonResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*ordersv1.RemovePersonResponse, error) {
		scope, customerID, gone := tx.Call().Scope, req.GetCustomerId(), req.GetPersonId()
		theirs, err := s.lockContact(tx, customerID, gone)
		if err != nil {
			return nil, err
		}
		open, err := s.openOrders(tx, customerID)
		if err != nil {
			return nil, err
		}
		need := party.Need{Open: open, Technical: len(theirs) > 0}
		row, err := s.tables.customers.Update(tx, scope, customerID, req.GetEtag(), func(c *party.Customer) ([]fact.Fact, error) {
			return c.RemovePerson(gone, req.GetReplacementPersonId(), need)
		})
		if err != nil {
			return nil, err
		}
		for _, o := range theirs {
			_, err := s.tables.orders.Update(tx, scope, o.ID, "", func(o *order.Order) ([]fact.Fact, error) {
				return o.ReplaceContact(gone, req.GetReplacementPersonId())
			})
			if err != nil {
				return nil, err
			}
		}
		return &ordersv1.RemovePersonResponse{Customer: toCustomer(row)}, nil
	})
}

// maxOpenOrders is how many orders of a customer are changed at once; a customer has a handful.
const maxOpenOrders = 500

// lockContact locks a customer together with its open orders whose technical contact the person is, and returns these.
func (s *customerServer) lockContact(tx *store.Tx, customerID, personID string) ([]store.Row[order.Order], error) {
	theirs := store.Query{Size: maxOpenOrders, Where: []store.Cond{
		store.Eq("customer", customerID), store.Eq("technical_contact", personID), store.In("state", order.Open()...),
	}}
	before, err := s.tables.orders.ListTx(tx, tx.Call().Scope, theirs)
	if err != nil {
		return nil, err
	}
	rows := []store.Locked{s.tables.customers.Row(customerID)}
	for _, row := range before.Rows {
		rows = append(rows, s.tables.orders.Row(row.ID))
	}
	if err := tx.Lock(rows...); err != nil {
		return nil, err
	}
	after, err := s.tables.orders.ListTx(tx, tx.Call().Scope, theirs)
	if err == nil && len(after.Rows) != len(before.Rows) {
		return nil, errs.New(errs.Unavailable, "UNAVAILABLE", "the orders of this person change at this moment")
	}
	return after.Rows, err
}

// lockPerson locks a customer and one of its people, and reads the person. Somebody else's is unknown.
func (s *customerServer) lockPerson(tx *store.Tx, customerID, personID string) (store.Row[party.Person], error) {
	if err := tx.Lock(s.tables.customers.Row(customerID), s.tables.persons.Row(personID)); err != nil {
		return store.Row[party.Person]{}, err
	}
	if _, err := s.tables.customers.GetForUpdate(tx, tx.Call().Scope, customerID); err != nil {
		return store.Row[party.Person]{}, err
	}
	row, err := s.tables.persons.GetForUpdate(tx, tx.Call().Scope, personID)
	if err == nil && row.Customer == customerID {
		return row, nil
	}
	if err == nil || errs.KindOf(err) == errs.NotFound {
		return row, party.PersonUnknown(personID)
	}
	return row, err
}

// openOrders reports whether the customer has an order that has not ended.
func (s *customerServer) openOrders(tx *store.Tx, customerID string) (bool, error) {
	n, err := s.tables.orders.CountTx(tx, tx.Call().Scope, store.Eq("customer", customerID), store.In("state", order.Open()...))
	return n > 0, err
}

func (s *customerServer) ErasePerson(ctx context.Context, req *ordersv1.ErasePersonRequest) (*ordersv1.ErasePersonResponse, error) {
	return store.Erase(ctx, s.tables.persons, req, func(tx *store.Tx) (*ordersv1.ErasePersonResponse, error) {
		scope := tx.Call().Scope
		person, err := s.lockPerson(tx, req.GetCustomerId(), req.GetPersonId())
		if err != nil {
			return nil, err
		}
		row, err := s.tables.customers.Update(tx, scope, req.GetCustomerId(), req.GetEtag(), func(c *party.Customer) ([]fact.Fact, error) {
			return c.ErasePerson(*person.Doc, req.GetReason())
		})
		if err != nil {
			return nil, err
		}
		_, err = s.tables.persons.Update(tx, scope, req.GetPersonId(), "", (*party.Person).Erase)
		return &ordersv1.ErasePersonResponse{Customer: toCustomer(row)}, err
	})
}
