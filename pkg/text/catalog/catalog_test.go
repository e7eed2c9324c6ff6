package catalog_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"testing/fstest"

	"example.com/handover/pkg/text"
	"example.com/handover/pkg/text/catalog"
)

const english = `
case:
  opened: "A case was opened: {{.title}}"
  waits: "{{text .step .}} until {{time .until}}{{with .note}} ({{.}}){{end}}"
  left:
    one: "{{.count}} case is left."
    other: "{{.count}} cases are left."
step:
  accept: "{{word \"party\" .who}} accepts"
  again: "{{text .step .}}"
party.CUSTOMER: the customer
pay:
  what: "Pay {{money .amount}} for {{month .month}} by {{date .due}}."
  where: Your bank
`

const german = `
case.opened: "Ein Fall wurde eröffnet: {{.title}}"
pay.what: "Zahlen Sie {{money .amount}} für {{month .month}} bis zum {{date .due}}."
case.left:
  one: "Ein Fall ist offen."
  other: "{{.count}} Fälle sind offen."
`

func load(t *testing.T, files map[string]string) (*catalog.Catalogue, *bytes.Buffer, error) {
	t.Helper()
	fsys, log := fstest.MapFS{}, &bytes.Buffer{}
	for name, content := range files {
		fsys["texts/"+name] = &fstest.MapFile{Data: []byte(content)}
	}
	c, err := catalog.Load(fsys, slog.New(slog.NewTextHandler(log, nil)))
	return c, log, err
}

func TestWordsOfAText(t *testing.T) {
	c, log, err := load(t, map[string]string{"en.yaml": english, "de.yaml": german})
	if err != nil {
		t.Fatal(err)
	}
	pay := []string{"amount", "-1234567.50 CHF", "month", "2026-03", "due", "2026-04-30T00:00:00Z"}
	for _, tt := range []struct {
		accepted string
		text     text.Text
		want     string
	}{
		{"", text.New("case.opened", "title", "No mail"), "A case was opened: No mail"},
		{"de-CH, en;q=0.5", text.New("case.opened", "title", "No mail"), "Ein Fall wurde eröffnet: No mail"},
		{"de-CH, de;q=0.9, en", text.New("case.opened", "title", "No mail"), "Ein Fall wurde eröffnet: No mail"},
		{"fr", text.New("case.opened", "title", "No mail"), "A case was opened: No mail"},
		{"no header at all;;", text.New("case.opened", "title", "No mail"), "A case was opened: No mail"},
		{
			"de", text.New("case.waits", "step", "step.accept", "who", "CUSTOMER", "until", "2026-03-01T10:30:00Z"),
			"the customer accepts until 1 March 2026, 10:30 UTC",
		},
		{"", text.New("case.waits", "step", "step.accept", "who", "AWS", "until", "soon", "note", "late"), "AWS accepts until soon (late)"},
		{"", text.New("case.left", "count", "1"), "1 case is left."},
		{"", text.New("case.left", "count", "0"), "0 cases are left."},
		{"de", text.New("case.left", "count", "1"), "Ein Fall ist offen."},
		{"", text.New("pay.what", pay...), "Pay CHF -1,234,567.50 for March 2026 by 30 April 2026."},
		{"de", text.New("pay.what", pay...), "Zahlen Sie -1.234.567,50 CHF für März 2026 bis zum 30. April 2026."},
		{"de", text.Said("As it was said.", ""), "As it was said."},
		{"de", text.Text{}, ""},
	} {
		if got := c.In(tt.accepted).Say(tt.text); got != tt.want {
			t.Errorf("%q %v: %q, want %q", tt.accepted, tt.text, got, tt.want)
		}
	}
	if what, where := c.In("de").Instruct(text.New("pay", pay...)); !strings.HasPrefix(what, "Zahlen") || where != "Your bank" {
		t.Errorf("what is not translated is said in English: %q, %q", what, where)
	}
	if log.Len() > 0 {
		t.Errorf("nothing is missing, and yet: %s", log)
	}
}

// TestAGapRefusesNothing: a person reads a key or a hole, and the log has one line.
func TestAGapRefusesNothing(t *testing.T) {
	c, log, err := load(t, map[string]string{"en.yaml": english})
	if err != nil {
		t.Fatal(err)
	}
	for said, want := range map[string]text.Text{
		"case.renamed":        text.New("case.renamed"),
		"A case was opened: ": text.New("case.opened"),
		"step.again":          text.New("step.again", "step", "step.again"),
		"case.left":           text.New("case.left", "count", "many"),
		"pay.later.what":      text.New("pay.later.what"),
	} {
		log.Reset()
		for range 2 {
			if got := c.In("").Say(want); got != said {
				t.Errorf("%v: %q, want %q", want, got, said)
			}
		}
		if got := strings.Count(log.String(), catalog.Gap); got != 1 {
			t.Errorf("%v: %d lines in the log: %s", want, got, log)
		}
	}
}

func TestFilesAreReadStrictly(t *testing.T) {
	for name, files := range map[string]map[string]string{
		"named by no language":             {"words.yaml": "a: b"},
		"function \"upper\" not defined":   {"en.yaml": "a: '{{upper .b}}'"},
		"a.b is there twice":               {"en.yaml": "a.b: c\na:\n  b: c"},
		"already defined":                  {"en.yaml": "a: b\na: c"},
		"de: English has no message a":     {"en.yaml": "b: c", "de.yaml": "a: b"},
		"de: a: English does not use name": {"en.yaml": "a: b", "de.yaml": "a: '{{.name}}'"},
	} {
		if _, _, err := load(t, files); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("got %v, want %q", err, name)
		}
	}
}
