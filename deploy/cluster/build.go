package cluster

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
)

// Services are those that have a binary of their own, in the order in which a deployment starts them.
func Services() []string {
	return []string{"sandbox", "notifications", "support", "accounttransfer", "billing", "orders", "gateway"}
}

// suite is the all-in-one, whose commands set a deployment up.
const suite = "suite"

// Build builds the binary of every service, and the all-in-one, into a folder, in one go, and returns their paths by service.
func Build(ctx context.Context, folder string) (map[string]string, error) {
	args, paths := []string{"build", "-o", folder + string(filepath.Separator)}, map[string]string{}
	for _, s := range Services() {
		args = append(args, "example.com/handover/services/"+s+"/cmd/"+s)
		paths[s] = filepath.Join(folder, s)
	}
	args, paths[suite] = append(args, "example.com/handover/deploy/suite"), filepath.Join(folder, suite)
	out, err := exec.CommandContext(ctx, "go", args...).CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("build: %w\n%s", err, out)
	}
	return paths, nil
}
