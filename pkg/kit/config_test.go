package kit_test

import (
	"bytes"
	"context"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.com/handover/pkg/kit"
)

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func TestMainPrintsTheReference(t *testing.T) {
	var out bytes.Buffer
	type depth struct {
		Depth int `yaml:"depth" doc:"how deep"`
	}
	service := kit.New(kit.Spec[depth]{
		Name: "orders", Setup: func(context.Context, *kit.Env, *depth) error { return nil },
		Defaults: func() *depth { return &depth{3} },
	})
	if code := kit.Main([]string{"config"}, &out, service); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	for _, part := range []string{"platform:", "business_clock:", "how deep", "depth: 3"} {
		if !strings.Contains(out.String(), part) {
			t.Errorf("the reference lacks %q", part)
		}
	}
	file := filepath.Join(t.TempDir(), "reference.yaml")
	if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if code := kit.Main([]string{"check", file}, &out, service); code != 0 {
		t.Errorf("what is printed is no configuration: exit code %d", code)
	}
}

func TestMainRefusesAnUnknownCommand(t *testing.T) {
	if code := kit.Main([]string{"dance"}, &bytes.Buffer{}); code != 2 {
		t.Fatalf("exit code %d", code)
	}
}

func TestMainPrintsATokenOfARole(t *testing.T) {
	var out bytes.Buffer
	args := []string{"token", "CUSTOMER", "--keys", t.TempDir(), "--customer", "cus_1"}
	if code := kit.Main(args, &out); code != 0 || strings.Count(strings.TrimSpace(out.String()), ".") != 2 {
		t.Fatalf("exit code %d, %q", code, out.String())
	}
	if code := kit.Main([]string{"token", "SERVICE", "--keys", t.TempDir()}, &out); code != 1 {
		t.Fatalf("a workload's role was given to a person: exit code %d", code)
	}
}

// Addresses that are asked for together are told apart, however many there are.
func TestFreeAddressesDiffer(t *testing.T) {
	const many = 200
	addresses, all := make([]string, many), make([]*string, many)
	for i := range addresses {
		all[i] = &addresses[i]
	}
	if err := kit.FreeAddresses(all...); err != nil {
		t.Fatal(err)
	}
	slices.Sort(addresses)
	if different := slices.Compact(addresses); len(different) != many {
		t.Errorf("%d of %d differ", len(different), many)
	}
}
