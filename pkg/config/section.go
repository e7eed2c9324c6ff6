package config

import (
	"reflect"

	"github.com/goccy/go-yaml/ast"
)

// Section is a part of a file whose struct is known only later, such as the settings of a service by its name. Decode
// reads it as strictly as the rest, and names the same file, lines and keys. The zero Section is absent.
type Section struct {
	node               ast.Node
	file, folder, path string
}

// IsSet reports whether the file has the section.
func (s Section) IsSet() bool { return s.node != nil }

// Decode reads the section into the struct that into points to, over what it holds, and validates it; an absent
// section only validates.
func (s Section) Decode(into any) error {
	d := decoder{file: s.file, folder: s.folder, lines: map[string]int{}}
	target, err := structOf(into)
	if err != nil {
		return err
	}
	return d.read(s.path, s.node, target)
}

// keep remembers a section for later.
func (d *decoder) keep(path string, node ast.Node, into reflect.Value) bool {
	if _, ok := into.Addr().Interface().(*Section); !ok {
		return false
	}
	if _, ok := node.(ast.MapNode); !ok {
		d.refuse(path, node, "wants keys and values, not "+describe(node))
		return true
	}
	into.Set(reflect.ValueOf(Section{node, d.file, d.folder, path}))
	return true
}
