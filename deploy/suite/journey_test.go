package main

import (
	"testing"

	"example.com/handover/deploy/journey"
)

// The whole suite in this process: the journey that the separate processes play too, see package journey.
func TestJourneyAllInOne(t *testing.T) {
	cfg, err := journey.AllInOne(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := play(t.Context(), cfg, t.Output(), services(), false, journey.Play, journey.PlayVariants); err != nil {
		t.Fatal(err)
	}
}
