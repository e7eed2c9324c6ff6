package main

import "testing"

func TestPackageComments(t *testing.T) {
	c := tree(t, map[string]string{
		"pkg/a/a.go":      "package a\n",
		"pkg/a/doc.go":    "// Package a owns a.\npackage a\n",
		"pkg/b/b.go":      "package b\n",
		"pkg/b/c_test.go": "// Package b is not said here.\npackage b\n",
		"pkg/d/d_test.go": "package d\n",
	})
	r := packageComments(c)
	wantPlaces(t, r, "pkg/b:0")
	if r.measured != "50 % of 2" {
		t.Errorf("measured %q", r.measured)
	}
}

func TestExportedComments(t *testing.T) {
	c := tree(t, map[string]string{"pkg/a/a.go": `package a

func Bare() {}

// Said is said.
func Said() {}

type Loose struct{}

// Kept is kept.
type Kept[T any] struct{ Field int }

func (Kept[T]) Bare() {}
func (*Kept[T]) Error() string { return "" }
func (hidden) Bare() {}

type hidden struct{}

// All of them.
const (
	One = 1
	Two = 2
)

const Alone = 3

var Trailing = 4 // is enough

// A group's comment does not speak for a type.
type (
	First int
	// Second is said.
	Second int
)
`, "cmd/a/main.go": "package main\n\nfunc Exported() {}\n"})
	wantPlaces(t, exportedComments(c), "pkg/a/a.go:3", "pkg/a/a.go:8", "pkg/a/a.go:13", "pkg/a/a.go:25", "pkg/a/a.go:31")
}
