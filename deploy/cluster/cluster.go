// Package cluster runs a deployment as processes of this machine: the shipped configuration, moved to free ports and a
// folder of its own. Tests and the crash run use it.
//
// It knows which processes there are and how they find each other, and nothing of what they do.
package cluster

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	shipped "example.com/handover/deploy/config"
	"example.com/handover/pkg/config"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/tlsfile"
)

// startTimeout is how long a process may take to be ready.
const startTimeout = 5 * time.Minute

// Shape says how many processes there are and on what.
type Shape struct {
	Binaries   map[string]string // paths, as Build returns them
	Replicas   int               // of each service but the sandbox, which is one
	PostgreSQL string            // URL of the database; empty: each process has SQLite files, so that there is one replica
	Settings   map[string]any    // of services, by their path in the file: "services.support.portal_url"
}

// Cluster is a running deployment.
type Cluster struct {
	shape     Shape
	folder    string
	replicas  []*replica
	nats      string            // address at which the sandbox serves it
	listeners shipped.Listeners // at which it simulates the outside
}

// replica is one process of a service.
type replica struct {
	service, name string
	grpc, http    string
	configured    string // path of its configuration
	process       *Process
}

// Start runs a deployment in a folder and returns when every process is ready: the sandbox first, which carries NATS
// and the clock, then the others at once.
func Start(ctx context.Context, folder string, s Shape) (*Cluster, error) {
	if s.PostgreSQL == "" && s.Replicas != 1 {
		return nil, fmt.Errorf("%d replicas need PostgreSQL: SQLite belongs to one process", s.Replicas)
	}
	c := &Cluster{shape: s, folder: folder}
	if err := c.plan(ctx); err != nil {
		return nil, err
	}
	sandbox, others := c.replicas[:1], c.replicas[1:]
	err := c.launch(ctx, sandbox)
	if err == nil {
		err = SetUpNATS(ctx, s.Binaries[suite], c.Secrets(), c.nats)
	}
	if err == nil {
		err = c.launch(ctx, others)
	}
	if err != nil {
		return nil, errors.Join(err, c.Stop())
	}
	return c, nil
}

// plan gives every process its name and addresses, then writes the files, which name each other's.
func (c *Cluster) plan(ctx context.Context) error {
	addresses := append(c.listeners.All(), &c.nats)
	for _, service := range Services() {
		n := c.shape.Replicas
		if service == "sandbox" {
			n = 1
		}
		for i := range n {
			r := &replica{service: service, name: fmt.Sprintf("%s-%d", service, i+1)}
			c.replicas = append(c.replicas, r)
			addresses = append(addresses, &r.grpc, &r.http)
		}
	}
	if err := kit.FreeAddresses(addresses...); err != nil {
		return err
	}
	if err := c.writeSecrets(ctx); err != nil {
		return err
	}
	for _, r := range c.replicas {
		if err := c.configure(r); err != nil {
			return fmt.Errorf("configure %s: %w", r.name, err)
		}
	}
	return nil
}

// configure writes a replica's file: the shipped one, moved, with the secrets beside it.
func (c *Cluster) configure(r *replica) error {
	f, err := ShippedFile("separate/" + r.service + ".yaml")
	if err != nil {
		return err
	}
	f.Set("platform.data", filepath.Join(c.folder, r.name))
	f.Set("platform.grpc", r.grpc)
	f.Remove("platform.admin")
	for key, value := range c.listeners.Settings(r.service) {
		f.Set(key, value)
	}
	if r.service == "sandbox" {
		f.Set("platform.nats.listen", c.nats)
	} else {
		f.Set("platform.nats.url", "nats://"+c.nats)
		f.Set("platform.peers", c.Addresses())
	}
	for key, value := range c.shape.Settings {
		if strings.HasPrefix(key, "services."+r.service+".") {
			f.Set(key, value)
		}
	}
	switch r.service {
	case "gateway":
		f.Set("platform.http", r.http)
	case "billing", "accounttransfer":
		f.Set("services."+r.service+".blobs.folder", filepath.Join(c.folder, "blobs")) // one for all replicas
	}
	if c.shape.PostgreSQL == "" {
		f.Remove("platform.database") // SQLite
	}
	r.configured = filepath.Join(c.folder, r.name+".yaml")
	return f.Write(r.configured)
}

// Secrets is the folder with everybody's keys and certificates, and the key that signs tokens.
func (c *Cluster) Secrets() string { return filepath.Join(c.folder, "secrets") }

// TLS is how the deployment is known by whoever calls it: by its authority.
func (c *Cluster) TLS() tlsfile.Files {
	return tlsfile.Files{Authorities: config.File(filepath.Join(c.Secrets(), "ca.crt"))}
}

// writeSecrets writes what every process reads.
func (c *Cluster) writeSecrets(ctx context.Context) error {
	if err := MakeSecrets(ctx, c.shape.Binaries[suite], c.Secrets()); err != nil {
		return err
	}
	var found []error
	for name, value := range map[string]string{"postgresql": c.shape.PostgreSQL, "link": "links of this cluster, and of no other one"} {
		found = append(found, os.WriteFile(filepath.Join(c.Secrets(), name), []byte(value), 0o600))
	}
	return errors.Join(found...)
}

func (c *Cluster) launch(ctx context.Context, wave []*replica) error {
	known, err := tlsfile.Open(c.TLS(), slog.Default())
	if err != nil {
		return err
	}
	for _, r := range wave {
		p, err := Launch(context.WithoutCancel(ctx), Command{ // stopped by Stop, in order
			Name: r.name, Binary: c.shape.Binaries[r.service], Args: []string{"run", "--config", r.configured},
			Folder: c.folder, Log: filepath.Join(c.folder, r.name+".log"), TLS: known.Credentials(),
		})
		if err != nil {
			return err
		}
		r.process = p
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for _, r := range wave {
		if err := r.process.Ready(ctx, r.grpc); err != nil {
			return err
		}
	}
	return nil
}

// Stop ends every process, the sandbox last, and waits for them.
func (c *Cluster) Stop() error {
	var found []error
	for _, r := range slices.Backward(c.replicas) {
		if r.process != nil {
			found = append(found, r.process.Stop())
		}
	}
	return errors.Join(found...)
}

// Addresses are the gRPC addresses of each service, with commas between those of its replicas.
func (c *Cluster) Addresses() map[string]string {
	all := map[string][]string{}
	for _, r := range c.replicas {
		if r.service != "gateway" {
			all[r.service] = append(all[r.service], r.grpc)
		}
	}
	out := map[string]string{}
	for service, addresses := range all {
		out[service] = strings.Join(addresses, ",")
	}
	return out
}

// Gateways are the addresses of the gateways.
func (c *Cluster) Gateways() []string {
	var out []string
	for _, r := range c.replicas {
		if r.service == "gateway" {
			out = append(out, r.http)
		}
	}
	return out
}

// PIDs are the processes.
func (c *Cluster) PIDs() (all []int) {
	for _, r := range c.replicas {
		all = append(all, r.process.PID)
	}
	return all
}

// NATS is where the sandbox serves it.
func (c *Cluster) NATS() string { return c.nats }

// Listeners are all addresses on which a process listens.
func (c *Cluster) Listeners() map[string]bool {
	all := map[string]bool{c.nats: true}
	for _, address := range c.listeners.All() {
		all[*address] = true
	}
	for _, r := range c.replicas {
		all[r.grpc], all[r.http] = true, true
	}
	return all
}
