package instance

import "maps"

// Tables of the instance.
const (
	Incident = "incident"
	Case     = "sn_customerservice_case"
	Group    = "sys_user_group"
	Account  = "customer_account"
	Entries  = "sys_journal_field"
	Choices  = "sys_choice"
	User     = "sys_user"
)

func dictionary(s Settings) map[string]*Table {
	return map[string]*Table{
		Incident: {Name: Incident, Writable: true, prefix: "INC", first: 10001, flow: incidentFlow(), Fields: incidentFields()},
		Case:     {Name: Case, Writable: true, prefix: "CS", first: 1001, flow: caseFlow(s.CaseCancelled), Fields: caseFields(s)},
		Group: {Name: Group, Writable: true, Fields: fields(
			texts("name", "description", "email", "source"), Fields{"active": {Default: "true"}, "manager": refers(User)},
		)},
		Account: {Name: Account, Writable: true, prefix: "ACCT", first: 1001, Fields: fields(
			texts("name", "notes", "phone", "street", "city", "country", "account_code", "correlation_display"),
			Fields{Number: {derived: true}, "customer": {Default: "true"}, "account_parent": refers(Account), Correlation: {max: 100}},
		)},
		Entries: {Name: Entries, Fields: fields(texts("name", "element", "element_id", "value"))},
		Choices: {Name: Choices, Fields: fields(texts("name", "element", "value", "label", "sequence", "language", "inactive"))},
		User:    {Name: User, Fields: fields(texts("user_name", "name"))},
	}
}

// Fields are definitions by name.
type Fields = map[string]Field

// fields are what every record has, and those of the table.
func fields(more ...Fields) Fields {
	all := Fields{}
	for _, name := range []string{SysID, ModCount, CreatedOn, CreatedBy, UpdatedOn, UpdatedBy} {
		all[name] = Field{derived: true}
	}
	for _, m := range more {
		maps.Copy(all, m)
	}
	return all
}

func texts(names ...string) Fields {
	all := Fields{}
	for _, name := range names {
		all[name] = Field{}
	}
	return all
}

func refers(table string) Field { return Field{References: table} }

// task are the fields that incidents and cases share.
func task() Fields {
	return fields(
		texts("description", "close_notes", "category", "subcategory", "contact_type", "company"),
		Fields{
			Number:                {derived: true},
			"short_description":   {max: 160},
			Comments:              {Journal: true},
			WorkNotes:             {Journal: true},
			Correlation:           {max: 100},
			"correlation_display": {max: 100},
			"assignment_group":    refers(Group),
			"assigned_to":         refers(User),
			"active":              {derived: true, Default: "true"},
			"opened_at":           {derived: true},
			"opened_by":           {References: User, derived: true},
			"resolved_at":         {derived: true},
			"resolved_by":         {References: User, derived: true},
			"closed_at":           {derived: true},
			"closed_by":           {References: User, derived: true},
			"impact":              {Choices: degrees(), Default: "3"},
			"urgency":             {Choices: degrees(), Default: "3"},
		},
	)
}

func incidentFields() Fields {
	all := task()
	states := incidentFlow().states
	all[State] = Field{Choices: states, Default: "1"}
	all["incident_state"] = Field{Choices: states, Default: "1", derived: true}
	all["hold_reason"] = Field{Choices: []Choice{
		{awaitingCaller, "Awaiting Caller"}, {"5", "Awaiting Change"}, {"3", "Awaiting Problem"}, {"4", "Awaiting Vendor"},
	}}
	all["priority"] = Field{Choices: priorities(), Default: "5", derived: true}
	all["caller_id"] = refers(User)
	all["close_code"] = Field{}
	return all
}

func caseFields(s Settings) Fields {
	all := task()
	all[State] = Field{Choices: caseFlow(s.CaseCancelled).states, Default: "1"}
	all["priority"] = Field{Choices: priorities()[:4], Default: "4"}
	all["account"] = refers(Account)
	all["contact"] = refers(User)
	for _, name := range []string{"product", "contract", "cause", "resolution_code"} {
		all[name] = Field{}
	}
	return all
}

func degrees() []Choice { return []Choice{{"1", "1 - High"}, {"2", "2 - Medium"}, {"3", "3 - Low"}} }

func priorities() []Choice {
	return []Choice{{"1", "1 - Critical"}, {"2", "2 - High"}, {"3", "3 - Moderate"}, {"4", "4 - Low"}, {"5", "5 - Planning"}}
}
