package main

import (
	"context"
	"fmt"

	"example.com/handover/deploy/bench/measure"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
)

// live brings n orders to their end as everybody concerned would, and returns their management accounts. Their billing
// begins with the next month.
func (s *suite) live(ctx context.Context, n int) ([]string, error) {
	all, err := s.drafts(ctx, n)
	if err != nil {
		return nil, err
	}
	if err := s.submitAll(ctx, all); err != nil {
		return nil, err
	}
	if err := s.settled(ctx); err != nil {
		return nil, err
	}
	for _, click := range []func(context.Context, order) error{s.acceptTransfer, s.acceptTerm, s.deployRole} {
		if err := s.clicked(ctx, all, click); err != nil {
			return nil, err
		}
	}
	if err := s.openChannels(ctx); err != nil {
		return nil, err
	}
	var accounts []string
	for _, o := range all {
		got, err := s.operator.Order(ctx, o.id)
		if err != nil {
			return nil, err
		}
		if state := got.GetState(); state != ordersv1.OrderState_ORDER_STATE_COMPLETED {
			return nil, fmt.Errorf("order %s is %s", o.id, state)
		}
		accounts = append(accounts, o.account)
	}
	return accounts, nil
}

// clicked lets every customer do one thing at AWS and press "Process", and waits for what comes of it.
func (s *suite) clicked(ctx context.Context, all []order, click func(context.Context, order) error) error {
	_, err := measure.Times(ctx, len(all), submittersAtOnce, func(ctx context.Context, i int) error {
		if err := click(ctx, all[i]); err != nil {
			return fmt.Errorf("at AWS: %w", err)
		}
		return s.customer.ProcessOrder(ctx, all[i].id)
	})
	if err != nil {
		return err
	}
	return s.idle(ctx)
}

func (s *suite) acceptTransfer(ctx context.Context, o order) error {
	_, err := s.aws.AcceptInvitation(ctx, o.account)
	return err
}

func (s *suite) acceptTerm(ctx context.Context, o order) error {
	return s.aws.AcceptTerm(ctx, o.account)
}

func (s *suite) deployRole(ctx context.Context, o order) error {
	got, err := s.operator.Order(ctx, o.id)
	if err != nil {
		return err
	}
	t, err := s.operator.Transfer(ctx, got.GetTransferId())
	if err != nil {
		return err
	}
	return s.aws.DeployRole(ctx, o.account, t.GetConnection().GetRole().GetExternalId())
}

// openChannels says, as Operations, that the support channels are set up.
func (s *suite) openChannels(ctx context.Context) error {
	got, err := s.Cases.ListCases(s.operator.In(ctx), &supportv1.ListCasesRequest{PageSize: 500})
	if err != nil {
		return err
	}
	for _, c := range got.GetCases() {
		if err := s.operator.ResolveCase(ctx, c.GetCaseId(), "The channel is open."); err != nil {
			return fmt.Errorf("resolve the case of a channel: %w", err)
		}
	}
	return s.idle(ctx)
}
