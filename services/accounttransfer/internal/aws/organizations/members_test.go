package organizations

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/services/accounttransfer/internal/connection"
)

// TestAnswerTo: an invitation that was answered before another one was asked for is no answer to that.
func TestAnswerTo(t *testing.T) {
	asked := time.Date(2026, time.March, 1, 10, 3, 0, 0, time.UTC)
	one := func(id string, s connection.InvitationState, after time.Duration) map[string]connection.MemberInvitation {
		return map[string]connection.MemberInvitation{
			id: {AccountID: "111122223333", HandshakeID: id, State: s, RequestedAt: asked.Add(after)},
		}
	}
	for name, tt := range map[string]struct {
		all  map[string]connection.MemberInvitation
		want string
	}{
		"the one before, which it declined": {one("h-1", connection.Declined, -3*time.Minute), ""},
		"one since, which it has declined":  {one("h-2", connection.Declined, time.Second), "h-2"},
		"one that is pending":               {one("h-1", connection.Requested, -time.Hour), "h-1"},
		"one of long ago":                   {one("h-0", connection.Expired, -time.Hour), ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := answerTo(tt.all, "111122223333", "h-1", asked)
			if tt.want == "" && got != nil || tt.want != "" && (got == nil || got.HandshakeID != tt.want) {
				t.Errorf("it is %+v", got)
			}
		})
	}
}

// TestAccountStates: what AWS says of an account that it lists.
func TestAccountStates(t *testing.T) {
	for said, want := range map[types.AccountState]struct{ open, suspended bool }{
		types.AccountStatePendingActivation: {true, false},
		types.AccountStateActive:            {true, false},
		types.AccountStateSuspended:         {true, true},
		types.AccountStatePendingClosure:    {false, false},
		types.AccountStateClosed:            {false, false},
	} {
		id, all := "111122223333", none()
		note(all, &types.Account{Id: &id, State: said})
		if open, there := all.Active[id]; !there || open != want.open || all.Suspended[id] != want.suspended {
			t.Errorf("%s is read as %+v", said, all)
		}
	}
	if got, want := len(types.AccountState("").Values()), 5; got != want {
		t.Errorf("AWS knows %d states, and %d are tried", got, want)
	}
}
