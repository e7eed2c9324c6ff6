package config_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.com/handover/pkg/config"
)

func TestDurationText(t *testing.T) {
	tests := map[time.Duration]string{
		0: "0s", time.Second: "1s", time.Minute: "1m", time.Hour: "1h", 90 * time.Minute: "1h30m",
		time.Hour + time.Second: "1h0m1s", 10 * time.Minute: "10m", 250 * time.Millisecond: "250ms", 30 * time.Second: "30s",
	}
	for d, want := range tests {
		if got := config.Duration(d).String(); got != want {
			t.Errorf("%s is written %q, want %q", d, got, want)
		}
	}
}

func TestDurationReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := config.Duration(rapid.Int64Min(0).Draw(t, "d"))
		var out config.Duration
		if err := out.UnmarshalText([]byte(in.String())); err != nil || out != in || out.Std() != time.Duration(in) {
			t.Fatalf("%s is read back as %s (%v)", in, out, err)
		}
	})
}
