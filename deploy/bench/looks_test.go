package main

import (
	"maps"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// TestCallsOfTheDayAreCounted: what AWS was asked before is the invitations' own, and not the day's.
func TestCallsOfTheDayAreCounted(t *testing.T) {
	since := begun().Add(2 * day)
	call := func(operation string, after time.Duration) *sandboxv1.AwsCall {
		return &sandboxv1.AwsCall{Operation: operation, BusinessTime: timestamppb.New(since.Add(after))}
	}
	got := askedSince(since, []*sandboxv1.AwsCall{
		call("AssumeRole", -time.Second), call("AssumeRole", 0), call("ListAccounts", time.Hour), call("AssumeRole", day),
	})
	if want := map[string]int{"AssumeRole": 2, "ListAccounts": 1}; !maps.Equal(got, want) {
		t.Errorf("counted %v, want %v", got, want)
	}
}
