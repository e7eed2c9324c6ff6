package orders

import (
	"context"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/orders/internal/party"
)

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
