// Command accounttransfer hosts the AccountTransfer service alone.
package main

import (
	"os"

	"example.com/handover/pkg/kit"
	"example.com/handover/services/accounttransfer"
)

func main() { os.Exit(kit.Main(os.Args[1:], os.Stdout, accounttransfer.Service())) }
