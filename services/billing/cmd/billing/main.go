// Command billing hosts the Billing service alone.
package main

import (
	"os"

	"example.com/handover/pkg/kit"
	"example.com/handover/services/billing"
)

func main() { os.Exit(kit.Main(os.Args[1:], os.Stdout, billing.Service())) }
