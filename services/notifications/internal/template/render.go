package template

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	plain "text/template"
	"unicode"

	"example.com/handover/pkg/errs"
)

//go:embed texts
var texts embed.FS

// Renderer fills templates in. It may be used by many goroutines.
type Renderer struct {
	brand string
	pages map[string]*template.Template // "order-link.v1.de"
	plain map[string]*plain.Template
}

// Reader is who a mail is written for.
type Reader struct {
	Language  string // BCP 47 tag
	Name      string // of one person; empty: no name in the greeting
	Reference string // id of the order; empty: none
	Guidance  []Link // pages that help
}

// Link is a page that helps.
type Link struct{ Title, URI string }

// Content is a mail that is filled in.
type Content struct {
	Language string // that it is written in: "de"
	Subject  string // one line
	Text     string
	HTML     string
}

// NewRenderer reads every template in every language; brand is whose mail it is, as readers know it.
func NewRenderer(brand string) (*Renderer, error) {
	all, err := written()
	if err != nil {
		return nil, err
	}
	r := &Renderer{brand, map[string]*template.Template{}, map[string]*plain.Template{}}
	for _, t := range all {
		for _, language := range languages {
			if err := r.read(t, language); err != nil {
				return nil, fmt.Errorf("template %s in %s: %w", t.Key, language, err)
			}
		}
	}
	return r, nil
}

// read parses one file twice: its "subject" and "text" are filled in as text, its "html" as a page.
func (r *Renderer) read(t Template, language string) error {
	name := t.name(language)
	files := []string{"texts/layout." + language + ".tmpl", "texts/layout.tmpl", "texts/" + name + ".tmpl"}
	words := functions(language)
	page, err := template.New(name).Option("missingkey=error").Funcs(words).ParseFS(texts, files...)
	if err != nil {
		return err
	}
	text, err := plain.New(name).Option("missingkey=error").Funcs(words).ParseFS(texts, files...)
	r.pages[name], r.plain[name] = page, text
	return err
}

func (t Template) name(language string) string {
	return fmt.Sprintf("%s.v%d.%s", t.Key, t.Version, language)
}

func functions(language string) map[string]any {
	return map[string]any{
		"date":    func(text string) string { return date(language, text) },
		"day":     func(text string) string { return onDay(language, text) },
		"lastDay": func(text string) string { return lastDay(language, text) },
		"month":   func(text string) string { return month(language, text) },
		"row":     func(label, value string) row { return row{label, value} },
	}
}

// row is what the parts of the layout show: a line of a table, or a button and where it leads.
type row struct{ Label, Value string }

// Render fills a template in with all its parameters, the secret ones too. Refused with PARAM_MISSING and
// PARAM_UNKNOWN; errs.Internal when the text itself is wrong.
func (r *Renderer) Render(t Template, given map[string]string, reader Reader) (Content, error) {
	if err := admit("params", given, append(t.Params[:len(t.Params):len(t.Params)], t.Secrets...), t.Optional); err != nil {
		return Content{}, err
	}
	values := map[string]any{"brand": r.brand, greeted: tidy(reader.Name), reference: reader.Reference, guides: reader.Guidance}
	values[forOperations] = ""
	if t.ForOperations {
		values[forOperations] = "yes"
	}
	for _, name := range t.Optional {
		values[name] = ""
	}
	for name, value := range given {
		values[name] = tidy(value)
	}
	c := Content{Language: spoken(reader.Language)}
	name := t.name(c.Language)
	var err error
	if c.Subject, err = fill(r.plain[name].ExecuteTemplate, "subject", values); err != nil {
		return Content{}, err
	}
	values["subject"] = c.Subject
	if c.Text, err = fill(r.plain[name].ExecuteTemplate, "mail.txt", values); err != nil {
		return Content{}, err
	}
	c.Text = strings.ReplaceAll(c.Text, "\n\n\n", "\n\n") // where an optional line is left out
	c.HTML, err = fill(r.pages[name].ExecuteTemplate, "mail.html", values)
	return c, err
}

func fill(execute func(io.Writer, string, any) error, name string, values map[string]any) (string, error) {
	var b strings.Builder
	if err := execute(&b, name, values); err != nil {
		return "", errs.Wrap(err, errs.Internal, "INTERNAL", "the template cannot be filled in")
	}
	return strings.TrimSpace(b.String()), nil
}

// tidy keeps a parameter to one line of visible text, so that it cannot pass for a line of the mail or of its header.
func tidy(value string) string {
	return strings.Join(strings.FieldsFunc(value, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }), " ")
}
