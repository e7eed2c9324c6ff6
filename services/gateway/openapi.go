package gateway

import (
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strings"

	contractproto "example.com/handover/proto"
)

// documents are the OpenAPI documents of this deployment, by path, and the page that lists their calls. They are whole
// as the contract's module has them.
type documents struct {
	byPath  map[string][]byte
	listing []byte
}

// chapter is one document of the page.
type chapter struct {
	Title, Path string
	Operations  []operation
}

// operation is one line of the page.
type operation struct{ Tag, Method, Path, Summary string }

// openAPI takes the documents of what is served: the sandbox is no part of every deployment.
func openAPI(sandbox bool) (documents, error) {
	d := documents{byPath: map[string][]byte{
		"/openapi.json": contractproto.OpenAPI(), "/openapi-operations.json": contractproto.OpenAPIOfOperations(),
	}}
	if sandbox {
		d.byPath["/openapi-sandbox.json"] = contractproto.OpenAPIOfSandbox()
	}
	var chapters []chapter
	for _, path := range slices.Backward(slices.Sorted(maps.Keys(d.byPath))) {
		c, err := readChapter(path, d.byPath[path])
		if err != nil {
			return documents{}, fmt.Errorf("read %s: %w", path, err)
		}
		chapters = append(chapters, c)
	}
	var page strings.Builder
	if err := listing().Execute(&page, chapters); err != nil {
		return documents{}, fmt.Errorf("write the page of calls: %w", err)
	}
	d.listing = []byte(page.String())
	return d, nil
}

func readChapter(path string, raw []byte) (chapter, error) {
	var doc struct {
		Info  struct{ Title string }
		Paths map[string]map[string]struct {
			Tags    []string
			Summary string
		}
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		return chapter{}, err
	}
	c := chapter{Title: doc.Info.Title, Path: path}
	for _, at := range slices.Sorted(maps.Keys(doc.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(doc.Paths[at])) {
			o := doc.Paths[at][method]
			c.Operations = append(c.Operations, operation{strings.Join(o.Tags, " "), method, at, o.Summary})
		}
	}
	slices.SortStableFunc(c.Operations, func(a, b operation) int { return strings.Compare(a.Tag, b.Tag) })
	return c, nil
}

// serve adds the documents and their page.
func (d documents) serve(mux *http.ServeMux) {
	for path, content := range d.byPath {
		mux.Handle("GET "+path, static("application/json", content))
	}
	mux.Handle("GET /docs", static("text/html; charset=utf-8", d.listing))
}

func static(contentType string, content []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
		_, _ = w.Write(content) // who has gone away needs no answer
	})
}

func listing() *template.Template {
	return template.Must(template.New("docs").Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Handover</title>
<style>body{font:15px/1.5 sans-serif;margin:2em;max-width:75em}
td{padding:.2em 1em .2em 0;vertical-align:top}code{white-space:nowrap}</style>
{{range .}}<h1>{{.Title}}</h1><p>Every call, from <a href="{{.Path}}">the OpenAPI document</a>.</p>
<table>{{range .Operations}}<tr><td>{{.Tag}}<td><code>{{.Method}} {{.Path}}</code><td>{{.Summary}}</tr>
{{end}}</table>{{end}}</html>
`))
}
