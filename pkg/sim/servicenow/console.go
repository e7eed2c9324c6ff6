package servicenow

import (
	"slices"
	"strings"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/sim/servicenow/instance"
)

// The moves here are those that agents make in ServiceNow's own pages. They obey the rules of the instance, but are no
// calls: they meet no faults and are not logged. What a rule refuses comes back as errs.Precondition (SERVICENOW_REFUSES).

// agent is who makes the moves. Its name differs from that of any integration, which is how a change of its own is told
// from a change of theirs.
const agent = "support.agent"

// Record is a record as it stands, with its journals.
type Record struct {
	Table  string
	SysID  string
	Fields map[string]string // values as the Table API gives them
	State  string            // what people see of the state: "Resolved"; empty: it has none
	Notes  []Note            // comments and work notes, oldest first
}

// Note is an entry of a record's journal.
type Note struct {
	Element string // "comments", "work_notes"
	Text    string
	By      string // user name
	On      string // business time as ServiceNow writes it: "2026-02-16 09:00:00"
}

// Records returns the records of a table, oldest first; for an empty table the cases and incidents. An empty correlation
// id chooses all.
func (s *Simulator) Records(table, correlationID string) []Record {
	tables := []string{table}
	if table == "" {
		tables = []string{instance.Case, instance.Incident}
	}
	var all []Record
	for _, name := range tables {
		if s.instance.Table(name) == nil {
			continue
		}
		for _, row := range s.instance.Oldest(name, "") {
			if correlationID == "" || row[instance.Correlation] == correlationID {
				all = append(all, s.record(name, row))
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Record) int {
		return strings.Compare(a.Fields[instance.CreatedOn], b.Fields[instance.CreatedOn])
	})
	return all
}

// Record returns a record that agents can change. It returns errs.NotFound (RECORD_UNKNOWN) when there is none.
func (s *Simulator) Record(sysID string) (Record, error) {
	table := s.tableOf(sysID)
	row, ok := s.instance.Get(table, sysID)
	if !ok {
		return Record{}, unknownRecord(sysID)
	}
	return s.record(table, row), nil
}

func (s *Simulator) record(table string, row instance.Row) Record {
	r := Record{
		Table: table, SysID: row[instance.SysID], Fields: row,
		State: s.instance.Display(s.instance.Table(table).Fields[instance.State], row[instance.State]),
	}
	for _, e := range s.instance.Oldest(instance.Entries, "element_id="+r.SysID) {
		r.Notes = append(r.Notes, Note{Element: e["element"], Text: e["value"], By: e[instance.CreatedBy], On: e[instance.CreatedOn]})
	}
	return r
}

// Resolve proposes a solution for a case, or resolves an incident; an empty code is the usual one. It returns
// errs.NotFound (RECORD_UNKNOWN) when there is neither.
func (s *Simulator) Resolve(sysID, code, notes string) error {
	if code == "" {
		code = "Solution provided"
	}
	fields := map[string]string{instance.State: "6", "close_notes": notes}
	switch s.tableOf(sysID) {
	case instance.Case:
		fields["resolution_code"] = code
	case instance.Incident:
		fields["close_code"] = code
	default:
		return unknownRecord(sysID)
	}
	return s.Update(sysID, fields)
}

// Update changes fields of any record as an agent would. It returns errs.NotFound (RECORD_UNKNOWN) when there is none.
func (s *Simulator) Update(sysID string, fields map[string]string) error {
	return s.change(sysID, fields, agent)
}

// Comment adds a comment that the customer can read. By is a user name, or the contact or caller of the record, whose
// comment ends the wait for them; empty: an agent. It returns errs.NotFound (RECORD_UNKNOWN) when there is no record.
func (s *Simulator) Comment(sysID, text, by string) error {
	if by == "" {
		by = agent
	}
	return s.change(sysID, map[string]string{instance.Comments: text}, by)
}

func (s *Simulator) change(sysID string, fields map[string]string, by string) error {
	s.serving.RLock()
	defer s.serving.RUnlock()
	_, _, err := s.instance.Update(s.tableOf(sysID), sysID, fields, by)
	return err
}

// tableOf is the table of a record that agents can change; empty: there is none.
func (s *Simulator) tableOf(sysID string) string {
	for _, table := range []string{instance.Case, instance.Incident, instance.Account, instance.Group} {
		if _, ok := s.instance.Get(table, sysID); ok {
			return table
		}
	}
	return ""
}

func unknownRecord(sysID string) error {
	return errs.New(errs.NotFound, "RECORD_UNKNOWN", "ServiceNow has no record %s", sysID)
}
