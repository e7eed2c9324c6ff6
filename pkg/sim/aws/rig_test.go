package aws_test

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	orgs "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"example.com/handover/pkg/clock"
	simaws "example.com/handover/pkg/sim/aws"
	"example.com/handover/pkg/sim/aws/organizations"
	"example.com/handover/pkg/sim/aws/state"
	"example.com/handover/pkg/sim/journal"
)

// payer is the reseller's management account in every test.
const payer = "111111111111"

// now is a Sunday on which 1 December can still be accepted for a week.
var now = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

var december = time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)

// rig is a simulator behind a real listener, with the reseller's organization in it.
type rig struct {
	t        *testing.T
	clock    *clock.Business
	options  simaws.Options
	sim      *simaws.Simulator
	server   *httptest.Server
	accounts atomic.Int64
}

func newRig(t *testing.T, change ...func(*simaws.Options)) *rig {
	t.Helper()
	r := &rig{t: t, clock: clock.NewMovable(now)}
	r.options = simaws.Options{Now: r.clock.Now, Settings: organizations.DefaultSettings()}
	for _, c := range change {
		c(&r.options)
	}
	r.start()
	t.Cleanup(r.stop)
	quota := 1000
	_, _, err := r.sim.CreateOrganization(t.Context(), simaws.NewOrganization{
		NewAccount: simaws.NewAccount{ID: payer, Name: "Reseller", Email: "aws@reseller.test"}, InboundQuota: &quota,
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *rig) start() {
	r.t.Helper()
	sim, err := simaws.New(r.options)
	if err != nil {
		r.t.Fatal(err)
	}
	r.sim, r.server = sim, httptest.NewServer(sim)
}

func (r *rig) stop() {
	if err := r.sim.Close(); err != nil { // first, for it ends the delays that the server would wait for
		r.t.Error(err)
	}
	r.server.Close()
}

// kept gives the rig a journal, so that restart has something to read.
func kept(t *testing.T) func(*simaws.Options) {
	path := filepath.Join(t.TempDir(), "aws.journal")
	return func(o *simaws.Options) { o.Journal = journal.Open(path) }
}

func (r *rig) restart() {
	r.t.Helper()
	r.stop()
	r.start()
}

func (r *rig) at(t time.Time) {
	r.t.Helper()
	if err := r.clock.Set(t); err != nil {
		r.t.Fatal(err)
	}
}

// organizations is the unmodified client, acting for an account. It does not retry.
func (r *rig) organizations(account string) *orgs.Client {
	id, secret := simaws.AccessKey(account)
	return orgs.New(orgs.Options{
		Region: "eu-west-1", BaseEndpoint: aws.String(r.server.URL), Retryer: aws.NopRetryer{},
		Credentials: credentials.NewStaticCredentialsProvider(id, secret, ""),
	})
}

func (r *rig) sts(provider aws.CredentialsProvider) *sts.Client {
	return sts.New(sts.Options{
		Region: "eu-west-1", BaseEndpoint: aws.String(r.server.URL), Retryer: aws.NopRetryer{},
		Credentials: provider,
	})
}

func keyOf(account string) aws.CredentialsProvider {
	id, secret := simaws.AccessKey(account)
	return credentials.NewStaticCredentialsProvider(id, secret, "")
}

// retrying is the SDK's own retryer without its pauses.
func retrying(o *orgs.Options) {
	o.Retryer = retry.NewStandard(func(s *retry.StandardOptions) {
		s.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
	})
}

// customer founds an organization and returns its management account.
func (r *rig) customer(conditions ...state.Condition) string {
	r.t.Helper()
	return r.found(simaws.NewOrganization{NewAccount: simaws.NewAccount{Conditions: conditions}})
}

func (r *rig) found(n simaws.NewOrganization) string {
	r.t.Helper()
	number := r.accounts.Add(1)
	if n.Email == "" {
		n.Email = fmt.Sprintf("root-%d@customer.test", number)
	}
	n.Name = fmt.Sprintf("Customer %d", number)
	a, _, err := r.sim.CreateOrganization(r.t.Context(), n)
	if err != nil {
		r.t.Fatal(err)
	}
	return a.ID
}

// invitation is a correct invitation of an account for 1 December.
func invitation(account string) *orgs.InviteOrganizationToTransferResponsibilityInput {
	return &orgs.InviteOrganizationToTransferResponsibilityInput{
		SourceName:     aws.String("trf-1-1"),
		StartTimestamp: aws.Time(december),
		Target:         &types.HandshakeParty{Id: aws.String(account), Type: types.HandshakePartyTypeAccount},
		Type:           types.ResponsibilityTransferTypeBilling,
	}
}

// invite sends it and returns the handshake and the transfer's id.
func (r *rig) invite(account string) (*types.Handshake, string) {
	r.t.Helper()
	out, err := r.organizations(payer).InviteOrganizationToTransferResponsibility(r.t.Context(), invitation(account))
	if err != nil {
		r.t.Fatal(err)
	}
	return out.Handshake, resourceOf(out.Handshake, types.HandshakeResourceTypeResponsibilityTransfer)
}

// agreed is a customer whose transfer is accepted, and the transfer's id.
func (r *rig) agreed() (account, transfer string) {
	r.t.Helper()
	account = r.customer()
	h, transfer := r.invite(account)
	if err := r.accept(account, h); err != nil {
		r.t.Fatal(err)
	}
	return account, transfer
}

func (r *rig) accept(account string, h *types.Handshake) error {
	_, err := r.organizations(account).AcceptHandshake(r.t.Context(), &orgs.AcceptHandshakeInput{HandshakeId: h.Id})
	return err
}

func (r *rig) status(viewer, transfer string) types.ResponsibilityTransferStatus {
	r.t.Helper()
	return r.transfer(viewer, transfer).Status
}

func (r *rig) transfer(viewer, id string) *types.ResponsibilityTransfer {
	r.t.Helper()
	out, err := r.organizations(viewer).DescribeResponsibilityTransfer(r.t.Context(), &orgs.DescribeResponsibilityTransferInput{Id: &id})
	if err != nil {
		r.t.Fatal(err)
	}
	return out.ResponsibilityTransfer
}

func resourceOf(h *types.Handshake, kind types.HandshakeResourceType) string {
	for _, res := range h.Resources {
		if res.Type == kind {
			return aws.ToString(res.Value)
		}
	}
	return ""
}

// check is what a refusal must look like: its Go type, and its Reason where the type has one.
type check func(error) bool

func invalid(reason types.InvalidInputExceptionReason) check {
	return func(err error) bool {
		e, ok := errors.AsType[*types.InvalidInputException](err)
		return ok && e.Reason == reason
	}
}

func constraint(reason types.ConstraintViolationExceptionReason) check {
	return func(err error) bool {
		e, ok := errors.AsType[*types.ConstraintViolationException](err)
		return ok && e.Reason == reason
	}
}

func handshakeConstraint(reason types.HandshakeConstraintViolationExceptionReason) check {
	return func(err error) bool {
		e, ok := errors.AsType[*types.HandshakeConstraintViolationException](err)
		return ok && e.Reason == reason
	}
}

func is[T error](err error) bool {
	_, ok := errors.AsType[T](err)
	return ok
}

func refused(t *testing.T, err error, want check) {
	t.Helper()
	if err == nil || !want(err) {
		t.Errorf("got the error %v", err)
	}
}
