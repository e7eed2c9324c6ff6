package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

func TestARevisionIsOneMessageOfAllItsFacts(t *testing.T) {
	second := fact(2, "progressed")
	second.Ordinal = 1
	got := revisionsOf([]*typev1.Event{second, fact(1, "created"), fact(2, "resumed"), fact(4, "failed")})
	if diff := cmp.Diff([]string{"1 created", "2 resumed,progressed", "4 failed"}, got); diff != "" {
		t.Error(diff)
	}
}
