package main

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// document is one file for one audience.
type document struct {
	name, title string
	has         func(path string) bool
}

func documents() []document {
	operations := func(path string) bool { return strings.HasPrefix(path, "/v1/services/") }
	sandbox := func(path string) bool { return strings.HasPrefix(path, "/v1/sandbox/") }
	return []document{
		{"handover", "Handover", func(path string) bool { return !operations(path) && !sandbox(path) }},
		{"operations", "Handover operations", operations},
		{"sandbox", "Handover sandbox", sandbox},
	}
}

// complete keeps the document's own paths, completes them, and drops what nothing refers to any more.
func (d document) complete(doc object, c *contract) error {
	child(doc, "info")["title"] = d.title
	components := child(doc, "components")
	addComponents(components)
	c.completeSchemas(child(components, "schemas"))
	paths, tags := child(doc, "paths"), map[string]bool{}
	for _, path := range slices.Collect(maps.Keys(paths)) {
		if !d.has(path) {
			delete(paths, path)
			continue
		}
		for method, value := range child(paths, path) {
			op, _ := value.(object)
			m := c.methods[text(op, "operationId")]
			if m == nil {
				return fmt.Errorf("%s %s: operation %q is not in the contract", method, path, text(op, "operationId"))
			}
			c.completeOperation(op, m, components)
			tags[string(m.Parent().Name())] = true
		}
	}
	all, _ := doc["tags"].([]any)
	doc["tags"] = slices.DeleteFunc(all, func(tag any) bool { o, _ := tag.(object); return !tags[text(o, "name")] })
	c.respell(doc)
	prune(doc)
	return nil
}

// prune drops components until all that are left are referred to.
func prune(doc object) {
	components := child(doc, "components")
	used := map[string]bool{}
	visit(doc["paths"], components, used)
	for kind, value := range components {
		if kind == "securitySchemes" {
			continue
		}
		entries, _ := value.(object)
		maps.DeleteFunc(entries, func(name string, _ any) bool { return !used[kind+"/"+name] })
		if len(entries) == 0 {
			delete(components, kind)
		}
	}
}

func visit(value any, components object, used map[string]bool) {
	switch v := value.(type) {
	case object:
		for _, inner := range v {
			visit(inner, components, used)
		}
		found := regexp.MustCompile(`^#/components/(\w+)/(.+)$`).FindStringSubmatch(text(v, "$ref"))
		if found == nil || used[found[1]+"/"+found[2]] {
			return
		}
		used[found[1]+"/"+found[2]] = true
		visit(child(components, found[1])[found[2]], components, used)
	case []any:
		for _, inner := range v {
			visit(inner, components, used)
		}
	}
}
