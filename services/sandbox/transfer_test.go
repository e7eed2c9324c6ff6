package sandbox_test

import (
	"fmt"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/kit/kittest"
	"example.com/handover/pkg/rpc"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	"example.com/handover/services/sandbox"
)

// payer is the account that the sandbox provides.
const payer = "111122223333"

// newSandbox hosts the sandbox alone.
func newSandbox(t *testing.T) (*kittest.Suite, sandboxv1.SandboxServiceClient) {
	t.Helper()
	s := kittest.Start(t, kittest.Options{Config: fmt.Sprintf(
		"services:\n  sandbox:\n    aws: {listen: '%s'}\n    servicenow: {listen: '%s'}\n    mail: {smtp: '%s', http: '%s'}\n",
		kittest.FreeAddress(t), kittest.FreeAddress(t), kittest.FreeAddress(t), kittest.FreeAddress(t),
	)}, sandbox.Service())
	return s, sandboxv1.NewSandboxServiceClient(s.Conn())
}

// TestWithdrawal is a transfer that others in the payer's account have proposed, and that the customer ends.
func TestWithdrawal(t *testing.T) {
	t.Parallel()
	s, api := newSandbox(t)
	ctx := s.As(t, kittest.Operator("operator-1"))
	org, err := api.CreateOrganization(ctx, &sandboxv1.CreateOrganizationRequest{Name: "Example Customer", Email: "root@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	account := org.GetOrganization().GetAccountId()
	withdraw := &sandboxv1.WithdrawBillingTransferRequest{AccountId: account}
	_, err = api.WithdrawBillingTransfer(ctx, withdraw)
	refused(t, err, codes.NotFound, "NO_TRANSFER")
	invite := &sandboxv1.InviteBillingTransferRequest{
		AccountId: account, PayerAccountId: payer, Name: "by hand",
		StartTime: timestamppb.New(time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)),
	}
	if _, err := api.InviteBillingTransfer(ctx, invite); err != nil {
		t.Fatal(err)
	}
	if _, err := api.CancelBillingTransfer(ctx, &sandboxv1.CancelBillingTransferRequest{AccountId: account}); err != nil {
		t.Fatal(err)
	}
	if _, err := api.InviteBillingTransfer(ctx, invite); err != nil {
		t.Fatal(err)
	}
	if _, err := api.AcceptBillingTransfer(ctx, &sandboxv1.AcceptBillingTransferRequest{AccountId: account}); err != nil {
		t.Fatal(err)
	}
	withdraw.EndTime = timestamppb.New(time.Date(2027, time.May, 2, 0, 0, 0, 0, time.UTC))
	_, err = api.WithdrawBillingTransfer(ctx, withdraw)
	refused(t, err, codes.FailedPrecondition, "AWS_REFUSES")

	s.Advance(t, time.Date(2027, time.April, 10, 12, 0, 0, 0, time.UTC))
	withdraw.EndTime = timestamppb.New(time.Date(2027, time.June, 1, 0, 0, 0, 0, time.UTC))
	resp, err := api.WithdrawBillingTransfer(ctx, withdraw)
	if got := resp.GetTransfer(); err != nil || got.GetStatus() != "WITHDRAWN" ||
		!got.GetEndTime().AsTime().Equal(withdraw.GetEndTime().AsTime().Add(-time.Millisecond)) {
		t.Errorf("%v, %v", got, err)
	}
	_, err = api.WithdrawBillingTransfer(ctx, withdraw)
	refused(t, err, codes.FailedPrecondition, "AWS_REFUSES") // it cannot be undone, nor done again
}

// TestAccountJoinsByHand is an account that becomes a member of the payer's organization.
func TestAccountJoinsByHand(t *testing.T) {
	t.Parallel()
	s, api := newSandbox(t)
	ctx := s.As(t, kittest.Operator("operator-1"))
	signUp := &sandboxv1.CreateAccountRequest{Name: "Example Account", Email: "root@example.com"}
	created, err := api.CreateAccount(ctx, signUp)
	if err != nil {
		t.Fatal(err)
	}
	_, err = api.CreateAccount(ctx, signUp)
	refused(t, err, codes.AlreadyExists, "ACCOUNT_EXISTS")
	join := &sandboxv1.JoinOrganizationRequest{AccountId: created.GetAccountId(), PayerAccountId: payer}
	joined, err := api.JoinOrganization(ctx, join)
	if err != nil || joined.GetOrganizationId() == "" {
		t.Fatalf("%v, %v", joined, err)
	}
	_, err = api.JoinOrganization(ctx, join)
	refused(t, err, codes.FailedPrecondition, "AWS_REFUSES") // it is a member already
}

func refused(t *testing.T, err error, code codes.Code, reason string) {
	t.Helper()
	if got := errs.ReasonOf(rpc.FromStatus(err)); status.Code(err) != code || got != reason {
		t.Errorf("refused with %v, want %s %s", err, code, reason)
	}
}
