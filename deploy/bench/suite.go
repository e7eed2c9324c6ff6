package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/deploy/config"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	"example.com/handover/services/accounttransfer"
	"example.com/handover/services/billing"
	"example.com/handover/services/gateway"
	"example.com/handover/services/notifications"
	"example.com/handover/services/orders"
	"example.com/handover/services/sandbox"
	"example.com/handover/services/support"
)

// suite is the all-in-one: every service and the simulated world.
type suite struct {
	*stage
	listeners config.Listeners
	world     sandboxv1.SandboxServiceClient
}

func (b *bench) newSuite(ctx context.Context, at place) (*suite, error) {
	listeners, err := config.FreeListeners()
	if err != nil {
		return nil, err
	}
	c, err := at.config(begun(), sections(listeners))
	if err != nil {
		return nil, err
	}
	p, err := b.start(ctx, c, orders.Service(), accounttransfer.Service(), billing.Service(), support.Service(),
		notifications.Service(), gateway.Service(), sandbox.Service())
	if err != nil {
		return nil, err
	}
	s, err := p.set(ctx)
	if err != nil {
		return nil, err
	}
	return &suite{s, listeners, sandboxv1.NewSandboxServiceClient(p.conn)}, s.pay(ctx)
}

// begun is when the business time of an all-in-one begins: a customer who accepts now is billed from March on.
func begun() time.Time { return time.Date(2026, time.February, 16, 9, 0, 0, 0, time.UTC) }

// sections configures the all-in-one. A month is invoiced at the first look, a minute after its end, because what is
// measured is one look.
func sections(listeners config.Listeners) string {
	return strings.Replace(listeners.Sections("1s"), "  billing:\n", "  billing:\n    gate_day: 1\n    first_look: 1m\n", 1)
}

// payerAccount is the payer that the sandbox has at AWS.
const payerAccount = "111122223333"

// pay registers the payer.
func (s *stage) pay(ctx context.Context) error {
	created, err := accounttransferv1.NewPayerServiceClient(s.conn).CreatePayer(s.operates(ctx), &accounttransferv1.CreatePayerRequest{Payer: &accounttransferv1.Payer{
		SellerId: s.sellerID, DisplayName: "Example payer", AccountId: payerAccount,
		RoleArn: "arn:aws:iam::" + payerAccount + ":role/handover", ExternalId: "handover-sandbox", InboundQuota: 1000,
		ProgramManagementAccountId: "pma-sandbox000001",
	}})
	s.payerID = created.GetPayer().GetPayerId()
	return err
}

// pass lets business time pass until an instant, with everything that becomes due on the way.
func (s *suite) pass(ctx context.Context, to time.Time) error {
	_, err := s.world.AdvanceClock(s.operates(ctx), &sandboxv1.AdvanceClockRequest{
		ToTime: timestamppb.New(to), Timeout: durationpb.New(patience),
	})
	if err != nil {
		return fmt.Errorf("until %s: %w", to.Format(time.DateTime), err)
	}
	return nil
}

// idle waits, before any time has passed, until no service has anything left to do.
func (s *suite) idle(ctx context.Context) error { return s.pass(ctx, begun()) }

// working are the services that may have something left to do.
func working() []string {
	return []string{"orders", "accounttransfer", "billing", "support", "notifications"}
}
