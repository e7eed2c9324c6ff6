package accounttransfer_test

import (
	"context"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit/kittest"
	"example.com/handover/pkg/rpc"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	"example.com/handover/services/accounttransfer"
)

// nobody lets the service look for AWS, and for the other services, where nobody answers.
const nobody = `
platform:
  peers: {support: '127.0.0.1:1', notifications: '127.0.0.1:1'}
services:
  accounttransfer:
    aws: {endpoint: 'http://127.0.0.1:1', static_access_key: AKIARESELLER00000000, timeout: 1s, settle: 100ms}
`

// alone is the service in a process of its own.
type alone struct {
	*kittest.Suite
	payers    accounttransferv1.PayerServiceClient
	transfers accounttransferv1.TransferServiceClient
}

func startAlone(t *testing.T) *alone {
	t.Helper()
	s := kittest.Start(t, kittest.Options{Config: nobody}, accounttransfer.Service())
	return &alone{s, accounttransferv1.NewPayerServiceClient(s.Conn()), accounttransferv1.NewTransferServiceClient(s.Conn())}
}

func (a *alone) operator(t *testing.T) context.Context {
	t.Helper()
	return a.As(t, kittest.Operator("operator-1"))
}

func payerOf(account string) *accounttransferv1.Payer {
	return &accounttransferv1.Payer{
		SellerId: id.New("sel"), DisplayName: "Example payer", AccountId: account,
		RoleArn: "arn:aws:iam::" + account + ":role/handover", InboundQuota: 1,
	}
}

func (a *alone) payer(t *testing.T) *accounttransferv1.Payer {
	t.Helper()
	resp, err := a.payers.CreatePayer(a.operator(t), &accounttransferv1.CreatePayerRequest{Payer: payerOf("111122223333")})
	if err != nil {
		t.Fatalf("create the payer: %v", err)
	}
	return resp.GetPayer()
}

// asOrders is a context of the service that has the orders, the only one that creates transfers.
func (a *alone) asOrders(t *testing.T) context.Context {
	t.Helper()
	ctx := metadata.AppendToOutgoingContext(t.Context(), auth.HeaderWorkload, a.WorkloadBearer(t, "orders"))
	return rpc.WithKey(ctx, id.New("key"))
}

// transfer asks for the transfer of an order.
func (a *alone) transfer(
	t *testing.T, p *accounttransferv1.Payer, source string, change ...func(*accounttransferv1.CreateTransferRequest),
) (*accounttransferv1.Transfer, error) {
	t.Helper()
	req := &accounttransferv1.CreateTransferRequest{
		TransferId: id.New("trf"), OrderId: id.New("ord"), CustomerId: id.New("cus"), AgreementId: id.New("agr"),
		SellerId: p.GetSellerId(), PayerId: p.GetPayerId(), TemplateKey: "billing-transfer-existing", SourceAccountId: source,
	}
	for _, f := range change {
		f(req)
	}
	resp, err := a.transfers.CreateTransfer(a.asOrders(t), req)
	return resp.GetTransfer(), err
}

// refused fails unless err is a refusal with this code and reason.
func refused(t *testing.T, err error, code codes.Code, reason string) {
	t.Helper()
	if status.Code(err) != code || errs.ReasonOf(rpc.FromStatus(err)) != reason {
		t.Errorf("refused with %v, want %s %s", err, code, reason)
	}
}

func TestPayers(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	p := a.payer(t)
	for reason, wrong := range map[string]*accounttransferv1.Payer{
		"PAYER_ACCOUNT_TAKEN":   payerOf("111122223333"),
		"ROLE_ACCOUNT_MISMATCH": {SellerId: id.New("sel"), DisplayName: "Other", AccountId: "444455556666", RoleArn: p.GetRoleArn()},
	} {
		_, err := a.payers.CreatePayer(a.operator(t), &accounttransferv1.CreatePayerRequest{Payer: wrong})
		refused(t, err, codes.InvalidArgument, reason)
	}
	for _, path := range []string{"state", "role_arn"} {
		_, err := a.payers.UpdatePayer(a.operator(t), &accounttransferv1.UpdatePayerRequest{
			PayerId: p.GetPayerId(),
			Payer:   &accounttransferv1.Payer{}, UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{path}},
		})
		refused(t, err, codes.InvalidArgument, "FIELD_REQUIRED")
	}
	listed, err := a.payers.ListPayers(a.operator(t), &accounttransferv1.ListPayersRequest{})
	if err != nil || len(listed.GetPayers()) != 1 {
		t.Errorf("there are %d payers, %v", len(listed.GetPayers()), err)
	}
	_, err = a.payers.ListPayers(a.As(t, kittest.Customer("customer-1", id.New("cus"))), &accounttransferv1.ListPayersRequest{})
	refused(t, err, codes.PermissionDenied, "ROLE_DENIED")
}

func TestAdmission(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	p := a.payer(t)
	_, err := a.transfer(t, &accounttransferv1.Payer{PayerId: id.New("pay"), SellerId: p.GetSellerId()}, "123456789012")
	refused(t, err, codes.InvalidArgument, "PAYER_UNKNOWN")
	_, err = a.transfer(t, p, "123456789012", func(r *accounttransferv1.CreateTransferRequest) { r.SellerId = id.New("sel") })
	refused(t, err, codes.InvalidArgument, "PAYER_UNKNOWN")
	_, err = a.transfer(t, p, "123456789012", func(r *accounttransferv1.CreateTransferRequest) { r.TemplateKey = "magic" })
	refused(t, err, codes.InvalidArgument, "TEMPLATE_UNKNOWN")
	_, err = a.transfer(t, p, "")
	refused(t, err, codes.InvalidArgument, "ACCOUNT_ID_INVALID")

	first, err := a.transfer(t, p, "123456789012")
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.transfer(t, p, "210987654321")
	refused(t, err, codes.FailedPrecondition, "PAYER_QUOTA_EXHAUSTED")
	p.InboundQuota = 2
	_, err = a.payers.UpdatePayer(a.operator(t), &accounttransferv1.UpdatePayerRequest{
		PayerId: p.GetPayerId(), Payer: p, UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"inbound_quota"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.transfer(t, p, "123456789012")
	refused(t, err, codes.FailedPrecondition, "ACCOUNT_IN_TRANSFER")
	_, err = a.transfer(t, p, "210987654321", func(r *accounttransferv1.CreateTransferRequest) { r.TransferId = first.GetTransferId() })
	refused(t, err, codes.AlreadyExists, "ALREADY_EXISTS")

	p.State = accounttransferv1.PayerState_PAYER_STATE_CLOSED
	_, err = a.payers.UpdatePayer(
		a.operator(t),
		&accounttransferv1.UpdatePayerRequest{PayerId: p.GetPayerId(), Payer: p, UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"state"}}},
	)
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.transfer(t, p, "210987654321")
	refused(t, err, codes.FailedPrecondition, "PAYER_CLOSED")
}

// TestPayerWithFreeQuota: where no payer is named, the seller's oldest with quota left is chosen.
func TestPayerWithFreeQuota(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	first := a.payer(t) // of a quota of one
	next := payerOf("444455556666")
	next.SellerId = first.GetSellerId()
	made, err := a.payers.CreatePayer(a.operator(t), &accounttransferv1.CreatePayerRequest{Payer: next})
	if err != nil {
		t.Fatal(err)
	}
	anyPayer := func(r *accounttransferv1.CreateTransferRequest) { r.PayerId = "" }
	for i, want := range []string{first.GetPayerId(), made.GetPayer().GetPayerId()} {
		tr, err := a.transfer(t, first, []string{"123456789012", "210987654321"}[i], anyPayer)
		if err != nil || tr.GetPayerId() != want {
			t.Errorf("the transfer %d is to %s, %v", i+1, tr.GetPayerId(), err)
		}
	}
	_, err = a.transfer(t, first, "222222222222", anyPayer)
	refused(t, err, codes.FailedPrecondition, "PAYER_QUOTA_EXHAUSTED")
}

// TestATransferIsCreatedOnce: a repetition without a key finds the transfer, whatever would refuse a new one by now, and
// nobody else is told of it or begins another for its order.
func TestATransferIsCreatedOnce(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	p := a.payer(t) // of a quota of one
	req := &accounttransferv1.CreateTransferRequest{
		TransferId: id.New("trf"), OrderId: id.New("ord"), CustomerId: id.New("cus"), AgreementId: id.New("agr"),
		SellerId: p.GetSellerId(), PayerId: p.GetPayerId(), TemplateKey: "billing-transfer-existing", SourceAccountId: "123456789012",
	}
	first, err := a.transfers.CreateTransfer(a.asOrders(t), req)
	if err != nil {
		t.Fatal(err)
	}
	again, err := a.transfers.CreateTransfer(a.asOrders(t), req)
	if err != nil || again.GetTransfer().GetConnectionId() != first.GetTransfer().GetConnectionId() || len(again.GetEvents()) > 0 {
		t.Errorf("again: %v, %v", again, err)
	}
	for what, change := range map[string]func(*accounttransferv1.CreateTransferRequest){
		"another transfer of the order": func(r *accounttransferv1.CreateTransferRequest) { r.TransferId = id.New("trf") },
		"for another customer":          func(r *accounttransferv1.CreateTransferRequest) { r.CustomerId = id.New("cus") },
		"for another agreement":         func(r *accounttransferv1.CreateTransferRequest) { r.AgreementId = id.New("agr") },
	} {
		other := proto.CloneOf(req)
		change(other)
		t.Log(what)
		_, err := a.transfers.CreateTransfer(a.asOrders(t), other)
		refused(t, err, codes.AlreadyExists, "ALREADY_EXISTS")
	}
	_, err = a.transfers.CreateTransfer(a.operator(t), req)
	refused(t, err, codes.PermissionDenied, "ROLE_DENIED")
	listed, err := a.transfers.ListTransfers(a.operator(t), &accounttransferv1.ListTransfersRequest{})
	if err != nil || len(listed.GetTransfers()) != 1 {
		t.Errorf("there are %d transfers, %v", len(listed.GetTransfers()), err)
	}
}

// TestTimesOutOfRange: a time that no transfer can have is refused before it is reckoned with.
func TestTimesOutOfRange(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	for what, at := range map[string]*timestamppb.Timestamp{
		"no time": {Nanos: -1}, "the year 1999": {Seconds: 946684799}, "the year 2201": {Seconds: 7289654400}, "far off": {Seconds: 1 << 62},
	} {
		t.Log(what)
		_, err := a.transfers.PreviewDates(a.operator(t), &accounttransferv1.PreviewDatesRequest{AcceptTime: at})
		refused(t, err, codes.InvalidArgument, "REQUEST_INVALID")
		_, err = a.transfers.PreviewDates(a.operator(t), &accounttransferv1.PreviewDatesRequest{StartTime: at})
		refused(t, err, codes.InvalidArgument, "REQUEST_INVALID")
		_, err = a.transfers.Reinvite(a.operator(t), &accounttransferv1.ReinviteRequest{TransferId: id.New("trf"), StartTime: at})
		refused(t, err, codes.InvalidArgument, "REQUEST_INVALID")
	}
}

// TestWithoutAWS: the transfer keeps its wish to invite and does not believe that it was sent.
func TestWithoutAWS(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	p := a.payer(t)
	p.InboundQuota = 100 // one that is nearly used up has something to do, too
	if _, err := a.payers.UpdatePayer(a.operator(t), &accounttransferv1.UpdatePayerRequest{
		PayerId: p.GetPayerId(), Payer: p, UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"inbound_quota"}},
	}); err != nil {
		t.Fatal(err)
	}
	tr, err := a.transfer(t, p, "123456789012")
	if err != nil {
		t.Fatal(err)
	}
	stream, err := accounttransferv1.NewConnectionServiceClient(a.Conn()).WatchConnection(a.operator(t),
		&accounttransferv1.WatchConnectionRequest{ConnectionId: tr.GetConnectionId()})
	if err != nil {
		t.Fatal(err)
	}
	c := tr.GetConnection()
	for len(c.GetInvitations()) == 0 {
		m, err := stream.Recv()
		if err != nil {
			t.Fatal(err)
		}
		c = m.GetConnection()
	}
	if inv := c.GetInvitations()[0]; inv.GetState() != accounttransferv1.InvitationState_INVITATION_STATE_PREPARED ||
		inv.GetAwsTransferId() != "" {
		t.Errorf("the invitation is %v", inv)
	}
	work, err := opsv1.NewOperationsServiceClient(a.Conn()).GetWork(a.operator(t), &opsv1.GetWorkRequest{Service: "accounttransfer"})
	if err != nil {
		t.Fatal(err)
	}
	if w := work.GetWork(); w.GetDue()+w.GetClaimed()+w.GetBackingOff() != 1 {
		t.Errorf("still to do is %v, want one transfer", w)
	}
}
