package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

var now = time.Date(2026, time.May, 1, 9, 0, 0, 0, time.UTC)

func at(d time.Duration) *timestamppb.Timestamp { return timestamppb.New(now.Add(d)) }

func TestWaits(t *testing.T) {
	named := func(change func(*typev1.Waiting)) *typev1.Waiting {
		w := &typev1.Waiting{Owner: typev1.Party_PARTY_CUSTOMER, What: "Accept the invitation."}
		change(w)
		return w
	}
	for want, w := range map[string]*typev1.Waiting{
		"":                                      named(func(w *typev1.Waiting) { w.EscalateTime, w.UntilTime = at(time.Minute), at(time.Hour) }),
		"waits for nobody":                      nil,
		"does not say what it waits for":        {Owner: typev1.Party_PARTY_AWS},
		"nobody was told: Accept":               named(func(w *typev1.Waiting) { w.EscalateTime = at(-2 * grace) }),
		"has passed its deadline of 2026-05-01": named(func(w *typev1.Waiting) { w.UntilTime = at(-2 * grace) }),
	} {
		j := &verdict{now: now}
		j.waits("trf_1", w)
		checkWrong(t, j, want)
	}
}

func TestHolds(t *testing.T) {
	transfer := func(status string) *sandboxv1.AwsTransfer { return &sandboxv1.AwsTransfer{Status: status} }
	const (
		failed    = accounttransferv1.TransferState_TRANSFER_STATE_FAILED
		completed = accounttransferv1.TransferState_TRANSFER_STATE_COMPLETED
	)
	for _, c := range []struct {
		state    accounttransferv1.TransferState
		held     []*sandboxv1.AwsTransfer
		contract *sandboxv1.AwsContract
		want     string
	}{
		{completed, []*sandboxv1.AwsTransfer{transfer("EXPIRED"), transfer("ACCEPTED")}, nil, ""},
		{completed, []*sandboxv1.AwsTransfer{transfer("REQUESTED"), transfer("ACCEPTED")}, nil, "2 invitations"},
		{failed, []*sandboxv1.AwsTransfer{transfer("CANCELED")}, nil, ""},
		{failed, []*sandboxv1.AwsTransfer{transfer("REQUESTED")}, nil, "has ended as TRANSFER_STATE_FAILED"},
		{completed, nil, &sandboxv1.AwsContract{BillingGroups: []*sandboxv1.AwsBillingGroup{{}, {}}}, "2 billing groups"},
	} {
		j := &verdict{now: now}
		j.holds(&customer{resident: resident{nature: nature{number: 1}}}, &accounttransferv1.Transfer{State: c.state}, c.held, c.contract)
		checkWrong(t, j, c.want)
	}
}

func TestOrder(t *testing.T) {
	const processing, querying = ordersv1.OrderState_ORDER_STATE_PROCESSING, ordersv1.OrderState_ORDER_STATE_QUERYING
	for want, o := range map[string]*ordersv1.Order{
		"":                        {State: processing, TransferId: "trf_1"},
		`"trf_2" is not`:          {State: processing, TransferId: "trf_2"},
		"QUERYING waits for nobo": {State: querying, TransferId: "trf_1"},
	} {
		j := &verdict{now: now, underWay: map[string]bool{"trf_1": true}}
		j.order(o)
		checkWrong(t, j, want)
	}
}

func TestConnection(t *testing.T) {
	for want, c := range map[string]*accounttransferv1.Connection{
		"":                           {State: connectionEffective, CheckTime: at(-7 * 24 * time.Hour)},
		"was looked at last":         {State: connectionEffective, CheckTime: at(-9 * 24 * time.Hour)},
		"is held by a transfer that": {State: connectionProposed, TransferId: "trf_2"},
		"should have ended at":       {State: connectionEnding, EndTime: at(-26 * time.Hour)},
		"waits for nobody":           {State: connectionProposed, TransferId: "trf_1", Waiting: &typev1.Waiting{What: "Accept."}},
	} {
		j := &verdict{now: now, underWay: map[string]bool{"trf_1": true}}
		j.connection(c)
		checkWrong(t, j, want)
	}
}

func checkWrong(t *testing.T, j *verdict, want string) {
	t.Helper()
	if want == "" && len(j.wrong) == 0 {
		return
	}
	if want == "" || len(j.wrong) != 1 || !strings.Contains(j.wrong[0].Error(), want) {
		t.Errorf("wrong is %v, want %q", j.wrong, want)
	}
}

func TestWhatIsWrongOnTheCommandLine(t *testing.T) {
	for _, args := range [][]string{
		{"--customers", "0"}, {"--months", "1"}, {"--kills", "-1"}, {"--handover", filepath.Join(t.TempDir(), "nothing")}, {"--fast"},
	} {
		var out, complaints strings.Builder
		if code := run(append([]string{"--handover", "judge_test.go"}, args...), &out, &complaints); code != 2 || complaints.Len() == 0 {
			t.Errorf("%v: exit code %d, %s", args, code, complaints.String())
		}
	}
}
