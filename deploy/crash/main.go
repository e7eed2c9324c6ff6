// Command crash kills the suite at random points of an order's life, again and again, and counts from outside what came
// of it: nothing twice at AWS, in ServiceNow, in the mail or on invoices, no fact twice, nothing stuck, and the same end as
// in an undisturbed life.
//
// It knows the suite by its contract alone. Whatever runs may die: the suite, as one process or as many, the sandbox that
// plays the outside world, NATS and PostgreSQL. Each life has all of them for itself.
//
// What a process has written is in the operating system's hands when it dies, synced or not: these kills show what the suite
// makes of being cut off anywhere, and nothing of what a disk keeps when the power goes.
package main

import "os"

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }
