// Package config holds the configuration files that the suite ships: for the all-in-one in a sandbox, in separate/ for
// one process per service, and in compose/ for one container per service.
//
// It owns no reading of them (pkg/config) and no key (pkg/kit and the services).
package config

import "embed"

//go:embed *.yaml separate/*.yaml compose/*.yaml
var files embed.FS

// Files returns every shipped file under its path in this folder: "sandbox.yaml", "separate/orders.yaml".
func Files() embed.FS { return files }
