package config

import (
	"fmt"
	"reflect"

	"github.com/goccy/go-yaml/ast"
)

func (d *decoder) refuse(path string, node ast.Node, message string) {
	d.problems = append(d.problems, d.at(path, node, message))
}

func (d *decoder) at(path string, node ast.Node, message string) error {
	line := 0
	if token := node.GetToken(); token != nil {
		line = token.Position.Line
	}
	return d.problem(path, line, message)
}

// problem reads "orders.yaml:12: listen: unknown key"; what is not known is left out.
func (d *decoder) problem(path string, line int, message string) error {
	where := d.file
	switch {
	case line > 0 && where == "":
		where = fmt.Sprintf("line %d", line)
	case line > 0:
		where = fmt.Sprintf("%s:%d", where, line)
	}
	for _, part := range []string{path, where} {
		if part != "" {
			message = part + ": " + message
		}
	}
	return fmt.Errorf("%s", message)
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// describe says what a node is, without the value of a scalar: it may be a secret in the wrong place.
func describe(node ast.Node) string {
	switch node.(type) {
	case *ast.StringNode, *ast.LiteralNode:
		return "text"
	case *ast.IntegerNode:
		return "a whole number"
	case *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return "a number"
	case *ast.BoolNode:
		return "true or false"
	case *ast.NullNode:
		return "nothing"
	case *ast.SequenceNode:
		return "a list"
	case ast.MapNode:
		return "keys and values"
	default:
		return "a YAML anchor, alias or tag, which are not supported"
	}
}

func numberName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Float32, reflect.Float64:
		return "a number"
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return fmt.Sprintf("a whole number from 0, of at most %d bits", t.Bits())
	default:
		return fmt.Sprintf("a whole number of at most %d bits", t.Bits())
	}
}
