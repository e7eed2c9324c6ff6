// Command temporal is a yardstick of the benchmarks: Temporal's own server with a worker of its own in one process, on PostgreSQL,
// that runs workflows of ten activities, each of which is one HTTP call. It stands outside of the workspace because the server needs
// far more than the product.
//
// It says that it is ready with a line of JSON, 0. Then each number that it reads is a workflow to run, and is answered with the same
// number when that has its result. It ends with its input, or with the first workflow that fails. Who asks takes the time.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"sync"
)

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
	return s.serve(ctx, in, out)
}

// serve runs what is asked for, all at once.
func (s *server) serve(ctx context.Context, in io.Reader, out io.Writer) error {
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	var running sync.WaitGroup
	var writing sync.Mutex
	answers := json.NewEncoder(out)
	answer := func(n int) error {
		writing.Lock()
		defer writing.Unlock()
		return answers.Encode(n)
	}
	err := answer(0)
	for orders := json.NewDecoder(in); err == nil; {
		var n int
		if err = orders.Decode(&n); err == nil {
			running.Go(func() {
				if err := errors.Join(s.transfer(ctx), answer(n)); err != nil {
					fail(err)
				}
			})
		}
		err = errors.Join(err, context.Cause(ctx))
	}
	running.Wait()
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return errors.Join(err, context.Cause(ctx))
}
