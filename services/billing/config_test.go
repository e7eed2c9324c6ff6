package billing_test

import (
	"strings"
	"testing"

	"example.com/handover/services/billing"
)

// TestSettings: a setting that would bill too early, never, or all at once is refused at start, by its key.
func TestSettings(t *testing.T) {
	for text, refusal := range map[string]string{
		"gate_day: 0":       "gate_day",
		"gate_day: 29":      "gate_day",
		"gate_day: 28":      "",
		"payment_days: 0":   "payment_days",
		"look_every: 0s":    "look_every",
		"first_look: -1h":   "first_look",
		"missing_after: 0s": "missing_after",
		"look_every: 1h":    "",
		"aws: {timeout: 0}": "timeout",

		"support_plans: [' ']": "support_plans",
		"support_plans: []":    "",
	} {
		err := billing.CheckSettings(text)
		if refusal == "" && err != nil || refusal != "" && (err == nil || !strings.Contains(err.Error(), refusal)) {
			t.Errorf("%s: %v, want %q", text, err, refusal)
		}
	}
}
