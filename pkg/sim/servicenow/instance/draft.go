package instance

import (
	"maps"
	"slices"
	"strconv"
)

// draft is a write under way: the record before (nil: it is new) and after, and the entries that it adds to journals.
type draft struct {
	table   *Table
	before  Row
	row     Row
	entries []Row
	by      string // user name
	now     string
}

// fill takes over what a caller sent. Unknown fields, and those that the instance sets itself, are ignored.
func (d *draft) fill(values map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		f, known := d.table.Fields[name]
		switch {
		case !known || f.derived:
		case f.Journal:
			d.enter(name, values[name])
		default:
			d.row[name] = f.cut(values[name])
		}
	}
}

func (d *draft) enter(element, text string) {
	if text == "" {
		return
	}
	d.entries = append(d.entries, Row{
		SysID: newSysID(), "name": d.table.Name, "element": element, "element_id": d.row[SysID], "value": text,
		CreatedOn: d.now, CreatedBy: d.by,
	})
}

// changes reports whether there is anything to write.
func (d *draft) changes() bool {
	return d.before == nil || len(d.entries) > 0 || !maps.Equal(d.before, d.row)
}

func (d *draft) comments() bool {
	return slices.ContainsFunc(d.entries, func(e Row) bool { return e["element"] == Comments })
}

// byCustomer reports whether the writer is the record's customer, or who opened it for the customer.
func (d *draft) byCustomer() bool {
	id := UserID(d.by)
	for _, field := range []string{"caller_id", "contact", "opened_by"} {
		if v := d.row[field]; v == id || v == d.by {
			return true
		}
	}
	return false
}

// settle applies the rules that run before a record of a table with states is written.
func (d *draft) settle() error {
	f := d.table.flow
	if f == nil {
		return nil
	}
	if d.before != nil && d.row[State] == d.before[State] && f.waits(d.before) && f.waits(d.row) && d.comments() && d.byCustomer() {
		d.row[State] = f.reply
	}
	if err := f.check(d); err != nil {
		return err
	}
	if d.table.Name == Incident {
		d.row["incident_state"] = d.row[State]
		d.row["priority"] = priority(d.row)
		if d.row[State] != onHold {
			d.row["hold_reason"] = ""
		}
	}
	d.date(f)
	return nil
}

// date notes who resolved or closed the record, and when.
func (d *draft) date(f *flow) {
	to := d.row[State]
	if to == d.before[State] {
		return
	}
	closed := slices.Contains(f.closed, to)
	switch {
	case closed:
		d.row["closed_at"], d.row["closed_by"] = d.now, UserID(d.by)
	case to == f.resolved:
		d.row["resolved_at"], d.row["resolved_by"] = d.now, UserID(d.by)
	default: // opened again
		d.row["resolved_at"], d.row["resolved_by"] = "", ""
	}
	d.row["active"] = strconv.FormatBool(!closed)
}

// priority is the lookup of an incident's impact and urgency. Without a match the priority stays.
func priority(row Row) string {
	impact, err := strconv.Atoi(row["impact"])
	urgency, err2 := strconv.Atoi(row["urgency"])
	if err != nil || err2 != nil || impact < 1 || impact > 3 || urgency < 1 || urgency > 3 {
		return row["priority"]
	}
	return strconv.Itoa(impact + urgency - 1)
}
