// Command population lets many customers with random habits live with a reseller for simulated years, while AWS, ServiceNow
// and mail fail at random and the suite is killed at random, and then says whether anything stopped silently: an aggregate
// without a next actor, a wait that outlived its escalation untold, an account that is held for ever, an effect at AWS, in ServiceNow
// or in a mailbox that happened twice.
//
// It knows the suite by its contract alone. A run is repeated by its seed, but for the instants at which processes die.
package main

import "os"

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }
