package scenarios_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"example.com/handover/deploy/config"
	"example.com/handover/pkg/kit/kittest"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/accounttransfer"
	"example.com/handover/services/orders"
	"example.com/handover/services/sandbox"
)

// lonely is a deployment whose support and notifications are away for good.
const lonely = `
platform:
  peers: {support: '127.0.0.1:1', notifications: '127.0.0.1:1'}
services:
  accounttransfer:
    aws: {endpoint: 'http://%[1]s', static_access_key: AKIARESELLER00000000, timeout: 2s, settle: 100ms, calls_per_second: 1000}
  sandbox:
    aws: {listen: %[1]s}
    servicenow: {listen: %[2]s}
    mail: {smtp: %[3]s, http: %[4]s}
`

// TestOthersAway: nobody is reminded and no channel is set up, but AWS's part of the journey goes on as ever, and the world
// comes to rest between two tries.
func TestOthersAway(t *testing.T) {
	t.Parallel()
	d, err := config.FreeListeners()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{listeners: d}
	w.Suite = kittest.Start(t, kittest.Options{Config: fmt.Sprintf(lonely, d.AWS, d.ServiceNow, d.SMTP, d.MailPage)},
		orders.Service(), accounttransfer.Service(), sandbox.Service())
	w.connect()
	w.addSeller(t)
	c := w.newCustomer(t)
	o := c.termed(t)
	w.Advance(t, w.Now(t).Add(24*time.Hour))
	c.deploy(t, o.GetTransferId())
	c.process(t, o.GetOrderId())
	w.roleIs(t, o.GetTransferId(), accounttransferv1.BootstrapRoleState_BOOTSTRAP_ROLE_STATE_DEPLOYED)
	if s := w.step(t, o.GetTransferId(), "set-up-support-channel"); s.GetState() != accounttransferv1.StepState_STEP_STATE_OPEN {
		t.Errorf("the channel's step is %v", s)
	}
	find := ordersv1.NewSearchServiceClient(w.Conn())
	for query, missing := range map[string][]string{o.GetTransferId(): nil, "CS0001234 " + c.account: {"support", "billing"}} {
		got, err := find.Search(w.operator(t), &ordersv1.SearchRequest{Query: query})
		if err != nil || len(got.GetHits()) == 0 || !slices.Equal(got.GetMissingServices(), missing) {
			t.Errorf("%q finds %v, %v", query, got, err)
		}
	}
}
