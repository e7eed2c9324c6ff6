package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// test is one test of one package; name is its path from the top-level function down ("TestJourney/ORD-021_draft").
type test struct {
	pkg, name string
}

// outcome is what the events said about a test.
type outcome struct {
	ran, passed, failed bool
}

// outcomes collects the events of one or more runs.
type outcomes struct {
	tests  map[test]outcome
	order  []test
	events int
	broken map[string]bool // packages whose tests failed, or did not come to an end
	whole  map[string]bool // packages whose tests all passed
}

func newOutcomes() *outcomes { return &outcomes{tests: map[test]outcome{}, broken: map[string]bool{}, whole: map[string]bool{}} }

// add reads events line by line. Lines that are no event (build output) are left out.
func (o *outcomes) add(in io.Reader) error {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		var event struct{ Action, Package, Test string }
		if json.Unmarshal(line, &event) == nil && event.Action != "" {
			o.events++
			o.see(test{event.Package, event.Test}, event.Action)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (o *outcomes) see(t test, action string) {
	if t.name == "" {
		switch action {
		case "start", "fail":
			o.broken[t.pkg] = true
			delete(o.whole, t.pkg)
		case "pass", "skip":
			delete(o.broken, t.pkg)
			o.whole[t.pkg] = action == "pass"
		}
		return
	}
	seen, known := o.tests[t]
	switch action {
	case "run":
		seen.ran = true
	case "pass":
		seen.passed = true
	case "fail", "skip":
		seen.failed = true // a skipped test proves nothing
	default:
		return
	}
	if !known {
		o.order = append(o.order, t)
	}
	o.tests[t] = seen
}

// named returns, in the order seen, the tests whose path has a segment that claims an id, cut after that segment.
func (o *outcomes) named() []test {
	var found []test
	known := map[test]bool{}
	for _, t := range o.order {
		segments := strings.Split(t.name, "/")
		for i, segment := range segments {
			if i == 0 || !claims(segment) {
				continue
			}
			whole := test{t.pkg, strings.Join(segments[:i+1], "/")}
			if !known[whole] {
				known[whole] = true
				found = append(found, whole)
			}
		}
	}
	return found
}

// passed says whether t ran and neither it nor anything below it failed. A name that itself holds a slash has no event
// under its first half; then what is below decides.
func (o *outcomes) passed(t test) bool {
	below, ok := t.name+"/", false
	for other, seen := range o.tests {
		if other.pkg != t.pkg || (other.name != t.name && !strings.HasPrefix(other.name, below)) {
			continue
		}
		if seen.failed || (seen.ran && !seen.passed) {
			return false
		}
		ok = ok || seen.passed
	}
	return ok
}
