// Command temporal is a yardstick of the benchmarks: Temporal's own server with a worker of its own in one process, on PostgreSQL,
// that runs workflows of ten activities, each of which is one HTTP call. It stands outside of the workspace because the server needs
// far more than the product.
//
// It reads what to run from standard input, one JSON object a line, and answers each with one line. It ends with its input.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

// order is what the benchmarks ask for: so many workflows, started by so many callers who each begin the next one when the last is done.
type order struct {
	Workflows int `json:"workflows"`
	Callers   int `json:"callers"`
}

// outcome is what came of it.
type outcome struct {
	Seconds      float64   `json:"seconds"`
	Milliseconds []float64 `json:"milliseconds"` // of each workflow, from its start to its result
	CPUSeconds   float64   `json:"cpu_seconds"`  // of this process
	Resident     float64   `json:"resident"`     // megabytes, now
}

func main() {
	if err := run(context.Background(), os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "temporal:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, in io.Reader, out io.Writer) error {
	var c call
	main := flag.String("main", "", "URL of an empty PostgreSQL database for workflows")
	visibility := flag.String("visibility", "", "URL of another one, for what is searched")
	flag.StringVar(&c.url, "url", "", "where each step posts")
	flag.StringVar(&c.authorization, "authorization", "", "value of the header Authorization")
	flag.StringVar(&c.contentType, "content-type", "", "of the body")
	flag.StringVar(&c.body, "body", "", "what each step posts")
	flag.Parse()
	s, err := start(ctx, *main, *visibility, c)
	if err != nil {
		return err
	}
	defer s.stop()
	answer := json.NewEncoder(out)
	if err := answer.Encode(outcome{}); err != nil { // ready
		return err
	}
	for orders := json.NewDecoder(in); ; {
		var o order
		if err := orders.Decode(&o); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		done, err := s.carryOut(ctx, o)
		if err != nil {
			return err
		}
		if err := answer.Encode(done); err != nil {
			return err
		}
	}
}
