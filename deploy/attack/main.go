// Command attack tries against a running suite what somebody could who has no right to it: on NATS, at the listeners, with
// load, as a service or a person beyond its rights, and by what refusals tell. It prints a line for each kind of attempt:
// how many there were, and what came of them. It fails when one got in.
//
// It starts the suite itself, on loopback, and knows it by its contract, its listeners and its bus alone.
package main

import "os"

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }
