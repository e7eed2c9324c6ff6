package instance

import (
	"slices"
	"strings"

	"example.com/handover/pkg/errs"
)

// flow is how the records of a table move from state to state.
type flow struct {
	states []Choice
	moves  map[string][]string // what a state may become
	needs  map[string][]string // fields that must be filled in a state
	closed []string            // states in which a record cannot be updated

	resolved string
	reply    string // the state that a customer's comment leads to
	waits    func(Row) bool
	accepts  string // the state that a resolved record reaches only by its customer; empty: by anybody
}

const (
	awaitingCaller = "1" // hold_reason
	onHold         = "3" // state of an incident
)

func incidentFlow() *flow {
	return &flow{
		states:   []Choice{{"1", "New"}, {"2", "In Progress"}, {onHold, "On Hold"}, {"6", "Resolved"}, {"7", "Closed"}, {"8", "Canceled"}},
		moves:    map[string][]string{"1": {"2", onHold, "6", "8"}, "2": {onHold, "6", "8"}, onHold: {"2", "6", "8"}, "6": {"2", "7"}},
		needs:    map[string][]string{onHold: {"hold_reason"}, "6": {"close_code", "close_notes"}, "7": {"close_code", "close_notes"}},
		closed:   []string{"7", "8"},
		resolved: "6", reply: "2",
		waits: func(r Row) bool { return r[State] == onHold && r["hold_reason"] == awaitingCaller },
	}
}

func caseFlow(cancelled bool) *flow {
	f := &flow{
		states:   []Choice{{"1", "New"}, {"10", "Open"}, {"18", "Awaiting Info"}, {"6", "Resolved"}, {"3", "Closed"}},
		moves:    map[string][]string{"1": {"10", "18", "6", "3"}, "10": {"18", "6", "3"}, "18": {"10", "6", "3"}, "6": {"10", "3"}},
		needs:    map[string][]string{"6": {"resolution_code", "close_notes"}},
		closed:   []string{"3"},
		resolved: "6", reply: "10", accepts: "3",
		waits: func(r Row) bool { return r[State] == "18" },
	}
	if cancelled {
		f.states, f.closed = append(f.states, Choice{"7", "Cancelled"}), append(f.closed, "7")
		for from := range f.moves {
			f.moves[from] = append(f.moves[from], "7")
		}
	}
	return f
}

// check refuses a move that the instance's rules abort. A new record comes from no state and may begin in any.
func (f *flow) check(d *draft) error {
	from, to := d.before[State], d.row[State]
	known := slices.ContainsFunc(f.states, func(c Choice) bool { return c.Value == to })
	switch {
	case slices.Contains(f.closed, from):
		return aborted(d.table, "Closed records are read-only")
	case !known, from != "" && from != to && !slices.Contains(f.moves[from], to):
		return aborted(d.table, "State model")
	case from == f.resolved && to == f.accepts && !d.byCustomer():
		return aborted(d.table, "Only the customer accepts a solution")
	}
	if missing := slices.DeleteFunc(slices.Clone(f.needs[to]), func(name string) bool { return d.row[name] != "" }); len(missing) > 0 {
		return mandatory(missing)
	}
	if f.waits(d.row) && !f.waits(d.before) && d.table.Name == Incident && !d.comments() {
		return mandatory([]string{Comments})
	}
	return nil
}

// aborted is what a business rule answers.
func aborted(t *Table, rule string) error {
	return errs.New(errs.Precondition, "SERVICENOW_REFUSES", "Operation against file '%s' was aborted by Business Rule '%s'", t.Name, rule)
}

// mandatory is what a data policy answers.
func mandatory(fields []string) error {
	return errs.New(
		errs.Precondition, "SERVICENOW_REFUSES", "Data Policy Exception: The following fields are mandatory: %s", strings.Join(fields, ", "),
	)
}
