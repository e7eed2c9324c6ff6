package template_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"example.com/handover/pkg/errs"
	"example.com/handover/services/notifications/internal/template"
)

// sample has a value for every parameter that a template knows.
func sample(t template.Template) map[string]string {
	known := map[string]string{
		"account_id": "123456789012", "accept_by": "2026-02-28T23:59:59Z", "start": "2026-03-01T00:00:00Z",
		"month": "2026-03", "due": "2026-05-05", "url": "https://console.example.com/stack", "link": "https://example.com/o/1",
	}
	values := map[string]string{}
	for _, name := range slices.Concat(t.Params, t.Optional, t.Secrets) {
		if values[name] = known[name]; values[name] == "" {
			values[name] = "value of " + name
		}
	}
	return values
}

func renderer(t *testing.T) *template.Renderer {
	t.Helper()
	r, err := template.NewRenderer("Example Reseller")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestEveryTemplate fills each in, in each language, with everything and with what is needed alone.
func TestEveryTemplate(t *testing.T) {
	t.Parallel()
	r := renderer(t)
	for _, tpl := range template.All() {
		for _, language := range []string{"en", "de"} {
			t.Run(tpl.Key+" "+language, func(t *testing.T) {
				t.Parallel()
				values := sample(tpl)
				full := render(t, r, tpl, values, template.Reader{Language: language, Name: "Pat Example", Reference: "ord_1"})
				for name, value := range values {
					if !strings.Contains(full.Text+full.HTML, value) && !dated(name) {
						t.Errorf("%s is not shown", name)
					}
				}
				for _, part := range []string{"Pat Example", "Example Reseller", "ord_1"} {
					if !strings.Contains(full.Text, part) || !strings.Contains(full.HTML, part) {
						t.Errorf("%s is not shown in both", part)
					}
				}
				for _, name := range tpl.Optional {
					delete(values, name)
				}
				short := render(t, r, tpl, values, template.Reader{Language: language})
				for _, text := range []string{short.Text, short.HTML, short.Subject} {
					if strings.Contains(text, "<no value>") || strings.Contains(text, "ZgotmplZ") || strings.Contains(text, "{{") {
						t.Errorf("a hole in:\n%s", text)
					}
				}
			})
		}
	}
}

// dated are shown in the words of a language.
func dated(name string) bool {
	return slices.Contains([]string{"accept_by", "start", "month", "due", "end"}, name)
}

func render(t *testing.T, r *template.Renderer, tpl template.Template, values map[string]string, reader template.Reader) template.Content {
	t.Helper()
	c, err := r.Render(tpl, values, reader)
	if err != nil {
		t.Fatal(err)
	}
	if c.Subject == "" || strings.ContainsAny(c.Subject, "\r\n") || c.Text == "" || !strings.HasPrefix(c.HTML, "<!DOCTYPE html>") {
		t.Errorf("the mail is %q", c.Subject)
	}
	return c
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	r, tpl := renderer(t), found(t, "accept-billing-transfer")
	for tag, want := range map[string]string{
		"en": "28 February 2026, 23:59 UTC", "de": "28. Februar 2026, 23:59 UTC", "de-CH": "28. Februar 2026, 23:59 UTC",
		"DE": "28. Februar 2026, 23:59 UTC", "fr": "28 February 2026, 23:59 UTC", "": "28 February 2026, 23:59 UTC",
	} {
		if c := render(t, r, tpl, sample(tpl), template.Reader{Language: tag}); !strings.Contains(c.Text, want) ||
			!strings.Contains(c.HTML, want) {
			t.Errorf("for a reader of %q there is no %q", tag, want)
		}
	}
	invoice := found(t, "invoice")
	if c := render(t, r, invoice, sample(invoice), template.Reader{Language: "de"}); !strings.Contains(c.Subject, "März 2026") ||
		!strings.Contains(c.Text, "5. Mai 2026") {
		t.Errorf("the invoice is %q:\n%s", c.Subject, c.Text)
	}
}

// TestHostile: a parameter is text, whatever it holds.
func TestHostile(t *testing.T) {
	t.Parallel()
	r, tpl := renderer(t), found(t, "order-link")
	c := render(t, r, tpl, map[string]string{
		"product": "<script>alert(1)</script>\r\nBcc: everybody@example.com\n\n-- \u202e\x00{{.link}}", "link": "javascript:alert(1)",
	}, template.Reader{Name: `"><img src=x onerror=alert(1)>`})
	for _, bad := range []string{"<script", "<img", "javascript:", "\x00", "\u202e"} {
		if strings.Contains(c.HTML, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
	if strings.Contains(c.Text, "\nBcc:") || strings.Contains(c.Text, "\x00") {
		t.Errorf("a parameter made a line of its own:\n%s", c.Text)
	}
}

func TestAdmit(t *testing.T) {
	t.Parallel()
	link, invoice := found(t, "order-link"), found(t, "invoice")
	one, secret := map[string]string{"product": "p"}, map[string]string{"link": "l"}
	for name, c := range map[string]struct {
		tpl             template.Template
		params, secrets map[string]string
		attaches        bool
		reason, path    string
	}{
		"fine":                 {link, one, secret, false, "", ""},
		"fine with an option":  {link, map[string]string{"product": "p", "account_id": "1"}, secret, false, "", ""},
		"missing":              {link, nil, secret, false, "PARAM_MISSING", "params.product"},
		"empty":                {link, map[string]string{"product": ""}, secret, false, "PARAM_MISSING", "params.product"},
		"unknown":              {link, map[string]string{"product": "p", "colour": "red"}, secret, false, "PARAM_UNKNOWN", "params.colour"},
		"no secret":            {link, one, nil, false, "PARAM_MISSING", "secret_params.link"},
		"the secret in public": {link, map[string]string{"product": "p", "link": "l"}, secret, false, "PARAM_UNKNOWN", "params.link"},
		"reserved":             {link, map[string]string{"product": "p", "greeted": "Eve"}, secret, false, "PARAM_UNKNOWN", "params.greeted"},
		"nothing attached":     {invoice, sample(invoice), nil, false, "ATTACHMENT_REQUIRED", "invoice_id"},
		"attached for nothing": {link, one, secret, true, "ATTACHMENT_REQUIRED", "invoice_id"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, _ := errs.As(c.tpl.Admit(c.params, c.secrets, c.attaches))
			if c.reason == "" {
				if e != nil {
					t.Error(e)
				}
				return
			}
			if e == nil || e.Reason != c.reason || len(e.Fields) != 1 || e.Fields[0].Path != c.path {
				t.Errorf("refused with %+v, want %s at %s", e, c.reason, c.path)
			}
		})
	}
	if _, err := template.Find("nothing"); errs.ReasonOf(err) != "TEMPLATE_UNKNOWN" {
		t.Errorf("found: %v", err)
	}
}

func found(t *testing.T, key string) template.Template {
	t.Helper()
	tpl, err := template.Find(key)
	if err != nil {
		t.Fatal(err)
	}
	return tpl
}

// TestNoMailChangesTheLayout: a block that a mail defines by the name of one of the layout's would take its place.
func TestNoMailChangesTheLayout(t *testing.T) {
	t.Parallel()
	defined := regexp.MustCompile(`{{-? *define "([^"]+)"`)
	blocks := map[string][]string{} // by file
	files, err := filepath.Glob("texts/*.tmpl")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no files", err)
	}
	layout := map[string]bool{}
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range defined.FindAllStringSubmatch(string(text), -1) {
			if strings.HasPrefix(filepath.Base(path), "layout.") {
				layout[found[1]] = true
			} else {
				blocks[path] = append(blocks[path], found[1])
			}
		}
	}
	for path, names := range blocks {
		for _, name := range names {
			if layout[name] {
				t.Errorf("%s takes the place of the layout's %q", path, name)
			}
		}
	}
}

// TestLastDay: an end is the first instant that no longer counts, and people name the day before.
func TestLastDay(t *testing.T) {
	t.Parallel()
	c := render(t, renderer(t), found(t, "agreement-ended"),
		map[string]string{"product": "AWS", "end": "2027-04-01T00:00:00Z"}, template.Reader{})
	if !strings.Contains(c.Text, "until: 31 March 2027") {
		t.Errorf("it says\n%s", c.Text)
	}
}

// TestWhoIsTold: a mail to Operations does not speak to a customer.
func TestWhoIsTold(t *testing.T) {
	t.Parallel()
	tpl := found(t, "agreement-ended-operations")
	c := render(t, renderer(t), tpl, sample(tpl), template.Reader{})
	if strings.Contains(c.Text, "your company") || !strings.Contains(c.Text, "operations of Example Reseller") {
		t.Errorf("it says\n%s", c.Text)
	}
}
