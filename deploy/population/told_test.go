package main

import (
	"testing"
	"time"

	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// What takes longer than planned is in a case and in the list of Operations, by itself or by its transfer.
func TestTold(t *testing.T) {
	late := &typev1.Waiting{Owner: typev1.Party_PARTY_CUSTOMER, What: "Accept the invitation.", Escalated: true}
	for name, c := range map[string]struct {
		waiting *typev1.Waiting
		open    string // what the case is about
		listed  string
		want    string
	}{
		"in time":                 {waiting: &typev1.Waiting{What: "Accept."}},
		"both":                    {waiting: late, open: "cta_1", listed: "cta_1"},
		"shown with its transfer": {waiting: late, open: "trf_1", listed: "trf_1"},
		"by what shows its wait":  {waiting: late, open: "con_1", listed: "cta_1"},
		"no case":                 {waiting: late, listed: "cta_1", want: "nobody has a case"},
		"of something else":       {waiting: late, open: "chn_1", listed: "cta_1", want: "nobody has a case"},
		"of nothing":              {waiting: late, open: "", listed: "cta_1", want: "nobody has a case"},
		"not shown":               {waiting: late, open: "cta_1", listed: "trf_2", want: "Operations is not shown it"},
	} {
		t.Run(name, func(t *testing.T) {
			j := &verdict{now: now, open: map[string]bool{}, listed: map[string]bool{c.listed: true}}
			j.has(&supportv1.Case{CustomerId: "cus_1", SubjectId: c.open, CreateTime: at(0)})
			j.told("cta_1", "trf_1", c.waiting, "con_1", "")
			checkWrong(t, j, c.want)
		})
	}
}

// Each step that is open for too long was told, also one that the transfer does not show.
func TestLateStep(t *testing.T) {
	const byPeople = accounttransferv1.StepCompletion_STEP_COMPLETION_ATTESTATION
	late := &accounttransferv1.Step{CompletedBy: byPeople, State: stepOpen, EscalateTime: at(-2 * time.Hour)}
	for want, step := range map[string]*accounttransferv1.Step{
		"":                  {CompletedBy: byPeople, State: stepOpen, EscalateTime: at(time.Hour)},
		"nobody has a case": late,
	} {
		j := &verdict{now: now, underWay: map[string]bool{}, shown: map[string]string{}, listed: map[string]bool{"trf_1": true}}
		j.transfer(&accounttransferv1.Transfer{
			TransferId: "trf_1", State: inProgress, Steps: []*accounttransferv1.Step{step},
			Waiting: &typev1.Waiting{Owner: typev1.Party_PARTY_CUSTOMER, What: "Accept."},
		})
		checkWrong(t, j, want)
	}
}

func TestFiled(t *testing.T) {
	for want, c := range map[string]*supportv1.Case{
		"":                     {CreateTime: at(-unfiled / 2)},
		"has had no record in": {CreateTime: at(-unfiled - time.Hour)},
	} {
		j := &verdict{now: now}
		j.filed(c)
		j.filed(&supportv1.Case{CreateTime: at(-unfiled * 3), Record: &supportv1.CaseRecord{Number: "CS0001"}})
		checkWrong(t, j, want)
	}
}

func TestPayer(t *testing.T) {
	const closed = accounttransferv1.PayerState_PAYER_STATE_CLOSED
	for want, one := range map[string]*accounttransferv1.Payer{
		"":                      {PayerId: "pay_1", SweepTime: at(-26 * time.Hour)},
		"was compared with AWS": {PayerId: "pay_1", CreateTime: at(-28 * time.Hour)},
	} {
		j := &verdict{now: now, listed: map[string]bool{"pay_2": true}}
		j.payer(one)
		j.payer(&accounttransferv1.Payer{PayerId: "pay_2", SweepTime: at(-90 * time.Hour)})
		j.payer(&accounttransferv1.Payer{PayerId: "pay_3", State: closed, SweepTime: at(-90 * time.Hour)})
		checkWrong(t, j, want)
	}
}
