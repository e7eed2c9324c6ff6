// Command crash kills the suite at random points of an order's life, again and again, and counts from outside what came
// of it: nothing twice at AWS, in ServiceNow, in the mail or on invoices, no fact twice, nothing stuck, and the same end as
// in an undisturbed life.
//
// It knows the suite by its contract alone. The sandbox, which plays the outside world and carries NATS, is a process
// that is never killed; everything else is one process that dies and comes back. Each life has a pair of them and a
// world of its own.
package main

import "os"

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }
