package instance

import "strconv"

// provide puts what every instance has from the start: users, and the choices of all fields. None of it is kept in
// the journal, for it follows from the settings.
func (i *Instance) provide() {
	for _, name := range i.settings.Users {
		i.put(User, Row{SysID: UserID(name), "user_name": name, "name": name})
	}
	for _, t := range i.tables {
		for element, f := range t.Fields {
			for at, c := range f.Choices {
				i.put(Choices, Row{
					SysID: fixedSysID(Choices, t.Name, element, c.Value), "name": t.Name, "element": element,
					"value": c.Value, "label": c.Label, "sequence": strconv.Itoa(at), "language": "en", "inactive": "false",
				})
			}
		}
	}
}
