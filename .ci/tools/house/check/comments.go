package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
)

func packageComments(c *code) result {
	packages, with := 0, 0
	var places []place
	for _, d := range c.dirs {
		if len(d.files) == 0 {
			continue // tests alone
		}
		packages++
		if slices.ContainsFunc(d.files, func(f *file) bool { return f.syntax.Doc.Text() != "" }) {
			with++
			continue
		}
		places = append(places, place{d.path, 0, "no package comment: say what the package owns and what it does not"})
	}
	return result{measured: percent(with, packages), broken: with < packages, places: places}
}

func exportedComments(c *code) result {
	names, with := 0, 0
	var places []place
	count := func(ident *ast.Ident, docs ...*ast.CommentGroup) {
		if !ident.IsExported() {
			return
		}
		names++
		if slices.ContainsFunc(docs, func(g *ast.CommentGroup) bool { return g.Text() != "" }) {
			with++
			return
		}
		places = append(places, c.at(ident, ident.Name+" has no comment"))
	}
	for _, d := range c.dirs {
		if d.name == "main" {
			continue
		}
		for _, f := range d.files {
			for _, decl := range f.syntax.Decls {
				countDeclaration(decl, count)
			}
		}
	}
	return result{measured: percent(with, names), broken: with < names, places: places}
}

// countDeclaration hands on every name that decl declares, with the comments that may speak for it. In a group, the
// group's comment speaks for constants and variables; a type needs its own.
func countDeclaration(decl ast.Decl, count func(*ast.Ident, ...*ast.CommentGroup)) {
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		if decl.Recv == nil || (ast.IsExported(receiver(decl)) && !standardMethod(decl.Name.Name)) {
			count(decl.Name, decl.Doc)
		}
	case *ast.GenDecl:
		for _, spec := range decl.Specs {
			switch spec := spec.(type) {
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					count(name, spec.Doc, spec.Comment, decl.Doc)
				}
			case *ast.TypeSpec:
				docs := []*ast.CommentGroup{spec.Doc, spec.Comment}
				if decl.Lparen == token.NoPos {
					docs = append(docs, decl.Doc)
				}
				count(spec.Name, docs...)
			}
		}
	}
}

// receiver is the name of the type that a method belongs to.
func receiver(fn *ast.FuncDecl) string {
	x := fn.Recv.List[0].Type
	for {
		switch t := x.(type) {
		case *ast.StarExpr:
			x = t.X
		case *ast.IndexExpr:
			x = t.X
		case *ast.IndexListExpr:
			x = t.X
		case *ast.Ident:
			return t.Name
		default:
			return ""
		}
	}
}

// standardMethod names methods whose meaning the standard library has already said.
func standardMethod(name string) bool {
	switch name {
	case "Error", "Unwrap", "Is", "String", "Len", "Less", "Swap", "Read", "Write", "Close", "ServeHTTP", "LogValue",
		"MarshalJSON", "UnmarshalJSON", "MarshalText", "UnmarshalText", "GRPCStatus":
		return true
	}
	return false
}

func percent(part, whole int) string {
	if whole == 0 {
		return "none"
	}
	return fmt.Sprintf("%d %% of %d", part*100/whole, whole)
}
