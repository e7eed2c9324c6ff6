package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
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
		j.holds(&customer{number: 1}, &accounttransferv1.Transfer{State: c.state}, c.held, c.contract)
		checkWrong(t, j, c.want)
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

// A seed says what everybody does, and every habit occurs in a population.
func TestHabits(t *testing.T) {
	const many = 500
	seen := map[string]int{}
	for n := range uint64(many) {
		h, again := newHabits(chance(7, n)), newHabits(chance(7, n))
		if h.invitation != again.invitation || h.leaves != again.leaves || h.refused.String() != again.refused.String() {
			t.Fatalf("customer %d has two habits: %+v, %+v", n, h, again)
		}
		for _, a := range []answer{h.invitation, h.term, h.role, h.decision, h.leaves} {
			if a.days == never {
				seen["never"]++
			} else {
				seen[a.what]++
			}
		}
		if h.refused != nil {
			seen["refused"]++
		}
		if h.failed.days != never {
			seen["failed"]++
		}
	}
	for _, want := range []string{
		"never", "refused", "failed", accepts, declines, safely, carelessly, keeps, withdraws, byCustomer, byReseller,
	} {
		if seen[want] < many/100 {
			t.Errorf("%q occurs %d times in %d", want, seen[want], many)
		}
	}
}

func TestMeetsOnce(t *testing.T) {
	c := agenda{}
	after := answer{days: 2}
	for day, want := range []bool{false, false, true, false} {
		if got := c.meets("a step", after, now.AddDate(0, 0, day)); got != want {
			t.Errorf("day %d: %t", day, got)
		}
	}
	if c.meets("another", answer{days: never}, now) || c.meets("another", answer{days: never}, now.AddDate(1, 0, 0)) {
		t.Error("what is never done was done")
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
