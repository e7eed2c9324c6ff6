package main

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed requirements.txt
var list string

// requirement is one line of the list.
type requirement struct {
	id, text string
}

// group is the id without its number: ORD, XFR-BT.
func (r requirement) group() string { return r.id[:strings.LastIndex(r.id, "-")] }

// requirements reads the committed list.
func requirements() ([]requirement, error) {
	var all []requirement
	known := map[string]bool{}
	for line := range strings.Lines(list) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		id, text, _ := strings.Cut(line, " ")
		if !wellFormed.MatchString(id) || known[id] {
			return nil, fmt.Errorf("requirements.txt: %q is malformed or listed twice", id)
		}
		known[id] = true
		all = append(all, requirement{id, strings.TrimSpace(text)})
	}
	return all, nil
}
