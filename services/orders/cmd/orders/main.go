// Command orders hosts the Orders service alone.
package main

import (
	"os"

	"example.com/handover/pkg/kit"
	"example.com/handover/services/orders"
)

func main() { os.Exit(kit.Main(os.Args[1:], os.Stdout, orders.Service())) }
