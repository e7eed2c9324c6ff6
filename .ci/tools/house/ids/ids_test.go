package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// events turns "pass TestA/x" lines into what go test -json prints.
func events(lines ...string) string {
	var b strings.Builder
	for _, line := range lines {
		action, name, _ := strings.Cut(line, " ")
		b.WriteString(`{"Action":"` + action + `","Package":"example.com/p","Test":"` + name + "\"}\n")
	}
	return b.String()
}

// ask runs the command over the events and returns what it printed.
func ask(t *testing.T, input string, args ...string) (string, error) {
	t.Helper()
	var out strings.Builder
	err := run(args, strings.NewReader(input), &out)
	return out.String(), err
}

func TestEveryGroupIsListed(t *testing.T) {
	out, err := ask(t, events("run TestA", "pass TestA"))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		"ORD     0 of 39 proven", "XFR-SN  0 of 10 proven", "GW      0 of 11 proven", "total   0 of 192 proven",
		"  missing ORD-021     Assisted: Operations prepares",
	} {
		if !strings.Contains(out, line) {
			t.Errorf("%q is missing in:\n%s", line, out)
		}
	}
}

func TestWhatProves(t *testing.T) {
	cases := map[string]struct {
		events []string
		proven string
	}{
		"a passed subtest": {[]string{"run TestA", "run TestA/ORD-021_x", "pass TestA/ORD-021_x", "pass TestA"}, "ORD-021"},
		"up to three ids": {
			[]string{"run TestA/ORD-021_ORD-022_GW-001_x", "pass TestA/ORD-021_ORD-022_GW-001_x"}, "ORD-021 ORD-022 GW-001",
		},
		"an id with a scenario":  {[]string{"run TestA/XFR-BT-01", "pass TestA/XFR-BT-01"}, "XFR-BT-01"},
		"a repeated name":        {[]string{"run TestA/ORD-021#01", "pass TestA/ORD-021#01"}, "ORD-021"},
		"a nested subtest":       {[]string{"run TestA/life/ORD-021_x", "pass TestA/life/ORD-021_x"}, "ORD-021"},
		"a name with a slash":    {[]string{"run TestA/ORD-021_a/b", "pass TestA/ORD-021_a/b"}, "ORD-021"},
		"a failed subtest":       {[]string{"run TestA/ORD-021_x", "fail TestA/ORD-021_x"}, ""},
		"a skipped subtest":      {[]string{"run TestA/ORD-021_x", "skip TestA/ORD-021_x"}, ""},
		"an unfinished subtest":  {[]string{"run TestA/ORD-021_x", "run TestA/ORD-021_x/a", "pass TestA/ORD-021_x/a"}, ""},
		"a failure below":        {[]string{"run TestA/ORD-021_x", "fail TestA/ORD-021_x/a", "pass TestA/ORD-021_x"}, ""},
		"an id inside a name":    {[]string{"run TestA/see_ORD-021", "pass TestA/see_ORD-021"}, ""},
		"a failure then success": {[]string{"run TestA/ORD-021_x", "fail TestA/ORD-021_x", "run TestA/ORD-021_x", "pass TestA/ORD-021_x"}, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			out, err := ask(t, events(c.events...), "-v")
			if err != nil {
				t.Fatal(err)
			}
			var proven []string
			for line := range strings.Lines(out) {
				if words := strings.Fields(line); words[0] == "proven" {
					proven = append(proven, words[1])
				}
			}
			if got := strings.Join(proven, " "); got != c.proven {
				t.Errorf("proven %q, want %q", got, c.proven)
			}
		})
	}
}

func TestNamesThatAreRefused(t *testing.T) {
	for _, name := range []string{"ORD-021_ORD-022_ORD-023_ORD-024_x", "ORD-21x_y", "ORD-999_x", "XFR-ZZ-01_x"} {
		out, err := ask(t, events("run TestA/"+name, "pass TestA/"+name))
		if !errors.Is(err, errNames) || !strings.Contains(out, "example.com/p TestA/"+name+": ") {
			t.Errorf("%s: error %v, output:\n%s", name, err, out)
		}
	}
}

func TestARunThatIsNotWholeIsSaid(t *testing.T) {
	const start, passed, failed = `{"Action":"start","Package":"p"}`, `{"Action":"pass","Package":"p"}`, `{"Action":"fail","Package":"p"}`
	for input, whole := range map[string]bool{start + "\n" + passed: true, start + "\n" + failed: false, start: false} {
		if _, err := ask(t, input+"\n"); errors.Is(err, errBroken) == whole {
			t.Errorf("%s: got %v", input, err)
		}
	}
}

func TestInputIsFilesOrStandardInput(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.json")
	if err := os.WriteFile(path, []byte("# building\n"+events("run TestA/GW-003", "pass TestA/GW-003")), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := ask(t, "", path)
	if err != nil || !strings.Contains(out, "GW      1 of 11 proven") {
		t.Errorf("error %v, output:\n%s", err, out)
	}
	if _, err := ask(t, "PASS\nok example.com/p\n"); !errors.Is(err, errNothingRead) {
		t.Errorf("plain output: error %v", err)
	}
}

// TestAProofThatIsLost: of all that was proven once, one subtest is taken away.
func TestAProofThatIsLost(t *testing.T) {
	all, err := requirements()
	if err != nil {
		t.Fatal(err)
	}
	once, err := promised(all)
	if err != nil || len(once.ids) < 100 || len(once.packages) == 0 {
		t.Fatalf("%d ids in %v, %v", len(once.ids), once.packages, err)
	}
	run := func(without string, packages []string, args ...string) error {
		var b strings.Builder
		for _, pkg := range packages {
			b.WriteString(`{"Action":"start","Package":"` + pkg + "\"}\n")
			for _, id := range once.ids {
				if id != without {
					b.WriteString(strings.ReplaceAll(events("run TestA/"+id+"_x", "pass TestA/"+id+"_x"), "example.com/p", pkg))
				}
			}
			b.WriteString(`{"Action":"pass","Package":"` + pkg + "\"}\n")
		}
		_, err := ask(t, b.String(), args...)
		return err
	}
	if err := run("", once.packages); err != nil {
		t.Errorf("with every proof: %v", err)
	}
	if err := run("ORD-040", once.packages); !errors.Is(err, errLost) || !strings.Contains(err.Error(), ": ORD-040") {
		t.Errorf("without that of ORD-040: %v", err)
	}
	if err := run("ORD-040", once.packages, "-part"); err != nil {
		t.Errorf("of tests left out by name: %v", err)
	}
	if err := run("ORD-040", once.packages[1:]); err != nil {
		t.Errorf("without a package: %v", err)
	}
}
