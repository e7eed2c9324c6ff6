package main

import (
	"path/filepath"
	"slices"

	"example.com/handover/deploy/cluster"
)

// ackWait is short, so that a message that a killed process had taken comes again soon.
const ackWait = "2s"

// shipped is the all-in-one's configuration with the keys of a folder.
func shipped(folder string) (cluster.File, error) {
	f, err := cluster.ShippedFile("sandbox.yaml")
	if err != nil {
		return f, err
	}
	f.Remove("platform.admin")
	f.Set("platform.auth.development", filepath.Join(folder, "keys"))
	return f, nil
}

// sandboxFile is the configuration of the process that plays the world outside.
func (a addresses) sandboxFile(folder string) (cluster.File, error) {
	f, err := shipped(folder)
	if err != nil {
		return f, err
	}
	f.Set("platform.hosts", []string{"sandbox"})
	f.Set("platform.data", "sandbox")
	f.Set("platform.grpc", a.sandbox)
	cluster.ReachNATS(f, folder, a.nats, "sandbox")
	f.Remove("services")
	for key, value := range a.listeners.Settings("sandbox") {
		f.Set(key, value)
	}
	return f, nil
}

// partFile is the configuration of a process of the suite. What was left behind by a process that is gone is taken over
// after about two seconds, so that a round is short.
func (a addresses) partFile(folder string, p *part, database string) (cluster.File, error) {
	f, err := shipped(folder)
	if err != nil {
		return f, err
	}
	f.Set("platform.hosts", p.services)
	f.Set("platform.data", p.name)
	f.Set("platform.grpc", p.grpc)
	f.Set("platform.http", a.http) // the gateway's; the others listen to none
	cluster.ReachNATS(f, folder, a.nats, p.services...)
	f.Remove("platform.business_clock.start")
	f.Set("platform.work.lease", "2s")
	f.Set("platform.work.ack_wait", ackWait)
	f.Set("platform.work.relay_lease", "1s")
	f.Set("platform.work.idle", "500ms")
	f.Set("platform.health.every", "1s")
	peers := map[string]string{"sandbox": a.sandbox}
	for _, service := range hosted() {
		if slices.Contains(p.services, service) {
			continue
		}
		f.Remove("services." + service)
		peers[service] = a.of(service)
	}
	f.Set("platform.peers", peers)
	f.Remove("services.sandbox")
	if database != "" {
		f.Set("platform.database.postgresql", database)
	}
	a.settings(f, folder, p)
	return f, nil
}

// settings are those of the services that a process hosts.
func (a addresses) settings(f cluster.File, folder string, p *part) {
	settle := map[string][]string{
		"accounttransfer": {"aws.settle"}, "support": {"servicenow.settle", "servicenow.late"}, "notifications": {"settle"},
	}
	for _, service := range p.services {
		for key, value := range a.listeners.Settings(service) {
			f.Set(key, value)
		}
		for _, key := range settle[service] {
			f.Set("services."+service+"."+key, "300ms")
		}
		switch service {
		case "orders":
			f.Set("services.orders.link_key", filepath.Join(folder, "link"))
		case "billing", "accounttransfer":
			f.Set("services."+service+".blobs.folder", filepath.Join(folder, "blobs"))
		}
	}
}
