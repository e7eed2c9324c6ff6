// Command check measures the repository's hand-written Go against the numbers we hold ourselves to and prints them as
// a table. It exits 1 when one of them is broken.
//
// It owns the rules about size, shares, comments and state that no linter has. It does not own style and import direction
// (.golangci.yaml) nor the contract (buf.yaml).
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "check:", err)
		os.Exit(1)
	}
}

var errBroken = errors.New("a rule is broken")

func run(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("check", flag.ContinueOnError)
	root := flags.String("root", ".", "the repository's root folder")
	if err := flags.Parse(args); err != nil {
		return err
	}
	code, err := load(*root)
	if err != nil {
		return err
	}
	broken, err := report(out, code, rules())
	if err != nil {
		return err
	}
	if broken {
		return errBroken
	}
	return nil
}
