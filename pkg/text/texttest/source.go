package texttest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// source is what a service's files say.
type source struct{ texts, facts []said }

// said is one place that names a text or tells a fact.
type said struct {
	at, folder string
	key        string
	names      []string
	open       bool // it has parameters that the source computes
}

// reader reads the files of one folder.
type reader struct {
	files     *token.FileSet
	folder    string
	constants map[string]string
	done      map[ast.Node]bool // inner parts of what was read
	out       *source
}

func read(t testing.TB, folders []string) source {
	t.Helper()
	var out source
	for _, folder := range folders {
		r := reader{token.NewFileSet(), folder, map[string]string{}, map[ast.Node]bool{}, &out}
		paths, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil || len(paths) == 0 {
			t.Fatalf("no source in %s: %v", folder, err)
		}
		var files []*ast.File
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(r.files, path, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, file)
			ast.Inspect(file, r.constant)
		}
		for _, file := range files {
			ast.Inspect(file, r.visit)
		}
	}
	return out
}

func (r *reader) constant(n ast.Node) bool {
	if v, ok := n.(*ast.ValueSpec); ok && len(v.Values) == len(v.Names) {
		for i, name := range v.Names {
			if words, ok := literal(v.Values[i]); ok {
				r.constants[name.Name] = words
			}
		}
	}
	return true
}

func (r *reader) visit(n ast.Node) bool {
	e, ok := n.(ast.Expr)
	if !ok || r.done[n] {
		return true
	}
	s := said{at: r.files.Position(n.Pos()).String(), folder: r.folder}
	for { // what With adds, from the outside in
		call, ok := e.(*ast.CallExpr)
		if !ok {
			break
		}
		f, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || f.Sel.Name != "With" {
			break
		}
		r.done[call] = true
		s.pairs(call.Args)
		e = f.X
	}
	switch e := e.(type) {
	case *ast.CallExpr:
		r.call(e, s)
	case *ast.CompositeLit:
		r.fact(e, s)
	}
	return true
}

// call reads text.New(key, pairs…) and any function that takes a fact's name first and its details behind.
func (r *reader) call(call *ast.CallExpr, s said) {
	if len(call.Args) == 0 {
		return
	}
	r.done[call] = true
	key, known := r.value(call.Args[0])
	s.pairs(call.Args[1:])
	s.open = s.open || call.Ellipsis.IsValid()
	f, _ := call.Fun.(*ast.SelectorExpr)
	switch s.key = key; {
	case known && f != nil && f.Sel.Name == "New" && named(f.X) == "text":
		r.out.texts = append(r.out.texts, s)
	case known && strings.HasPrefix(named(call.Args[0]), "Fact"):
		r.out.facts = append(r.out.facts, s)
	}
}

// fact reads fact.Fact{Name: …}. One with a text of its own needs the words of that.
func (r *reader) fact(lit *ast.CompositeLit, s said) {
	r.done[lit] = true
	if t, ok := lit.Type.(*ast.SelectorExpr); lit.Type != nil && (!ok || t.Sel.Name != "Fact" || named(t.X) != "fact") {
		return
	}
	own := false
	for _, field := range lit.Elts {
		kv, ok := field.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		value, known := r.value(kv.Value)
		switch named(kv.Key) {
		case "Name":
			if !known || !strings.HasPrefix(named(kv.Value), "Fact") {
				return
			}
			if !own {
				s.key = value
			}
		case "Text":
			if !known {
				return
			}
			s.key, own = value, true
		case "Details":
			s.open = true
		}
	}
	switch {
	case own:
		r.out.texts = append(r.out.texts, s)
	case s.key != "":
		r.out.facts = append(r.out.facts, s)
	}
}

// pairs notes the names of parameters that are written out.
func (s *said) pairs(args []ast.Expr) {
	for i := 0; i < len(args); i += 2 {
		if name, ok := literal(args[i]); ok {
			s.names = append(s.names, name)
		} else {
			s.open = true
		}
	}
}

// value is a string that is written out, or a constant of the folder.
func (r *reader) value(e ast.Expr) (string, bool) {
	if id, ok := e.(*ast.Ident); ok {
		value, known := r.constants[id.Name]
		return value, known
	}
	return literal(e)
}

func named(e ast.Expr) string {
	if id, ok := e.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	words, err := strconv.Unquote(lit.Value)
	return words, err == nil
}
