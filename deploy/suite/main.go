// Command handover is the all-in-one: every service of the suite in one process. Which services share a process is a
// decision of deployment, so it is made here and nowhere else.
package main

import "os"

func main() { os.Exit(run(os.Args[1:], os.Stdout)) }
