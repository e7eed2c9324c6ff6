package main

import (
	"context"
	"fmt"
	"time"

	"example.com/handover/deploy/bench/measure"
	"example.com/handover/deploy/journey"
	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/id"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	"example.com/handover/services/accounttransfer"
	"example.com/handover/services/gateway"
	"example.com/handover/services/orders"
	"example.com/handover/services/sandbox"
)

// submittersAtOnce is how many callers submit the orders of a slice.
const submittersAtOnce = 8

// downstream measures what a submission costs until its consequences have ended: all-in-one with consumers,
// reconcilers and the simulated AWS, until every order waits for the customer and nothing is left to do; beside it the
// orders service alone until its events are relayed. A slice has a number of orders, whatever its length.
func (b *bench) downstream(ctx context.Context) error {
	return b.scope(ctx, func() error {
		suite, err := b.newSuite(ctx)
		if err != nil {
			return err
		}
		alone, err := b.newSubmitter(ctx, b.servers[0])
		if err != nil {
			return err
		}
		n := b.size.ordersAtOnce
		return b.measure(ctx, measure.Pair{
			Figure: fmt.Sprintf("Submission to QUERYING, all-in-one, SQLite, %d callers", submittersAtOnce), Against: "orders alone, as far as relayed",
			Lines: []measure.Line{{Unit: "CPU ms each"}, {Unit: "orders/s"}},
			Product: func(ctx context.Context, _ time.Duration) ([]float64, error) {
				ids, err := suite.drafts(ctx, n)
				if err != nil {
					return nil, err
				}
				return worked(n, func() error {
					if err := suite.submitAll(ctx, ids); err != nil {
						return err
					}
					return suite.settled(ctx)
				})
			},
			Yardstick: func(ctx context.Context, _ time.Duration) ([]float64, error) {
				ready, err := alone.drafts.make(ctx, n)
				if err != nil {
					return nil, err
				}
				return worked(n, func() error {
					if err := alone.submitAll(ctx, ready); err != nil {
						return err
					}
					return eventually(ctx, func(ctx context.Context) (string, error) { return alone.busy(ctx, "orders") })
				})
			},
		})
	})
}

// worked times n pieces of work, in processor time and in all.
func worked(n int, do func() error) ([]float64, error) {
	began := clock.Machine{}.Now()
	cpu, err := measure.CPUOf(do)
	took := clock.Machine{}.Now().Sub(began)
	return []float64{measure.Milliseconds(cpu) / float64(n), float64(n) / took.Seconds()}, err
}

// suite is the all-in-one.
type suite struct{ *stage }

func (b *bench) newSuite(ctx context.Context) (*suite, error) {
	at, err := b.newFolder()
	if err != nil {
		return nil, err
	}
	c, err := journey.AllInOne(at.folder)
	if err != nil {
		return nil, err
	}
	p, err := b.start(ctx, c, orders.Service(), accounttransfer.Service(), gateway.Service(), sandbox.Service())
	if err != nil {
		return nil, err
	}
	s, err := p.set(ctx)
	if err != nil {
		return nil, err
	}
	return &suite{s}, s.pay(ctx)
}

// pay registers the payer that the sandbox has at AWS.
func (s *stage) pay(ctx context.Context) error {
	const account = "111122223333"
	created, err := accounttransferv1.NewPayerServiceClient(s.conn).CreatePayer(s.operates(ctx), &accounttransferv1.CreatePayerRequest{Payer: &accounttransferv1.Payer{
		SellerId: s.sellerID, DisplayName: "Example payer", AccountId: account,
		RoleArn: "arn:aws:iam::" + account + ":role/handover", ExternalId: "handover-sandbox", InboundQuota: 1000,
	}})
	s.payerID = created.GetPayer().GetPayerId()
	return err
}

// drafts makes orders whose management accounts are at AWS.
func (s *suite) drafts(ctx context.Context, n int) ([]order, error) {
	aws := sandboxv1.NewSandboxServiceClient(s.conn)
	var out []order
	for range n {
		org, err := aws.CreateOrganization(s.operates(ctx), &sandboxv1.CreateOrganizationRequest{
			Name: "Example Customer", Email: id.New("root") + "@example.com",
		})
		if err != nil {
			return nil, fmt.Errorf("create organization at AWS: %w", err)
		}
		o := order{account: org.GetOrganization().GetAccountId()}
		if o.id, err = s.draft(ctx, o.account); err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, eventually(ctx, func(ctx context.Context) (string, error) { return s.busy(ctx, "orders", "accounttransfer") })
}

func (s *stage) submitAll(ctx context.Context, drafts []order) error {
	_, err := measure.Times(ctx, len(drafts), submittersAtOnce, func(ctx context.Context, i int) error { return s.submit(ctx, drafts[i].id) })
	return err
}

// settled waits until every order waits for the customer and no service has anything left to do.
func (s *suite) settled(ctx context.Context) error {
	return eventually(ctx, func(ctx context.Context) (string, error) {
		left, err := s.busy(ctx, "orders", "accounttransfer")
		if left != "" || err != nil {
			return left, err
		}
		return s.notQuerying(ctx)
	})
}

// patience is how long a slice may take to work off what it has begun.
const patience = time.Minute

// eventually asks again and again what is left, until it is nothing.
func eventually(ctx context.Context, left func(context.Context) (string, error)) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		what, err := left(ctx)
		if err != nil || what == "" {
			return err
		}
		if err := (clock.Machine{}).Wait(ctx, 20*time.Millisecond); err != nil {
			return fmt.Errorf("after %s: %s", patience, what)
		}
	}
}

// busy says what these services still have to do.
func (s *stage) busy(ctx context.Context, services ...string) (string, error) {
	for _, service := range services {
		resp, err := opsv1.NewOperationsServiceClient(s.conn).GetWork(s.operates(ctx), &opsv1.GetWorkRequest{Service: service})
		if err != nil {
			return "", fmt.Errorf("work of %s: %w", service, err)
		}
		w := resp.GetWork()
		if w.GetDue()+w.GetClaimed()+w.GetBackingOff()+w.GetUnpublished()+w.GetUnacked() > 0 {
			return fmt.Sprintf("%s has work: %v", service, w), nil
		}
	}
	return "", nil
}

// notQuerying says which order does not wait for the customer.
func (s *stage) notQuerying(ctx context.Context) (string, error) {
	resp, err := s.orders.ListOrders(s.operates(ctx), &ordersv1.ListOrdersRequest{PageSize: 1, States: []ordersv1.OrderState{
		ordersv1.OrderState_ORDER_STATE_DRAFT, ordersv1.OrderState_ORDER_STATE_PROCESSING, ordersv1.OrderState_ORDER_STATE_FAILED,
	}})
	if err != nil || len(resp.GetOrders()) == 0 {
		return "", err
	}
	o := resp.GetOrders()[0]
	return fmt.Sprintf("order %s is %s", o.GetOrderId(), o.GetState()), nil
}
