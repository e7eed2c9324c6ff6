package accounttransfer_test

import (
	"fmt"
	"sync"
	"testing"

	"google.golang.org/grpc/codes"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/rpc"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
)

// TestPayerIsNoAccount: wherever an account is accepted, one that is a payer of others is refused.
func TestPayerIsNoAccount(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	p := a.payer(t)
	const own, other = "111122223333", "123456789012"
	_, err := a.transfer(t, p, own)
	refused(t, err, codes.FailedPrecondition, "ACCOUNT_IS_PAYER")
	_, err = a.transfer(t, p, other, func(r *accounttransferv1.CreateTransferRequest) {
		r.TemplateKey, r.LinkedAccountIds = "spam-used", []string{"1111-2222-3333"}
	})
	refused(t, err, codes.FailedPrecondition, "ACCOUNT_IS_PAYER")
	tr, err := a.transfer(t, p, "", func(r *accounttransferv1.CreateTransferRequest) { r.TemplateKey = "billing-transfer-new" })
	if err != nil {
		t.Fatal(err)
	}
	enter := &accounttransferv1.CompleteStepRequest{
		TransferId: tr.GetTransferId(), StepKey: "enter-management-account", SourceAccountId: own, Evidence: "On the phone.",
	}
	_, err = a.transfers.CompleteStep(a.operator(t), enter)
	refused(t, err, codes.FailedPrecondition, "ACCOUNT_IS_PAYER")
	enter.SourceAccountId = other
	if _, err := a.transfers.CompleteStep(a.operator(t), enter); err != nil {
		t.Fatal(err)
	}
	_, err = a.transfers.CorrectAccount(a.operator(t), &accounttransferv1.CorrectAccountRequest{
		TransferId: tr.GetTransferId(), SourceAccountId: own, Reason: "Misheard.",
	})
	// AWS is away: that the suite is asking already may come first.
	if reason := errs.ReasonOf(rpc.FromStatus(err)); reason != "ACCOUNT_IS_PAYER" && reason != "INVITATION_PENDING" {
		t.Errorf("corrected to a payer: %v", err)
	}
	if tr, err := a.read(t, tr.GetTransferId()); err != nil || tr.GetSourceAccountId() != other {
		t.Errorf("the transfer is %v, %v", tr, err)
	}
}

// TestPayerOrAccount: an account that is registered as a payer and ordered for a customer at the same moment becomes one of both.
func TestPayerOrAccount(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	p := a.payer(t)
	for n := range 10 {
		account := fmt.Sprintf("2222333344%02d", n)
		var both sync.WaitGroup
		var ordered, registered error
		both.Go(func() {
			_, ordered = a.transfer(t, p, account, func(r *accounttransferv1.CreateTransferRequest) { r.TemplateKey, r.PayerId = "spam-used", "" })
		})
		both.Go(func() {
			_, registered = a.payers.CreatePayer(a.operator(t), &accounttransferv1.CreatePayerRequest{Payer: payerOf(account)})
		})
		both.Wait()
		switch {
		case (ordered == nil) == (registered == nil):
			t.Errorf("account %s: ordered %v, registered %v", account, ordered, registered)
		case ordered != nil && errs.ReasonOf(rpc.FromStatus(ordered)) != "ACCOUNT_IS_PAYER":
			t.Errorf("account %s: refused with %v", account, ordered)
		case registered != nil && errs.ReasonOf(rpc.FromStatus(registered)) != "ACCOUNT_IN_TRANSFER":
			t.Errorf("account %s: refused with %v", account, registered)
		}
	}
}
