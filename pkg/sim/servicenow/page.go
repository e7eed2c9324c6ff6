package servicenow

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"strings"

	"example.com/handover/pkg/sim/servicenow/instance"
)

//go:embed page
var pageFiles embed.FS

func readPages() (*template.Template, error) { return template.ParseFS(pageFiles, "page/*.html") }

// page shows people what is in the instance: the cases and incidents at /, one record at /record/{table}/{sys_id}. It is
// false when the request is not for a page.
func (s *Simulator) page(w http.ResponseWriter, r *http.Request) bool {
	if r.Method != http.MethodGet {
		return false
	}
	if r.URL.Path == "/" {
		var shown []shownRecord
		for _, table := range []string{instance.Case, instance.Incident} {
			for _, record := range s.Records(table, "") {
				shown = append(shown, s.show(record))
			}
		}
		s.render(w, "list.html", shown)
		return true
	}
	path, ok := strings.CutPrefix(r.URL.Path, "/record/")
	if !ok {
		return false
	}
	table, sysID, _ := strings.Cut(path, "/")
	row, found := s.instance.Get(table, sysID)
	if !found {
		http.NotFound(w, r)
		return true
	}
	s.render(w, "record.html", s.show(s.record(table, row)))
	return true
}

// shownRecord is a record with its fields as people read them.
type shownRecord struct {
	Record
	Account string
	Lines   []shownField
}

type shownField struct{ Name, Value string }

func (s *Simulator) show(r Record) shownRecord {
	shown := shownRecord{Record: r}
	t := s.instance.Table(r.Table)
	for _, name := range t.Names() {
		value := s.instance.Display(t.Fields[name], r.Fields[name])
		if value == "" {
			value = r.Fields[name] // a reference to what the instance does not hold
		}
		if value != "" {
			shown.Lines = append(shown.Lines, shownField{name, value})
		}
		if name == "account" {
			shown.Account = value
		}
	}
	return shown
}

func (s *Simulator) render(w http.ResponseWriter, page string, data any) {
	var text bytes.Buffer
	if err := s.pages.ExecuteTemplate(&text, page, data); err != nil {
		s.log.Error("cannot show a page", "page", page, "error", err)
		http.Error(w, "the page cannot be shown", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = text.WriteTo(w) // whoever looked has gone
}
