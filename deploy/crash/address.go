package main

import (
	"path/filepath"
	"sync"

	"example.com/handover/deploy/cluster"
	"example.com/handover/deploy/config"
	"example.com/handover/deploy/journey"
	"example.com/handover/pkg/kit"
)

// ackWait is short, so that a message that a killed process had taken comes again soon.
const ackWait = "2s"

// addresses are where the two processes listen.
type addresses struct {
	sandbox, product, http, nats string
	listeners                    config.Listeners
}

// hosted are the services of the process that is killed.
func hosted() []string {
	return []string{"orders", "accounttransfer", "billing", "support", "notifications", "gateway"}
}

// addressBook gives each address once: fixtures stand side by side, and not all that was given is listened to yet.
type addressBook struct {
	mu    sync.Mutex
	given map[string]bool
}

func (b *addressBook) choose() (a addresses, err error) {
	for _, at := range append(a.listeners.All(), &a.sandbox, &a.product, &a.http, &a.nats) {
		if *at, err = b.next(); err != nil {
			return a, err
		}
	}
	return a, nil
}

func (b *addressBook) next() (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for {
		free, err := kit.FreeAddress()
		if err != nil || !b.given[free] {
			b.given[free] = true
			return free, err
		}
	}
}

// files adapts the all-in-one's configuration to the two processes. What was left behind by a process that is gone is
// taken over after about two seconds, so that a round is short.
func (a addresses) files(folder string) (sandbox, product cluster.File, err error) {
	if sandbox, err = cluster.ShippedFile("sandbox.yaml"); err != nil {
		return sandbox, product, err
	}
	if product, err = cluster.ShippedFile("sandbox.yaml"); err != nil {
		return sandbox, product, err
	}
	for _, f := range []cluster.File{sandbox, product} {
		f.Remove("platform.admin")
		f.Set("platform.auth.development", filepath.Join(folder, "keys"))
	}
	sandbox.Set("platform.hosts", []string{"sandbox"})
	sandbox.Set("platform.data", "sandbox")
	sandbox.Set("platform.grpc", a.sandbox)
	cluster.ServeNATS(sandbox, folder, a.nats)
	sandbox.Remove("services")
	for key, value := range a.listeners.Settings("sandbox") {
		sandbox.Set(key, value)
	}

	product.Set("platform.hosts", hosted())
	product.Set("platform.data", "product")
	product.Set("platform.grpc", a.product)
	product.Set("platform.http", a.http)
	cluster.ReachNATS(product, folder, a.nats, hosted()...)
	product.Set("platform.peers", map[string]string{"sandbox": a.sandbox})
	product.Remove("platform.business_clock.start")
	product.Set("platform.work.lease", "2s")
	product.Set("platform.work.ack_wait", ackWait)
	product.Set("platform.work.relay_lease", "1s")
	product.Set("platform.work.idle", "500ms")
	for _, service := range hosted() {
		for key, value := range a.listeners.Settings(service) {
			product.Set(key, value)
		}
	}
	for _, settle := range []string{"accounttransfer.aws", "support.servicenow", "notifications"} {
		product.Set("services."+settle+".settle", "300ms")
	}
	product.Set("services.support.servicenow.late", "300ms")
	product.Remove("services.sandbox")
	return sandbox, product, nil
}

// book is where each service is found.
func (a addresses) book() map[string]string {
	book := journey.Everywhere(a.product)
	book["sandbox"] = a.sandbox
	return book
}
