package template

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// All returns every version of every template: each is its files in texts, one per language. What it needs stands at the head
// of the first language's:
//
//	{{/*
//	params: product
//	optional: account_id expire_time
//	secrets: link
//	repeat: true
//	attaches: invoice
//	for: operations
//	*/ -}}
//
// Times are parameters in RFC 3339, months are "2026-03": the mail says them in its language, and shows anything else as it
// is. A head that says anything else is NewRenderer's error, which nobody starts with.
func All() []Template {
	all, _ := written()
	return all
}

// written reads the files once: they are part of the program.
var written = sync.OnceValues(func() ([]Template, error) {
	files, err := fs.Glob(texts, "texts/*.v*."+languages[0]+".tmpl")
	if err != nil {
		return nil, err
	}
	all := make([]Template, 0, len(files))
	for _, path := range files {
		t, err := read(path)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		all = append(all, t)
	}
	return all, nil
})

var fileName = regexp.MustCompile(`^texts/(.+)\.v(\d+)\.`)

func read(path string) (t Template, err error) {
	parts := fileName.FindStringSubmatch(path)
	if parts == nil {
		return t, errors.New("a template's file is named <key>.v<version>.<language>.tmpl")
	}
	t.Key = parts[1]
	if t.Version, err = strconv.Atoi(parts[2]); err != nil {
		return t, err
	}
	text, err := fs.ReadFile(texts, path)
	if err != nil {
		return t, err
	}
	head, _, found := strings.Cut(strings.TrimPrefix(string(text), "{{/*"), "*/")
	if !found {
		return t, errors.New("it does not begin with what it needs")
	}
	for line := range strings.Lines(strings.TrimSpace(head)) {
		if err := t.needs(line); err != nil {
			return t, err
		}
	}
	return t, nil
}

// needs reads a line of the head.
func (t *Template) needs(line string) error {
	name, value, _ := strings.Cut(line, ":")
	words := strings.Fields(value)
	switch name {
	case "params":
		t.Params = words
	case "optional":
		t.Optional = words
	case "secrets":
		t.Secrets = words
	case "repeat":
		t.Repeat = true
	case "attaches":
		t.AttachesInvoice = true
	case "for":
		t.ForOperations = true
	default:
		return fmt.Errorf("%q is nothing that a template needs", name)
	}
	return nil
}
