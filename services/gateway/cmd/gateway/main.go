// Command gateway hosts the gateway alone.
package main

import (
	"os"

	"example.com/handover/pkg/kit"
	"example.com/handover/services/gateway"
)

func main() { os.Exit(kit.Main(os.Args[1:], os.Stdout, gateway.Service())) }
