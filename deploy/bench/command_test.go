package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"example.com/handover/deploy/bench/measure"
)

func TestWhatIsWrongOnTheCommandLine(t *testing.T) {
	good := command{Slices: 1, Length: time.Second, Transfers: 1, NoPostgres: true}
	for name, change := range map[string]func(*command){
		"no PostgreSQL and not left out": func(c *command) { c.NoPostgres = false },
		"no slices":                      func(c *command) { c.Slices = 0 },
		"no length":                      func(c *command) { c.Length = 0 },
		"no transfers":                   func(c *command) { c.Transfers = 0 },
	} {
		c := good
		change(&c)
		if c.Validate(nil) == nil {
			t.Errorf("%s: it was accepted", name)
		}
	}
	if err := good.Validate(nil); err != nil {
		t.Errorf("refused: %v", err)
	}
	good.Only = []string{"latency", "speed"}
	if _, err := good.chosen(); err == nil || !strings.Contains(err.Error(), "speed") {
		t.Errorf("an unknown figure: %v", err)
	}
	good.Only = []string{"claim", "submit"}
	if chosen, err := good.chosen(); err != nil || len(chosen) != 2 || chosen[0].name != "submit" {
		t.Errorf("chose %v, %v", chosen, err)
	}
}

// TestAFigureFromEndToEnd runs the smallest one and looks at the table, and that nothing stays behind.
func TestAFigureFromEndToEnd(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	c := command{NoPostgres: true, Slices: 1, Length: time.Second, Quick: true, Only: []string{"claim"}}
	b, err := c.open(t.Context())
	must(t, err)
	must(t, b.claim(t.Context()))
	var table bytes.Buffer
	must(t, measure.Print(&table, b.results))
	for _, want := range []string{"Claim of 8 due among 20000 sleeping, SQLite", "ratio ≤ 1.5", "the same among 1000"} {
		if !strings.Contains(table.String(), want) {
			t.Errorf("no %q in\n%s", want, table.String())
		}
	}
	must(t, b.close(t.Context()))
	noFile(t, b.folder)
}
