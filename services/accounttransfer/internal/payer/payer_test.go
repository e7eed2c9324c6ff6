package payer_test

import (
	"testing"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/services/accounttransfer/internal/payer"
)

func valid() payer.Payer {
	return payer.Payer{
		ID: "pay_1", SellerID: "sel_1", DisplayName: "Alps payer", AccountID: "999900001111",
		RoleARN: "arn:aws:iam::999900001111:role/handover", InboundQuota: 2,
	}
}

func created() time.Time { return time.Date(2026, time.February, 16, 9, 0, 0, 0, time.UTC) }

func ptr[T any](v T) *T { return &v }

func TestNew(t *testing.T) {
	p, facts, err := payer.New(valid(), created())
	if err != nil || p.State != payer.Active || len(facts) != 1 {
		t.Fatalf("got %+v %v %v", p, facts, err)
	}
	for reason, spoil := range map[string]func(*payer.Payer){
		payer.ReasonFieldRequired:       func(p *payer.Payer) { p.DisplayName = "" },
		payer.ReasonRoleAccountMismatch: func(p *payer.Payer) { p.RoleARN = "arn:aws:iam::111122223333:role/handover" },
	} {
		in := valid()
		spoil(&in)
		if _, _, err := payer.New(in, created()); errs.ReasonOf(err) != reason {
			t.Errorf("%s: got %v", reason, err)
		}
	}
	in := valid()
	in.RoleARN = "nonsense"
	if _, _, err := payer.New(in, created()); errs.ReasonOf(err) != payer.ReasonRoleAccountMismatch {
		t.Errorf("got %v", err)
	}
}

func TestReviseAndAdmit(t *testing.T) {
	p, _, err := payer.New(valid(), created())
	if err != nil {
		t.Fatal(err)
	}
	if facts, err := p.Revise(payer.Edit{InboundQuota: ptr(2)}, created()); err != nil || facts != nil {
		t.Fatalf("the same again: got %v %v", facts, err)
	}
	if err := p.Admit(1); err != nil {
		t.Fatalf("with quota left: %v", err)
	}
	if err := p.Admit(2); errs.ReasonOf(err) != payer.ReasonQuotaExhausted {
		t.Fatalf("without: %v", err)
	}
	if facts, err := p.Revise(payer.Edit{State: ptr(payer.Closed)}, created()); err != nil || len(facts) != 1 {
		t.Fatalf("got %v %v", facts, err)
	}
	if _, err := p.Revise(payer.Edit{State: ptr(payer.State(""))}, created()); errs.ReasonOf(err) != payer.ReasonFieldRequired ||
		p.State != payer.Closed {
		t.Fatalf("cleared state: got %v, %s", err, p.State)
	}
	if err := p.Admit(0); errs.ReasonOf(err) != payer.ReasonClosed {
		t.Fatalf("closed: %v", err)
	}
	other := payer.Edit{RoleARN: ptr("arn:aws:iam::1:role/x")}
	if _, err := p.Revise(other, created()); errs.ReasonOf(err) != payer.ReasonRoleAccountMismatch {
		t.Fatalf("got %v", err)
	}
}
