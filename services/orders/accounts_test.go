package orders

import (
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
)

// TestAccountsOf: what an end is told of are the accounts that live on, apart from those that AWS has closed, and no other.
func TestAccountsOf(t *testing.T) {
	t.Parallel()
	then := timestamppb.Now()
	c := &accounttransferv1.Connection{Members: []*accounttransferv1.Member{
		{AccountId: "1", State: accounttransferv1.MemberState_MEMBER_STATE_LEFT, JoinTime: then, LeaveTime: then},
		{AccountId: "2", State: accounttransferv1.MemberState_MEMBER_STATE_JOINED, JoinTime: then},
		{AccountId: "3", State: accounttransferv1.MemberState_MEMBER_STATE_CLOSED, JoinTime: then, CloseTime: then},
		{AccountId: "4", State: accounttransferv1.MemberState_MEMBER_STATE_LEFT, JoinTime: then, LeaveTime: then, CloseTime: then},
		{AccountId: "5", State: accounttransferv1.MemberState_MEMBER_STATE_DECLINED},
		{AccountId: "6", State: accounttransferv1.MemberState_MEMBER_STATE_CANCELLED, JoinTime: then, LeaveTime: then},
	}}
	if alive, shut := accountsOf(c, living), accountsOf(c, closed); alive != "1, 2" || shut != "3, 4" {
		t.Errorf("%q live on, %q are closed", alive, shut)
	}
}

// TestInvolved: an end is not about accounts that have left before it.
func TestInvolved(t *testing.T) {
	t.Parallel()
	on := func(month time.Month, day int) *timestamppb.Timestamp {
		return timestamppb.New(time.Date(2026, month, day, 0, 0, 0, 0, time.UTC))
	}
	members := []*accounttransferv1.Member{
		{AccountId: "1", JoinTime: on(1, 1)},
		{AccountId: "2", JoinTime: on(1, 1), LeaveTime: on(3, 10), CloseTime: on(3, 10)}, // months ago
		{AccountId: "3", JoinTime: on(1, 1), LeaveTime: on(6, 20)},
		{AccountId: "4", JoinTime: on(1, 1), LeaveTime: on(5, 20)},
		{AccountId: "5", JoinTime: on(1, 1), LeaveTime: on(6, 25), CloseTime: on(6, 25)},
	}
	decided := &accounttransferv1.Withdrawal{DecideTime: on(5, 15)}
	for name, tt := range map[string]struct {
		c             *accounttransferv1.Connection
		living, close string
	}{
		"they have left by themselves": {&accounttransferv1.Connection{EndTime: on(7, 1)}, "1, 3", "5"},
		"it was decided":               {&accounttransferv1.Connection{EndTime: on(7, 1), Withdrawal: decided}, "1, 3, 4", "5"},
	} {
		tt.c.Members = members
		if got := connectionOf(tt.c); got.Accounts != tt.living || got.ClosedAccounts != tt.close {
			t.Errorf("%s: told of are %q, closed %q", name, got.Accounts, got.ClosedAccounts)
		}
	}
}
