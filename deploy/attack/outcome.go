package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"google.golang.org/grpc/status"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/rpc"
)

// outcome is what came of one kind of attack.
type outcome struct {
	mu   sync.Mutex
	came map[string]int
	in   []string // what got in
	more []string // what is to be known besides
}

func newOutcome() *outcome { return &outcome{came: map[string]int{}} }

// refused counts an attempt that came to nothing, and how.
func (o *outcome) refused(how string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.came[how]++
}

// gotIn keeps an attempt that did not end as it must.
func (o *outcome) gotIn(format string, args ...any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.in = append(o.in, fmt.Sprintf(format, args...))
}

func (o *outcome) note(format string, args ...any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.more = append(o.more, fmt.Sprintf(format, args...))
}

// want holds the answer of a call against the reasons, or codes, with which it must be refused.
func (o *outcome) want(what string, err error, reasons ...string) {
	how := reasonOf(err)
	if slices.Contains(reasons, how) {
		o.refused(how)
		return
	}
	o.gotIn("%s: %s, want %s", what, how, strings.Join(reasons, " or "))
}

// reasonOf is the reason of a refusal, or its code where a library refuses.
func reasonOf(err error) string {
	if err == nil {
		return "admitted"
	}
	if reason := errs.ReasonOf(rpc.FromStatus(err)); reason != "" && reason != "INTERNAL" {
		return reason
	}
	return status.Code(err).String()
}

// show prints the line, and reports whether nothing got in.
func (o *outcome) show(out io.Writer, name string) bool {
	word, tried := "ok    ", len(o.in)
	var came []string
	for _, how := range slices.Sorted(maps.Keys(o.came)) {
		tried += o.came[how]
		came = append(came, fmt.Sprintf("%s ×%d", how, o.came[how]))
	}
	if tried == 0 && len(o.more) == 0 {
		o.in = append(o.in, "nothing was tried")
	}
	if len(o.in) > 0 {
		word = "FAILED"
	}
	_, _ = fmt.Fprintf(out, "%s %s: tried %d; %s\n", word, name, tried, strings.Join(append(came, o.more...), ", "))
	const shown = 5
	for i, what := range o.in {
		if i == shown {
			_, _ = fmt.Fprintf(out, "       and %d more\n", len(o.in)-shown)
			break
		}
		_, _ = fmt.Fprintln(out, "       got in:", what)
	}
	return len(o.in) == 0
}
