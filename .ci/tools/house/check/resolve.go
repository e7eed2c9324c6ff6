package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"slices"
)

// typeInfo says what the names of one package stand for. Imports are empty shells: enough to tell a package variable
// from a local one and an import from a variable, without building anything.
type typeInfo struct {
	pkg  *types.Package
	info *types.Info
}

// resolve type-checks a package alone; what its imports hold stays unknown and the errors about that are expected.
func resolve(fset *token.FileSet, d *dir) typeInfo {
	info := &types.Info{
		Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
	}
	shells := types.Config{Importer: shell{}, Error: func(error) {}}
	var inside, outside []*ast.File // tests may live in the package or, as its readers do, in one of their own
	for _, f := range slices.Concat(d.files, d.tests) {
		if f.syntax.Name.Name == d.name {
			inside = append(inside, f.syntax)
		} else {
			outside = append(outside, f.syntax)
		}
	}
	pkg, _ := shells.Check(d.path, fset, inside, info)
	_, _ = shells.Check(d.path+"_test", fset, outside, info)
	return typeInfo{pkg, info}
}

type shell struct{}

func (shell) Import(importPath string) (*types.Package, error) {
	p := types.NewPackage(importPath, path.Base(importPath))
	p.MarkComplete()
	return p, nil
}

// imported is the import path that a selector's left side names, or empty.
func (t typeInfo) imported(x ast.Expr) string {
	if ident, ok := x.(*ast.Ident); ok {
		if name, ok := t.info.Uses[ident].(*types.PkgName); ok {
			return name.Imported().Path()
		}
	}
	return ""
}

// variable is the package variable at the root of x (v, v.field, v[key], *v), or nil.
func (t typeInfo) variable(x ast.Expr) *types.Var {
	switch x := x.(type) {
	case *ast.Ident:
		if v, ok := t.info.Uses[x].(*types.Var); ok && v.Parent() == t.pkg.Scope() {
			return v
		}
	case *ast.SelectorExpr:
		return t.variable(x.X)
	case *ast.IndexExpr:
		return t.variable(x.X)
	case *ast.SliceExpr:
		return t.variable(x.X)
	case *ast.StarExpr:
		return t.variable(x.X)
	case *ast.ParenExpr:
		return t.variable(x.X)
	}
	return nil
}
