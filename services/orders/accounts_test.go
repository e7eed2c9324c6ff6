package orders

import (
	"testing"

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
