// Package scenarios_test plays what needs more than one service: the whole suite and the sandbox in one process, over real
// gRPC, NATS, SQLite and the simulators, seen through their contract alone.
//
// It owns the claims on requirements that a caller of a deployment can see. What one service decides by itself is tested
// beside it.
package scenarios_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"

	"example.com/handover/deploy/actors"
	"example.com/handover/deploy/config"
	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/kit/kittest"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	"example.com/handover/services/accounttransfer"
	"example.com/handover/services/billing"
	"example.com/handover/services/gateway"
	"example.com/handover/services/notifications"
	"example.com/handover/services/orders"
	"example.com/handover/services/sandbox"
	"example.com/handover/services/support"
)

// The account of the reseller itself, which manages no organization.
const resellerAccount = "999988887777"

// world is a deployment with a seller and its payer.
type world struct {
	*kittest.Suite
	*actors.Deployment
	listeners config.Listeners // of the simulators

	sellerID, payerID string
}

// newWorld starts a deployment; more is configuration of the platform, as YAML.
func newWorld(t *testing.T, more ...string) *world {
	t.Helper()
	return startWorld(t, func(d config.Listeners) string { return d.Sections("100ms") + strings.Join(more, "") })
}

// newWorldAt starts a deployment on another day than that of the start of sale.
func newWorldAt(t *testing.T, begin time.Time) *world {
	t.Helper()
	return startWorldAt(t, begin, func(d config.Listeners) string { return d.Sections("100ms") })
}

// startWorld starts a deployment whose configuration is told for the simulators' listeners.
func startWorld(t *testing.T, text func(config.Listeners) string) *world {
	t.Helper()
	return startWorldAt(t, time.Time{}, text)
}

func startWorldAt(t *testing.T, begin time.Time, text func(config.Listeners) string) *world {
	t.Helper()
	listeners, err := config.FreeListeners()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{listeners: listeners}
	w.Suite = kittest.Start(t, kittest.Options{Config: text(listeners), Start: begin},
		orders.Service(), accounttransfer.Service(), billing.Service(), support.Service(), notifications.Service(),
		gateway.Service(), sandbox.Service())
	w.connect()
	w.addSeller(t)
	return w
}

// connect makes the clients, anew after a restart.
func (w *world) connect() {
	w.Deployment = actors.Connected(func(string) grpc.ClientConnInterface { return w.Conn() })
}

// operator is a context of the person of Operations who prepares everything; op has its hands.
func (w *world) operator(t *testing.T) context.Context {
	t.Helper()
	return w.As(t, actors.OperatorOne())
}

func (w *world) op(t *testing.T) actors.Operator {
	t.Helper()
	return actors.Operator{Person: w.signIn(t, actors.OperatorOne())}
}

// aws has the hands of the customers at AWS, and sees what AWS sees.
func (w *world) aws(t *testing.T) actors.AWS {
	t.Helper()
	return actors.AWS{Person: w.signIn(t, actors.OperatorOne())}
}

// agent works in ServiceNow.
func (w *world) agent(t *testing.T) actors.Agent {
	t.Helper()
	return actors.Agent{Person: w.signIn(t, actors.OperatorOne())}
}

func (w *world) signIn(t *testing.T, who auth.Principal) actors.Person {
	t.Helper()
	return actors.Person{Deployment: w.Deployment, Bearer: w.Bearer(t, who)}
}

// ops is what every service answers about its own work.
func (w *world) ops() opsv1.OperationsServiceClient { return w.Operations("orders") }

func (w *world) addSeller(t *testing.T) {
	t.Helper()
	var err error
	if w.sellerID, err = w.op(t).CreateSeller(t.Context()); err != nil {
		t.Fatalf("create the seller: %v", err)
	}
	if w.payerID, err = w.op(t).CreatePayer(t.Context(), w.sellerID); err != nil {
		t.Fatalf("create the payer: %v", err)
	}
	w.Settle(t) // orders has heard of the payer
}

// mailed are the mails in the sandbox's mailboxes that match.
func (w *world) mailed(t *testing.T, q *sandboxv1.ListMailRequest) []*sandboxv1.Mail {
	t.Helper()
	mails, err := actors.Mailbox{Person: w.signIn(t, actors.OperatorOne())}.Mails(t.Context(), q)
	if err != nil {
		t.Fatalf("read the mailbox: %v", err)
	}
	return mails
}
