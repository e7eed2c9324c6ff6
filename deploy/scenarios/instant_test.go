package scenarios_test

import (
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"
)

// at reads an instant.
func at(t *testing.T, text string) time.Time {
	t.Helper()
	i, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func stamp(i time.Time) *timestamppb.Timestamp { return timestamppb.New(i) }
