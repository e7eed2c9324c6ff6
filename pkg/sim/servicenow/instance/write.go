package instance

import (
	"maps"
	"strconv"

	"example.com/handover/pkg/errs"
)

// Insert adds a record. It returns errs.Precondition (SERVICENOW_REFUSES) when a rule of the instance aborts it, with the
// rule's own words.
func (i *Instance) Insert(table string, values map[string]string, by string) (Row, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	t := i.tables[table]
	d := &draft{table: t, row: Row{}, by: by, now: stamp(i.now())}
	for name, f := range t.Fields {
		d.row[name] = f.Default
	}
	maps.Copy(d.row, Row{
		SysID: newSysID(), ModCount: "0", CreatedOn: d.now, CreatedBy: by, UpdatedOn: d.now, UpdatedBy: by,
	})
	if t.prefix != "" {
		d.row[Number] = t.number(max(i.numbers[table]+1, t.first))
	}
	if t.flow != nil {
		d.row["opened_at"], d.row["opened_by"] = d.now, UserID(by)
	}
	d.fill(values)
	if err := d.settle(); err != nil {
		return nil, err
	}
	return d.row, i.write(d)
}

// Update changes the fields of a record that are given and reports whether there was anything to change. It returns
// errs.NotFound (RECORD_UNKNOWN), or errs.Precondition (SERVICENOW_REFUSES) when a rule of the instance aborts it, with the
// rule's own words.
func (i *Instance) Update(table, sysID string, values map[string]string, by string) (Row, bool, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	before, ok := i.rows[table][sysID]
	if !ok {
		return nil, false, errs.New(errs.NotFound, "RECORD_UNKNOWN", "ServiceNow has no record %s", sysID)
	}
	d := &draft{table: i.tables[table], before: before, row: maps.Clone(before), by: by, now: stamp(i.now())}
	d.fill(values)
	if !d.changes() {
		return before, false, nil
	}
	if err := d.settle(); err != nil {
		return nil, false, err
	}
	count, _ := strconv.Atoi(before[ModCount]) // written by the instance alone
	d.row[ModCount], d.row[UpdatedOn], d.row[UpdatedBy] = strconv.Itoa(count+1), d.now, by
	return d.row, true, i.write(d)
}

func (i *Instance) write(d *draft) error {
	all := []written{{d.table.Name, d.row}}
	for _, e := range d.entries {
		all = append(all, written{Entries, e})
	}
	return i.commit(all)
}
