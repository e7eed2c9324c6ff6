// Command bench measures the suite beside its yardsticks, on this machine and in this run. It starts what it needs on
// loopback, in a temporary folder and in scratch databases, stops by itself, and leaves nothing.
//
// It judges by ratios and a few times; absolute numbers are the machine's. How to read the table: README.md.
package main

import "os"

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }
