// Command sandbox hosts the simulators and their control alone.
package main

import (
	"os"

	"example.com/handover/pkg/kit"
	"example.com/handover/services/sandbox"
)

func main() { os.Exit(kit.Main(os.Args[1:], os.Stdout, sandbox.Service())) }
