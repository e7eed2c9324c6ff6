package servicenow

import (
	"strings"

	"example.com/handover/pkg/sim/servicenow/instance"
)

// shape is a record as the request asks for it.
func (s *Simulator) shape(req request, row instance.Row) map[string]any {
	paths := s.instance.Table(req.table).Names()
	if wanted := req.params.Get("sysparm_fields"); wanted != "" {
		paths = strings.Split(wanted, ",")
	}
	shown := map[string]any{}
	for _, path := range paths {
		path = strings.TrimSpace(path)
		if f, ok := s.instance.FieldAt(req.table, path); ok { // an unknown field is left out
			shown[path] = s.field(req, f, s.instance.Value(req.table, row, path))
		}
	}
	return shown
}

// field is one value: a string, unless the request wants more or it refers to another record. Journals read empty.
func (s *Simulator) field(req request, f instance.Field, value string) any {
	display := ""
	if req.params.Get("sysparm_display_value") != "" {
		display = s.instance.Display(f, value)
	}
	link := map[string]string{}
	if f.References != "" && value != "" && req.params.Get("sysparm_exclude_reference_link") != "true" {
		link["link"] = req.base + "/" + f.References + "/" + value
	}
	switch req.params.Get("sysparm_display_value") {
	case "all":
		link["display_value"], link["value"] = display, value
		return link
	case "true":
		if len(link) == 0 {
			return display
		}
		link["display_value"] = display
		return link
	}
	if len(link) == 0 {
		return value
	}
	link["value"] = value
	return link
}
