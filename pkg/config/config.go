// Package config reads YAML files into structs, strictly: an unknown key, a key given twice, a wrong type or a broken
// rule is an error that names file, line and key, and all of them are reported at once. The struct is the schema:
//
//	type Config struct {
//		Listen string          `yaml:"listen" doc:"Address of the gRPC server."`
//		Lease  config.Duration `yaml:"lease" doc:"How long a claim is held."`
//		Cache  int             `yaml:"cache" doc:"Size of the cache." unit:"MiB"`
//	}
//
// What the struct holds before is the default; a list or map in the file replaces the default one. A Validate() error
// method of the struct, or of anything inside it, is called after reading. A Section is decoded later, when its struct
// is known. Reference prints the file with everything in it.
//
// It knows no key of any service and reads no environment variables. The YAML library parses; the mapping to structs
// is done here, because the library's own accepts 1.5 for an integer and 012 for text.
package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Load reads a file into the struct that into points to. Files that Secrets name are looked up from the file's folder.
func Load(path string, into any) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	d := decoder{file: path, folder: filepath.Dir(path), lines: map[string]int{}}
	return d.decode(data, into)
}

// Decode reads YAML text into the struct that into points to. Files that Secrets name are looked up from the working
// folder.
func Decode(data []byte, into any) error {
	d := decoder{lines: map[string]int{}}
	return d.decode(data, into)
}

func (d *decoder) decode(data []byte, into any) error {
	target, err := structOf(into)
	if err != nil {
		return err
	}
	file, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey()) // found later, with its path
	if err != nil {
		return d.syntax(err)
	}
	var body ast.Node
	for _, document := range file.Docs {
		if document.Body == nil {
			continue
		}
		if body != nil {
			return d.at("", document.Body, "a second YAML document")
		}
		body = document.Body
	}
	return d.read("", body, target)
}

// read fills a struct from a node, which may be absent, and validates it.
func (d *decoder) read(path string, node ast.Node, into reflect.Value) error {
	if node != nil {
		d.value(path, node, into)
	}
	if len(d.problems) == 0 {
		d.validate(path, into)
	}
	return errors.Join(d.problems...)
}

func structOf(into any) (reflect.Value, error) {
	v := reflect.ValueOf(into)
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
		return v, fmt.Errorf("configuration goes into a pointer to a struct, not %T", into)
	}
	return v.Elem(), nil
}

func (d *decoder) syntax(err error) error {
	var e yaml.Error
	if errors.As(err, &e) && e.GetToken() != nil {
		return d.problem("", e.GetToken().Position.Line, e.GetMessage())
	}
	return fmt.Errorf("%s: %w", d.file, err)
}
