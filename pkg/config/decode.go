package config

import (
	"encoding"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// decoder maps one file's nodes to a struct and collects what is wrong.
type decoder struct {
	file, folder string
	lines        map[string]int // line of each key that the file sets
	problems     []error
}

func (d *decoder) value(path string, node ast.Node, into reflect.Value) {
	if into.Kind() == reflect.Pointer {
		d.pointer(path, node, into)
		return
	}
	if d.keep(path, node, into) {
		return
	}
	if text, ok := into.Addr().Interface().(encoding.TextUnmarshaler); ok {
		d.text(path, node, text)
		return
	}
	switch into.Kind() {
	case reflect.Struct:
		d.section(path, node, into)
	case reflect.Map:
		d.mapping(path, node, into)
	case reflect.Slice:
		d.list(path, node, into)
	default:
		d.scalar(path, node, into)
	}
}

// pointer decodes into a fresh value, or over the default that is already pointed to.
func (d *decoder) pointer(path string, node ast.Node, into reflect.Value) {
	if into.IsNil() {
		into.Set(reflect.New(into.Type().Elem()))
	}
	d.value(path, node, into.Elem())
}

// text hands a scalar to its own parser, letter by letter as it stands in the file.
func (d *decoder) text(path string, node ast.Node, into encoding.TextUnmarshaler) {
	var text string
	switch n := node.(type) {
	case *ast.StringNode:
		text = n.Value
	case *ast.LiteralNode:
		text = n.Value.Value
	case *ast.IntegerNode, *ast.FloatNode:
		text = node.GetToken().Value
	default:
		d.refuse(path, node, "wants text, not "+describe(node))
		return
	}
	if s, ok := into.(*Secret); ok {
		s.folder = d.folder
	}
	if err := into.UnmarshalText([]byte(text)); err != nil {
		d.refuse(path, node, err.Error())
	}
}

func (d *decoder) section(path string, node ast.Node, into reflect.Value) {
	fields, err := fieldsOf(into.Type())
	if err != nil {
		d.problems = append(d.problems, err)
		return
	}
	d.entries(path, node, func(key string, keyNode, value ast.Node) {
		for _, f := range fields {
			if f.key == key {
				d.value(join(path, key), value, into.FieldByIndex(f.index))
				return
			}
		}
		d.refuse(join(path, key), keyNode, "unknown key")
	})
}

func (d *decoder) mapping(path string, node ast.Node, into reflect.Value) {
	into.SetZero()
	d.entries(path, node, func(key string, _, value ast.Node) {
		if into.IsNil() {
			into.Set(reflect.MakeMap(into.Type()))
		}
		entry := reflect.New(into.Type().Elem()).Elem()
		d.value(join(path, key), value, entry)
		into.SetMapIndex(reflect.ValueOf(key).Convert(into.Type().Key()), entry)
	})
}

func (d *decoder) list(path string, node ast.Node, into reflect.Value) {
	sequence, ok := node.(*ast.SequenceNode)
	if !ok {
		d.refuse(path, node, "wants a list, not "+describe(node))
		return
	}
	into.SetZero()
	for i, item := range sequence.Values {
		entry := reflect.New(into.Type().Elem()).Elem()
		d.value(fmt.Sprintf("%s[%d]", path, i), item, entry)
		into.Set(reflect.Append(into, entry))
	}
}

// entries calls do for each key of a mapping, once.
func (d *decoder) entries(path string, node ast.Node, do func(key string, keyNode, value ast.Node)) {
	mapping, ok := node.(ast.MapNode)
	if !ok {
		d.refuse(path, node, "wants keys and values, not "+describe(node))
		return
	}
	seen := map[string]bool{}
	for entry := mapping.MapRange(); entry.Next(); {
		key := entry.Key().GetToken().Value
		at := join(path, key)
		if seen[key] {
			d.refuse(at, entry.Key(), fmt.Sprintf("given twice, first in line %d", d.lines[at]))
			continue
		}
		seen[key] = true
		d.lines[at] = entry.Key().GetToken().Position.Line
		do(key, entry.Key(), entry.Value())
	}
}

func (d *decoder) scalar(path string, node ast.Node, into reflect.Value) {
	switch kind := into.Kind(); {
	case kind == reflect.String:
		if n, ok := node.(*ast.StringNode); ok {
			into.SetString(n.Value)
		} else if n, ok := node.(*ast.LiteralNode); ok {
			into.SetString(n.Value.Value)
		} else {
			d.refuse(path, node, "wants text (put it in quotes), not "+describe(node))
		}
		if file, ok := into.Addr().Interface().(*File); ok {
			*file = File(d.place(into.String()))
		}
	case kind == reflect.Bool:
		if n, ok := node.(*ast.BoolNode); ok {
			into.SetBool(n.Value)
		} else {
			d.refuse(path, node, "wants true or false, not "+describe(node))
		}
	case into.CanInt() || into.CanUint() || into.CanFloat():
		d.number(path, node, into)
	default:
		d.refuse(path, node, fmt.Sprintf("a field of type %s cannot be configured", into.Type()))
	}
}

// number reads decimal digits only: a leading zero is a typing error here, not an octal number.
func (d *decoder) number(path string, node ast.Node, into reflect.Value) {
	text, bits := node.GetToken().Value, into.Type().Bits()
	var err error
	switch node.(type) {
	case *ast.IntegerNode, *ast.FloatNode:
		digits := strings.TrimPrefix(text, "-")
		if len(digits) > 1 && digits[0] == '0' && digits[1] != '.' {
			err = strconv.ErrSyntax
		}
	default:
		err = strconv.ErrSyntax
	}
	switch {
	case err != nil:
	case into.CanInt():
		var n int64
		n, err = strconv.ParseInt(text, 10, bits)
		into.SetInt(n)
	case into.CanUint():
		var n uint64
		n, err = strconv.ParseUint(text, 10, bits)
		into.SetUint(n)
	default:
		var n float64
		n, err = strconv.ParseFloat(text, bits)
		into.SetFloat(n)
	}
	if err != nil {
		d.refuse(path, node, fmt.Sprintf("wants %s, not %s", numberName(into.Type()), describe(node)))
	}
}
