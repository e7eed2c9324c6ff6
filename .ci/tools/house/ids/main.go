// Command ids reads what `go test -json` printed, from files or standard input, and says which requirements are
// proven and which are missing.
//
// A requirement is proven when a subtest whose name begins with its id ran and passed. A name may carry up to three
// ids ("ORD-021 ORD-022 the customer submits a prepared draft"). The command owns this rule and the list of ids; whether a
// test asserts enough is for its reader to judge. A requirement of proven.txt that a whole run does not prove any more fails the command.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
)

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "ids:", err)
		os.Exit(1)
	}
}

var (
	errNothingRead = errors.New("no test event read: the input is what `go test -json` prints")
	errNames       = errors.New("a test's name breaks the rule for ids")
	errLost        = errors.New("a requirement that was proven is not any more")
	errBroken      = errors.New("tests failed, or did not come to an end, so that the count is not whole")
)

func run(args []string, in io.Reader, out io.Writer) error {
	flags := flag.NewFlagSet("ids", flag.ContinueOnError)
	verbose := flags.Bool("v", false, "print which tests prove each requirement")
	part := flags.Bool("part", false, "tests were left out by name: a requirement without a proof is not a lost one")
	if err := flags.Parse(args); err != nil {
		return err
	}
	all, err := requirements()
	if err != nil {
		return err
	}
	once, err := promised(all)
	if err != nil {
		return err
	}
	read := newOutcomes()
	if err := readAll(read, flags.Args(), in); err != nil {
		return err
	}
	if read.events == 0 {
		return errNothingRead
	}
	proofs, wrong := prove(all, read)
	if err := report(out, all, proofs, *verbose); err != nil {
		return err
	}
	for _, w := range wrong {
		fmt.Fprintln(out, w)
	}
	if len(wrong) > 0 {
		return errNames
	}
	if lost := once.lost(read, proofs); len(lost) > 0 && !*part {
		return fmt.Errorf("%w: %s", errLost, strings.Join(lost, ", "))
	}
	if len(read.broken) > 0 {
		return fmt.Errorf("%w: %s", errBroken, strings.Join(slices.Sorted(maps.Keys(read.broken)), ", "))
	}
	return nil
}

func readAll(read *outcomes, paths []string, in io.Reader) error {
	if len(paths) == 0 {
		return read.add(in)
	}
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		err = read.add(f)
		if err := errors.Join(err, f.Close()); err != nil {
			return err
		}
	}
	return nil
}
