package main

import (
	"fmt"
	"go/ast"
	"go/scanner"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"unicode/utf8"
)

// codeLines counts the lines that hold a token; comments are no tokens here.
func codeLines(source []byte) int {
	fset := token.NewFileSet()
	f := fset.AddFile("", fset.Base(), len(source))
	var s scanner.Scanner
	s.Init(f, source, nil, 0)
	n, last := 0, 0
	for {
		pos, tok, text := s.Scan()
		if tok == token.EOF {
			return n
		}
		if tok == token.SEMICOLON && text == "\n" {
			continue // inserted by the scanner, not written
		}
		first := f.Line(pos)
		end := first + strings.Count(text, "\n") // a raw string may span lines
		n += end - max(first, last+1) + 1
		last = max(last, end)
	}
}

// percentile is the smallest number that p of 100 of the numbers do not exceed; 0 for none.
func percentile(numbers []int, p int) int {
	if len(numbers) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(numbers))
	return sorted[(len(sorted)*p+99)/100-1]
}

func fileLines(c *code) []int {
	var n []int
	for _, f := range c.files {
		n = append(n, f.lines)
	}
	return n
}

func medianFile(c *code) result {
	n := percentile(fileLines(c), 50)
	return result{measured: fmt.Sprintf("%d in %d files", n, len(c.files)), broken: n > 90}
}

func largeFiles(c *code) result {
	n := percentile(fileLines(c), 95)
	r := result{measured: fmt.Sprint(n), broken: n > 350}
	if r.broken {
		r.places = filesAbove(c, 350)
	}
	return r
}

func largestFile(c *code) result {
	places := filesAbove(c, 500)
	return result{measured: fmt.Sprint(percentile(fileLines(c), 100)), broken: len(places) > 0, places: places}
}

func filesAbove(c *code, limit int) []place {
	var places []place
	for _, f := range c.files {
		if f.lines > limit {
			places = append(places, place{f.path, 0, fmt.Sprintf("%d code lines, more than %d", f.lines, limit)})
		}
	}
	return places
}

// bodyLines counts the lines between a function's braces.
func bodyLines(c *code, fn *ast.FuncDecl) int {
	if fn.Body == nil {
		return 0
	}
	return max(0, c.fset.Position(fn.Body.Rbrace).Line-c.fset.Position(fn.Body.Lbrace).Line-1)
}

func functionLength(c *code) result {
	var lengths []int
	var long []place
	for _, fn := range c.functions {
		n := bodyLines(c, fn)
		lengths = append(lengths, n)
		if n > 50 {
			long = append(long, c.at(fn, fmt.Sprintf("%s has %d lines, more than 50", fn.Name.Name, n)))
		}
	}
	n := percentile(lengths, 95)
	r := result{measured: fmt.Sprintf("%d in %d functions, longest %d", n, len(lengths), percentile(lengths, 100)), broken: n > 50}
	if r.broken {
		r.places = long
	}
	return r
}

func mainLength(c *code) result {
	longest := 0
	var places []place
	for d, fn := range c.functions {
		if d.name != "main" || fn.Name.Name != "main" || fn.Recv != nil {
			continue
		}
		n := bodyLines(c, fn)
		longest = max(longest, n)
		if n >= 10 {
			places = append(places, c.at(fn, fmt.Sprintf("main has %d lines; it calls one function and exits with its code", n)))
		}
	}
	return result{measured: fmt.Sprint(longest), broken: len(places) > 0, places: places}
}

func interfaceSize(c *code) result {
	most := 0
	var places []place
	for _, d := range c.dirs {
		for ident, object := range d.types.info.Defs {
			name, ok := object.(*types.TypeName)
			if !ok || !types.IsInterface(name.Type()) || isTest(c, ident) {
				continue
			}
			n := name.Type().Underlying().(*types.Interface).NumMethods()
			most = max(most, n)
			if n > 6 {
				places = append(places, c.at(ident, fmt.Sprintf("%s has %d methods, more than 6", ident.Name, n)))
			}
		}
	}
	return result{measured: fmt.Sprint(most), broken: len(places) > 0, places: places}
}

// The limits of a type, of a package of a service, and of a line.
const (
	maxMethods = 50
	maxFiles   = 25
	maxColumns = 140
)

// typeSize finds types with so many methods that they are several things at once.
func typeSize(c *code) result {
	most := 0
	var places []place
	for _, d := range c.dirs {
		count, first := map[string]int{}, map[string]*ast.FuncDecl{}
		for _, f := range d.files {
			for _, decl := range f.syntax.Decls {
				if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv != nil {
					name := receiver(fn)
					count[name]++
					if first[name] == nil {
						first[name] = fn
					}
				}
			}
		}
		for name, n := range count {
			most = max(most, n)
			if n > maxMethods {
				places = append(places, c.at(first[name], fmt.Sprintf("%s has %d methods, more than %d: it is several things", name, n, maxMethods)))
			}
		}
	}
	return result{measured: fmt.Sprint(most), broken: len(places) > 0, places: places}
}

// packageSize finds packages of services that have grown beyond what one reader holds in mind.
func packageSize(c *code) result {
	most := 0
	var places []place
	for _, d := range c.dirs {
		if !strings.HasPrefix(d.path, "services/") {
			continue
		}
		most = max(most, len(d.files))
		if len(d.files) > maxFiles {
			places = append(places, place{d.path, 0, fmt.Sprintf("%d files, more than %d: it is several packages", len(d.files), maxFiles)})
		}
	}
	return result{measured: fmt.Sprint(most), broken: len(places) > 0, places: places}
}

// lineLength also looks at tests.
func lineLength(c *code) result {
	var places []place
	for _, f := range slices.Concat(c.files, c.tests) {
		for _, line := range f.wide {
			places = append(places, place{f.path, line, fmt.Sprintf("has more than %d columns", maxColumns)})
		}
	}
	return result{measured: fmt.Sprintf("%d too long", len(places)), broken: len(places) > 0, places: places}
}

// wideLines lists the lines beyond maxColumns, tabs counted as one column, as golangci-lint's lll does.
func wideLines(source []byte) []int {
	var wide []int
	n := 0
	for line := range strings.Lines(string(source)) {
		n++
		if utf8.RuneCountInString(strings.TrimRight(line, "\r\n")) > maxColumns && !described(line) {
			wide = append(wide, n)
		}
	}
	return wide
}

// described says whether a line has the description of a configuration key or of a flag: a struct tag cannot be broken.
func described(line string) bool {
	return strings.Contains(line, "`yaml:\"") || strings.Contains(line, "`help:\"")
}

func isTest(c *code, n ast.Node) bool {
	return strings.HasSuffix(c.fset.Position(n.Pos()).Filename, "_test.go")
}
