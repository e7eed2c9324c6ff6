package config

import (
	"fmt"
	"strings"
	"time"
)

// Duration is a span of time with its unit: "30s", "1h30m".
type Duration time.Duration

// Std returns it for the standard library.
func (d Duration) Std() time.Duration { return time.Duration(d) }

// String leaves out what is zero: "1m", not "1m0s".
func (d Duration) String() string {
	s := time.Duration(d).String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// MarshalText returns the text form.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads a span that is not negative.
func (d *Duration) UnmarshalText(text []byte) error {
	parsed, err := time.ParseDuration(string(text))
	if err != nil || parsed < 0 {
		return fmt.Errorf("wants a duration such as 30s, 5m or 1h30m")
	}
	*d = Duration(parsed)
	return nil
}
