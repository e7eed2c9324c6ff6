package cases

import "testing"

// TestStatesOfServiceNow is the table of what ServiceNow's states mean.
func TestStatesOfServiceNow(t *testing.T) {
	for _, c := range []struct {
		table, state, hold string
		want               State
	}{
		{TableCase, "1", "", New},
		{TableCase, "10", "", Open},
		{TableCase, "18", "", AwaitingCustomer},
		{TableCase, "6", "", Resolved},
		{TableCase, "3", "", Closed},
		{TableCase, "7", "", Cancelled},
		{TableCase, "99", "", Open},
		{TableIncident, "1", "", New},
		{TableIncident, "2", "", Open},
		{TableIncident, "3", "1", AwaitingCustomer},
		{TableIncident, "3", "4", AwaitingAWS},
		{TableIncident, "3", "3", Open},
		{TableIncident, "3", "5", Open},
		{TableIncident, "6", "", Resolved},
		{TableIncident, "7", "", Closed},
		{TableIncident, "8", "", Cancelled},
		{TableIncident, "99", "", Open},
	} {
		if got := (Seen{Ref: Ref{Table: c.table}, State: c.state, HoldReason: c.hold}).Means(); got != c.want {
			t.Errorf("%s %s %s means %s, want %s", c.table, c.state, c.hold, got, c.want)
		}
	}
}
