// Command notifications hosts the Notifications service alone.
package main

import (
	"os"

	"example.com/handover/pkg/kit"
	"example.com/handover/services/notifications"
)

func main() { os.Exit(kit.Main(os.Args[1:], os.Stdout, notifications.Service())) }
