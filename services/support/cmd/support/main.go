// Command support hosts the Support service alone.
package main

import (
	"os"

	"example.com/handover/pkg/kit"
	"example.com/handover/services/support"
)

func main() { os.Exit(kit.Main(os.Args[1:], os.Stdout, support.Service())) }
