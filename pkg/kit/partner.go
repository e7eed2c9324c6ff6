package kit

import (
	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/event"
	"example.com/handover/pkg/store"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// Partners is the subscription of a service that follows partners, for its Spec, under the purpose "partners".
func Partners() Source { return Source{"orders", "customer"} }

// FollowPartners has the service know to which partner each customer belongs, so that a partner sees the rows of its
// customers here too. Every service that keeps rows of customers calls it once; orders, which decides, tells its store
// itself. A customer that moves is one row that changes, whatever else there is of it.
func (e *Env) FollowPartners() {
	e.Subscribe("partners", func(tx *store.Tx, m event.Message) error {
		var body ordersv1.CustomerEvent
		if err := m.Into(&body); err != nil {
			return err
		}
		return tx.Assign(body.GetCustomer().GetCustomerId(), body.GetCustomer().GetPartnerId())
	})
}

// belongs is how the guard asks a hosted service; one without a database knows no customers.
func (p *Process) belongs(service string) auth.Belongs {
	for _, e := range p.hosted {
		if e.Name == service && e.DB != nil {
			return e.DB.Belongs
		}
	}
	return nil
}
