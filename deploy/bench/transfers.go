package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"example.com/handover/deploy/actors"
	"example.com/handover/deploy/bench/measure"
	"example.com/handover/deploy/config"
	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/rpc"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	"example.com/handover/services/accounttransfer"
	"example.com/handover/services/sandbox"
)

// transferrer is AccountTransfer with the simulated AWS and no other service: what a transfer wishes of those is put off.
type transferrer struct {
	*actors.Deployment
	operator actors.Operator
	aws      actors.AWS
	orders   string // the bearer of the service that asks for transfers
	sellerID string
	payers   []string
	endpoint string // where AWS is called
}

const (
	// payersOfSteps share the transfers, as each may be asked only so often in a second.
	payersOfSteps = 8
	// pollersOfSteps is how many transfers and connections are worked on at once: as many as the yardstick has pollers.
	pollersOfSteps = 16
)

// transfersAlone lets no limit of a rate be met.
const transfersAlone = `
services:
  accounttransfer:
    aws: {endpoint: 'http://%[1]s', static_access_key: AKIARESELLER00000000, timeout: 8s, calls_per_second: 100000}
  sandbox:
    aws:
      listen: %[1]s
%[2]s    servicenow: {listen: %[3]s}
    mail: {smtp: %[4]s, http: %[5]s}
`

func (b *bench) newTransferrer(ctx context.Context, on server) (*transferrer, error) {
	at, err := on.fresh(ctx)
	if err != nil {
		return nil, err
	}
	l, err := config.FreeListeners()
	if err != nil {
		return nil, err
	}
	c, err := at.config(begun(), fmt.Sprintf(transfersAlone, l.AWS, payersAtAWS(payersOfSteps), l.ServiceNow, l.SMTP, l.MailPage))
	if err != nil {
		return nil, err
	}
	c.Platform.Limits.StreamsEach, c.Platform.Work.Parallel = 1000, pollersOfSteps
	p, err := b.start(ctx, c, accounttransfer.Service(), sandbox.Service())
	if err != nil {
		return nil, err
	}
	t := &transferrer{sellerID: id.New("sel"), endpoint: l.AWS}
	t.Deployment = actors.Connected(func(string) grpc.ClientConnInterface { return p.conn })
	if t.operator.Person, err = actors.SignIn(t.Deployment, p.issuer, actors.OperatorOne()); err != nil {
		return nil, err
	}
	t.aws.Person = t.operator.Person
	if t.orders, err = p.issuer.Workload("orders")(ctx); err != nil {
		return nil, err
	}
	for i := range payersOfSteps {
		payerID, err := createPayer(ctx, t.operator, t.sellerID, i)
		if err != nil {
			return nil, err
		}
		t.payers = append(t.payers, payerID)
	}
	return t, nil
}

// prepared is a transfer that is to come: its customer's account is at AWS, and lets the reseller in.
type prepared struct{ transferID, account, payerID string }

func (t *transferrer) prepare(ctx context.Context, n int) ([]prepared, error) {
	all := make([]prepared, n)
	_, err := measure.Times(ctx, n, submittersAtOnce, func(ctx context.Context, i int) error {
		account, err := t.aws.CreateOrganization(ctx, id.New("root")+"@example.com", nil)
		if err != nil {
			return fmt.Errorf("create organization at AWS: %w", err)
		}
		all[i] = prepared{id.New("trf"), account, t.payers[i%len(t.payers)]}
		return t.aws.DeployRole(ctx, account, all[i].transferID)
	})
	return all, err
}

// play brings a transfer from its order to its end. The customer answers AWS as soon as it is asked, and presses "Process".
func (t *transferrer) play(ctx context.Context, p prepared) error {
	ctx, cancel := context.WithTimeout(ctx, settleTimeout)
	defer cancel()
	asked := metadata.AppendToOutgoingContext(ctx, auth.HeaderWorkload, "Bearer "+t.orders)
	_, err := t.Transfers.CreateTransfer(rpc.WithKey(asked, id.New("key")), &accounttransferv1.CreateTransferRequest{
		TransferId: p.transferID, OrderId: id.New("ord"), CustomerId: id.New("cus"), AgreementId: id.New("agr"), SellerId: t.sellerID,
		PayerId: p.payerID, TemplateKey: "billing-transfer-existing", SourceAccountId: p.account,
	})
	if err != nil {
		return fmt.Errorf("create transfer: %w", err)
	}
	// The channel is another service's to set up: Operations says that there is one.
	if err := t.operator.SkipStep(ctx, p.transferID, "set-up-support-channel", "There is one."); err != nil {
		return err
	}
	watch, err := t.Transfers.WatchTransfer(t.operator.In(ctx), &accounttransferv1.WatchTransferRequest{TransferId: p.transferID})
	if err != nil {
		return err
	}
	answers := map[string]func() error{
		"accept-invitation": func() error {
			_, err := t.aws.AcceptInvitation(ctx, p.account)
			return err
		},
		"accept-service-term": func() error { return t.aws.AcceptTerm(ctx, p.account) },
	}
	var last *accounttransferv1.Transfer
	for {
		now, err := watch.Recv()
		if errors.Is(err, io.EOF) {
			return completed(last)
		}
		if err != nil {
			return fmt.Errorf("watch: %w; it was %v", err, last)
		}
		last = now.GetTransfer()
		for _, s := range last.GetSteps() {
			answer := answers[s.GetKey()]
			if answer == nil || s.GetState() != accounttransferv1.StepState_STEP_STATE_OPEN {
				continue
			}
			delete(answers, s.GetKey())
			if err := answer(); err != nil {
				return fmt.Errorf("%s: %w", s.GetKey(), err)
			}
			// The suite may have looked by itself, and be through.
			if err := t.operator.CheckTransfer(ctx, p.transferID); err != nil && errs.ReasonOf(err) != "STATE_REFUSES" {
				return fmt.Errorf("look for %s: %w", s.GetKey(), err)
			}
		}
	}
}

// completed fails for a transfer that has ended otherwise, or with another number of steps.
func completed(t *accounttransferv1.Transfer) error {
	if t.GetState() != accounttransferv1.TransferState_TRANSFER_STATE_COMPLETED || len(t.GetSteps()) != stepsEach {
		return fmt.Errorf("the transfer is %v", t)
	}
	return nil
}

// calls are those that AWS has seen so far.
func (t *transferrer) calls(ctx context.Context) (float64, error) {
	all, err := t.aws.Calls(ctx, "")
	return float64(len(all)), err
}

// slice plays n transfers, which are prepared before the time begins.
func (t *transferrer) slice(ctx context.Context, n, callers int) (played, error) {
	ready, err := t.prepare(ctx, n)
	if err != nil {
		return played{}, err
	}
	before, err := t.calls(ctx)
	if err != nil {
		return played{}, err
	}
	load, err := measure.Times(ctx, n, callers, func(ctx context.Context, i int) error { return t.play(ctx, ready[i]) })
	if err != nil {
		return played{}, err
	}
	after, err := t.calls(ctx)
	if err != nil {
		return played{}, err
	}
	used, err := measure.UsedBy(os.Getpid())
	return playedBy(load, used.Resident, (after-before)/float64(n)), err
}
