package payer_test

import (
	"testing"
	"time"

	"example.com/handover/pkg/intent"
	"example.com/handover/services/accounttransfer/internal/payer"
)

// TestQuota: Operations is told once when a tenth of the quota is left, and again only after the quota was free in between.
func TestQuota(t *testing.T) {
	for quota, near := range map[int]int{1: 1, 2: 1, 20: 18, 1000: 900} {
		p := saved(t)
		p.InboundQuota = quota
		told := 0
		for used := range quota + 1 {
			if len(payer.QuotaSeen(p, used, created())) > 0 {
				if told++; used != near || len(p.Wanted()) != 1 || p.Wanted()[0].Kind != intent.Case || p.Waiting() == nil {
					t.Errorf("of %d: told at %d, wishes %+v", quota, used, p.Wanted())
				}
			}
		}
		for range 3 { // at the edge, to and fro
			told += len(payer.QuotaSeen(p, near-1, created())) + len(payer.QuotaSeen(p, near, created()))
		}
		if told != 1 && quota > 2 {
			t.Errorf("of %d: told %d times", quota, told)
		}
		if facts := payer.QuotaSeen(p, 0, created()); len(facts) != 1 && quota > 2 || len(p.Wanted()) != 0 || p.Waiting() != nil {
			t.Errorf("of %d, free again: told %+v, it wishes for %+v", quota, facts, p.Wanted())
		}
		if facts := payer.QuotaSeen(p, near, created().Add(time.Hour)); len(facts) != 1 {
			t.Errorf("of %d, used up again: told %+v", quota, facts)
		}
	}
	none := saved(t)
	none.InboundQuota = 0
	if facts := payer.QuotaSeen(none, 3, created()); facts != nil {
		t.Errorf("one that is to take none tells %+v", facts)
	}
}

// TestRaisedQuota: a quota that was raised ends the case.
func TestRaisedQuota(t *testing.T) {
	p := saved(t)
	payer.QuotaSeen(p, p.InboundQuota, created())
	if facts, err := p.Revise(payer.Edit{InboundQuota: ptr(1000)}, created()); err != nil || len(facts) != 2 || len(p.Wanted()) != 0 {
		t.Errorf("told %+v, %v, it wishes for %+v", facts, err, p.Wanted())
	}
}
