package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

func initFunctions(c *code) result {
	var places []place
	for _, fn := range c.functions {
		if fn.Recv == nil && fn.Name.Name == "init" {
			places = append(places, c.at(fn, "init hides start-up work: pass what it prepares to the code that needs it"))
		}
	}
	return none(places)
}

// packageVariables finds package variables that hold state, and the places that change one. A variable that is set
// where it is declared and never touched again is a constant the language cannot write (an error, a compiled regular
// expression, embedded files, a table) and may stay.
func packageVariables(c *code) result {
	var places []place
	for _, d := range c.dirs {
		for _, f := range d.files {
			places = append(places, statefulVariables(c, d.types, f)...)
			places = append(places, changes(c, d.types, f)...)
		}
		for _, f := range d.tests {
			places = append(places, changes(c, d.types, f)...)
		}
	}
	return none(places)
}

// statefulVariables finds declarations that only make sense for something that changes later.
func statefulVariables(c *code, t typeInfo, f *file) []place {
	var places []place
	for _, decl := range f.syntax.Decls {
		group, ok := decl.(*ast.GenDecl)
		if !ok || group.Tok != token.VAR {
			continue
		}
		for _, spec := range group.Specs {
			spec := spec.(*ast.ValueSpec)
			if why := stateful(t, spec, embeds(group.Doc) || embeds(spec.Doc)); why != "" && spec.Names[0].Name != "_" {
				places = append(places, c.at(spec, spec.Names[0].Name+" "+why))
			}
		}
	}
	return places
}

// stateful says why a variable must be one that changes; empty when it need not be.
func stateful(t typeInfo, spec *ast.ValueSpec, embedded bool) string {
	kinds := []ast.Expr{spec.Type}
	for _, value := range spec.Values {
		if pointer, ok := value.(*ast.UnaryExpr); ok {
			value = pointer.X
		}
		switch value := value.(type) {
		case *ast.CompositeLit:
			kinds = append(kinds, value.Type)
		case *ast.CallExpr:
			if fn, ok := value.Fun.(*ast.Ident); ok && (fn.Name == "make" || fn.Name == "new") {
				return "begins empty, so somebody fills it later; pass it on instead"
			}
		}
	}
	if slices.ContainsFunc(kinds, t.synchronizes) {
		return "guards shared state; give that state an owner and pass it on"
	}
	if len(spec.Values) == 0 && !embedded {
		return "has no value, so somebody sets it later; pass it on instead"
	}
	return ""
}

// synchronizes says whether x is a type of sync or sync/atomic.
func (t typeInfo) synchronizes(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.StarExpr:
		return t.synchronizes(x.X)
	case *ast.IndexExpr:
		return t.synchronizes(x.X)
	case *ast.SelectorExpr:
		path := t.imported(x.X)
		return path == "sync" || path == "sync/atomic"
	}
	return false
}

func embeds(doc *ast.CommentGroup) bool {
	if doc == nil {
		return false
	}
	for _, line := range doc.List {
		if strings.HasPrefix(line.Text, "//go:embed ") {
			return true
		}
	}
	return false
}

// changes finds what may change a package variable, of this package or of an imported one: assignments, taken
// addresses, and the built-in functions that write to their first argument.
func changes(c *code, t typeInfo, f *file) []place {
	var places []place
	found := func(n ast.Node, what string, x ast.Expr) {
		if v := t.variable(x); v != nil {
			places = append(places, c.at(n, fmt.Sprintf("%s the package variable %s", what, v.Name())))
		}
	}
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, left := range n.Lhs {
				found(n, "assigns to", left)
				if selector, ok := left.(*ast.SelectorExpr); ok && t.imported(selector.X) != "" {
					places = append(places, c.at(n, "assigns to a variable of the package "+t.imported(selector.X)))
				}
			}
		case *ast.IncDecStmt:
			found(n, "changes", n.X)
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				found(n, "takes the address of", n.X)
			}
		case *ast.CallExpr:
			if fn, ok := n.Fun.(*ast.Ident); ok && writes(t, fn) && len(n.Args) > 0 {
				found(n, fn.Name+" writes to", n.Args[0])
			}
			if method, ok := n.Fun.(*ast.SelectorExpr); ok && throughPointer(t, method) {
				found(n, method.Sel.Name+" may change", method.X)
			}
		}
		return true
	})
	return places
}

// writes says whether fn is a built-in that writes to what its first argument refers to.
func writes(t typeInfo, fn *ast.Ident) bool {
	if _, ok := t.info.Uses[fn].(*types.Builtin); !ok {
		return false
	}
	switch fn.Name {
	case "append", "clear", "copy", "delete":
		return true
	}
	return false
}

// throughPointer says whether a method call silently takes its receiver's address.
func throughPointer(t typeInfo, method *ast.SelectorExpr) bool {
	selection := t.info.Selections[method]
	if selection == nil || selection.Kind() != types.MethodVal {
		return false
	}
	_, holds := selection.Recv().Underlying().(*types.Pointer)
	_, wants := selection.Obj().Type().(*types.Signature).Recv().Type().(*types.Pointer)
	return wants && !holds
}
