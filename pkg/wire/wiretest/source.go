// Package wiretest holds the words of a service's source against the enums of its contract, so that no value falls to
// "unspecified" on its way out.
//
// It reads source text and enum descriptors alone; it runs nothing of the service.
package wiretest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Words are string constants and reasons of refusals, as the source spells them.
type Words struct {
	constants []constant
	reasons   []string
}

type constant struct{ name, typ, value string }

// Read reads the Go files of folders, but for tests.
func Read(t testing.TB, folders ...string) Words {
	t.Helper()
	var w Words
	for _, folder := range folders {
		paths, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil || len(paths) == 0 {
			t.Fatalf("no source in %s: %v", folder, err)
		}
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, w.note)
		}
	}
	return w
}

// Named are the values of the constants whose names begin with a prefix: Named("Fact").
func (w Words) Named(prefix string) []string {
	return w.values(func(c constant) bool { return strings.HasPrefix(c.name, prefix) })
}

// Typed are the values of the constants that are declared with a type: Typed("State").
func (w Words) Typed(typ string) []string {
	return w.values(func(c constant) bool { return c.typ == typ && c.value != "" })
}

// Reasons are the reasons written out in calls of errs.New, errs.Wrap and errs.InvalidField.
func (w Words) Reasons() []string {
	slices.Sort(w.reasons)
	return slices.Compact(slices.Clone(w.reasons))
}

func (w Words) values(wanted func(constant) bool) (out []string) {
	for _, c := range w.constants {
		if wanted(c) {
			out = append(out, c.value)
		}
	}
	return out
}

func (w *Words) note(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.GenDecl:
		if n.Tok == token.CONST {
			w.noteConstants(n)
		}
	case *ast.CallExpr:
		w.noteReason(n)
	}
	return true
}

func (w *Words) noteConstants(d *ast.GenDecl) {
	for _, spec := range d.Specs {
		v, ok := spec.(*ast.ValueSpec)
		if !ok || len(v.Values) != len(v.Names) {
			continue
		}
		typ, _ := v.Type.(*ast.Ident)
		for i, name := range v.Names {
			if text, ok := literal(v.Values[i]); ok {
				c := constant{name: name.Name, value: text}
				if typ != nil {
					c.typ = typ.Name
				}
				w.constants = append(w.constants, c)
			}
		}
	}
}

// noteReason takes the reason out of a call that makes a refusal.
func (w *Words) noteReason(call *ast.CallExpr) {
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return
	}
	if pkg, ok := f.X.(*ast.Ident); !ok || pkg.Name != "errs" {
		return
	}
	at, known := map[string]int{"New": 1, "InvalidField": 1, "Wrap": 2}[f.Sel.Name]
	if !known || at >= len(call.Args) {
		return
	}
	if text, ok := literal(call.Args[at]); ok {
		w.reasons = append(w.reasons, text)
	}
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}
