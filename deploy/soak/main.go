// Command soak plays customer lives against one all-in-one for hours, watches what the process holds (memory, goroutines,
// descriptors), and says whether it has become flat.
//
// It knows the suite by its contract, its metrics and what the kernel says about the process. What a process keeps on
// disk grows with its history; what it keeps in memory must not.
package main

import "os"

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }
