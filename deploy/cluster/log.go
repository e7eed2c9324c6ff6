package cluster

import (
	"bytes"
	"fmt"
	"io"
	"os"
)

// ShowLogs writes the end of every process's log, for whoever has to find out what went wrong.
func (c *Cluster) ShowLogs(out io.Writer) {
	for _, r := range c.replicas {
		if r.process == nil {
			continue
		}
		_, _ = fmt.Fprintf(out, "--- %s\n%s", r.name, Tail(r.process.log, 40)) // best effort: it is a failure already
	}
}

// Tail returns the last lines of a log; what cannot be read is said instead.
func Tail(path string, lines int) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return err.Error() + "\n"
	}
	all := bytes.SplitAfter(text, []byte("\n"))
	return string(bytes.Join(all[max(0, len(all)-lines-1):], nil))
}
