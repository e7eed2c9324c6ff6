package main

import (
	"go/ast"
	"go/types"
	"maps"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
	"google.golang.org/protobuf/reflect/protoreflect"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/kit"
	optionsv1 "example.com/handover/proto/gen/handover/options/v1"
)

const module = "example.com/handover/"

// A service may call what its code calls, and nothing else: the contract's declarations are held against the source of every
// service and of the packages that it uses.
func TestTheContractNamesWhatServicesCall(t *testing.T) {
	loaded, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo |
			packages.NeedImports | packages.NeedExportFile,
		Dir: "../..",
	}, "./services/...", "./pkg/...")
	if err != nil {
		t.Fatal(err)
	}
	if packages.PrintErrors(loaded) > 0 {
		t.Fatal("the source does not compile")
	}
	called := callers(loaded)
	calls := 0
	actors.EachMethod(func(m protoreflect.MethodDescriptor, access *optionsv1.Access) {
		want := slices.Sorted(maps.Keys(called[string(m.FullName())]))
		calls += len(want)
		if got := slices.Sorted(slices.Values(access.GetServices())); !slices.Equal(got, want) {
			t.Errorf("%s may be called by %q and is called by %q", m.FullName(), got, want)
		}
	})
	if calls == 0 {
		t.Error("no call was found: the test looks at the wrong place")
	}
	t.Logf("%d calls of services in the source", calls)
}

// callers says which services call each method: in a package of their own, or in one of pkg that they use.
func callers(loaded []*packages.Package) map[string]map[string]bool {
	byPath := map[string]*packages.Package{}
	for _, p := range loaded {
		byPath[p.PkgPath] = p
	}
	called := map[string]map[string]bool{}
	for _, s := range services() {
		seen := map[string]bool{}
		for path := range byPath {
			if path == module+"services/"+s.Name || strings.HasPrefix(path, module+"services/"+s.Name+"/") {
				reach(byPath, path, seen)
			}
		}
		for path := range seen {
			for _, method := range methodsCalled(byPath[path]) {
				if !reachable(s, method) {
					continue // a package of pkg calls for several services, and each connects to its own peers
				}
				if called[method] == nil {
					called[method] = map[string]bool{}
				}
				called[method][s.Name] = true
			}
		}
	}
	return called
}

// reachable says whether a service can call a method at all: of a peer, or of what the kit serves for every service.
func reachable(s kit.Service, method string) bool {
	owner := strings.Split(method, ".")[1]
	return owner == "ops" || slices.Contains(s.Calls(), owner)
}

// reach marks a package and what it imports, without the kit's tests.
func reach(byPath map[string]*packages.Package, path string, seen map[string]bool) {
	p := byPath[path]
	if p == nil || seen[path] || strings.HasSuffix(path, "test") {
		return
	}
	seen[path] = true
	for imported := range p.Imports {
		reach(byPath, imported, seen)
	}
}

// methodsCalled are the methods of the contract whose clients are called in a package.
func methodsCalled(p *packages.Package) []string {
	var found []string
	for _, file := range p.Syntax {
		ast.Inspect(file, func(n ast.Node) bool {
			selector, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			selected := p.TypesInfo.Selections[selector]
			if selected == nil {
				return true
			}
			named, ok := types.Unalias(selected.Recv()).(*types.Named)
			if !ok || !types.IsInterface(named) || named.Obj().Pkg() == nil {
				return true
			}
			service, isClient := strings.CutSuffix(named.Obj().Name(), "Client")
			if folder, ours := strings.CutPrefix(named.Obj().Pkg().Path(), module+"proto/gen/"); ours && isClient {
				found = append(found, strings.ReplaceAll(folder, "/", ".")+"."+service+"."+selector.Sel.Name)
			}
			return true
		})
	}
	return found
}
