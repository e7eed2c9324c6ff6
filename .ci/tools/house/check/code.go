package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// code is all hand-written Go below one root folder.
type code struct {
	fset  *token.FileSet
	dirs  []*dir
	files []*file // not the tests
	tests []*file
}

// dir is one package: a folder's files that are not tests.
type dir struct {
	path  string // slash-separated, relative to the root
	name  string // of the package
	files []*file
	tests []*file // of the package itself and of its readers
	types typeInfo

	support bool // it exists for tests alone (support.go)
}

// file is one parsed file.
type file struct {
	path   string // slash-separated, relative to the root
	lines  int    // neither blank nor only comment
	wide   []int  // lines beyond maxColumns
	syntax *ast.File
}

// ours says whether a folder holds hand-written code: not generated, not vendored, not built, not data.
func ours(path string) bool {
	base := filepath.Base(path)
	switch {
	case path == "." || path == ".ci":
		return true
	case strings.HasPrefix(base, "."), slices.Contains([]string{"testdata", "third_party", "vendor", "bin", "data"}, base):
		return false
	}
	return path != "proto/gen"
}

// load parses everything below root.
func load(root string) (*code, error) {
	c := &code{fset: token.NewFileSet()}
	byDir := map[string]*dir{}
	err := fs.WalkDir(os.DirFS(root), ".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && !ours(path):
			return fs.SkipDir
		case entry.IsDir() || !strings.HasSuffix(path, ".go"):
			return nil
		}
		return c.add(byDir, root, path)
	})
	if err != nil {
		return nil, err
	}
	for _, d := range c.dirs {
		d.types = resolve(c.fset, d)
	}
	c.markSupport()
	return c, nil
}

func (c *code) add(byDir map[string]*dir, root, path string) error {
	source, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(path)))
	if err != nil {
		return err
	}
	syntax, err := parser.ParseFile(c.fset, path, source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	if ast.IsGenerated(syntax) {
		return nil
	}
	f := &file{path: path, lines: codeLines(source), wide: wideLines(source), syntax: syntax}
	folder := filepath.ToSlash(filepath.Dir(path))
	d := byDir[folder]
	if d == nil {
		d = &dir{path: folder}
		byDir[folder] = d
		c.dirs = append(c.dirs, d)
	}
	if strings.HasSuffix(path, "_test.go") {
		d.tests = append(d.tests, f)
		c.tests = append(c.tests, f)
		return nil
	}
	d.name = syntax.Name.Name
	d.files = append(d.files, f)
	c.files = append(c.files, f)
	return nil
}

// at is the place of a node.
func (c *code) at(n ast.Node, text string) place {
	p := c.fset.Position(n.Pos())
	return place{p.Filename, p.Line, text}
}

// functions yields every declared function of every file.
func (c *code) functions(yield func(*dir, *ast.FuncDecl) bool) {
	for _, d := range c.dirs {
		for _, f := range d.files {
			for _, decl := range f.syntax.Decls {
				if fn, ok := decl.(*ast.FuncDecl); ok && !yield(d, fn) {
					return
				}
			}
		}
	}
}
