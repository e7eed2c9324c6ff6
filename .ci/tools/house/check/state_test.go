package main

import "testing"

func TestInitFunctions(t *testing.T) {
	c := tree(t, map[string]string{"a/a.go": "package a\n\nfunc init() {}\n\ntype s struct{}\n\nfunc (s) init() {}\n"})
	wantPlaces(t, initFunctions(c), "a/a.go:3")
}

func TestConstantsInAllButNameAreFine(t *testing.T) {
	c := tree(t, map[string]string{"a/a.go": `package a

import (
	"embed"
	"errors"
	"io"
	"regexp"
	"sync"
)

var (
	ErrGone = errors.New("gone")
	word    = regexp.MustCompile("[a-z]+")
	table   = map[string][]int{"a": {1}}
	_       io.Reader = (*reader)(nil)
)

//go:embed *.sql
var files embed.FS

type reader struct{ mu sync.Mutex }

func (r *reader) Read([]byte) (int, error) { return 0, nil }

func use() (int, error) {
	table := append([]int{}, table["a"]...)
	table[0] = 2
	word := word.String()
	word += "x"
	r := &reader{}
	r.mu = sync.Mutex{}
	_, _ = files, word
	return table[0], ErrGone
}
`})
	wantPlaces(t, packageVariables(c))
}

func TestVariablesThatHoldState(t *testing.T) {
	c := tree(t, map[string]string{"a/a.go": `package a

import (
	"sync"
	"sync/atomic"
)

var empty int
var mu sync.Mutex
var once = sync.Once{}
var cache = make(map[string]int)
var counter = new(int)
var flag = &atomic.Bool{}
var current atomic.Pointer[int]
`})
	wantPlaces(t, packageVariables(c), "a/a.go:8", "a/a.go:9", "a/a.go:10", "a/a.go:11", "a/a.go:12", "a/a.go:13", "a/a.go:14")
}

func TestChangesOfPackageVariables(t *testing.T) {
	c := tree(t, map[string]string{
		"a/vars.go": `package a

type box struct{ n int }

func (b *box) set() { b.n = 1 }
func (b box) get() int { return b.n }

var (
	number = 1
	table  = map[string]int{}
	list   = []int{1}
	held   = box{}
)
`,
		"a/uses.go": `package a

import "example.com/other"

func change() {
	number = 2
	number++
	table["a"] = 1
	delete(table, "a")
	_ = append(list, 2)
	list[0], held.n = 1, 2
	read(&number)
	held.set()
	other.Default = nil
	held.get()
	read(nil)
	number := 1
	number++
	_ = number
}

func read(*int) {}
`,
		"a/uses_test.go": "package a\n\nfunc testing() { number = 3 }\n",
	})
	wantPlaces(t, packageVariables(c), "a/uses.go:6", "a/uses.go:7", "a/uses.go:8", "a/uses.go:9", "a/uses.go:10",
		"a/uses.go:11", "a/uses.go:12", "a/uses.go:13", "a/uses.go:14", "a/uses_test.go:3")
}
