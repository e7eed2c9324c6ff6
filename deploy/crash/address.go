package main

import (
	"errors"

	"example.com/handover/deploy/cluster"
)

// addresses are where the two processes listen.
type addresses struct{ sandbox, product, http, nats, aws string }

func freeAddresses() (a addresses, err error) {
	for _, at := range []*string{&a.sandbox, &a.product, &a.http, &a.nats, &a.aws} {
		free, e := cluster.FreeAddress()
		*at, err = free, errors.Join(err, e)
	}
	return a, err
}

// files adapts the all-in-one's configuration to the two processes. What was left behind by a process that is gone is
// taken over after about two seconds, so that a round is short.
func (a addresses) files(keys string) (sandbox, product cluster.File, err error) {
	if sandbox, err = cluster.ShippedFile("sandbox.yaml"); err != nil {
		return sandbox, product, err
	}
	if product, err = cluster.ShippedFile("sandbox.yaml"); err != nil {
		return sandbox, product, err
	}
	for _, f := range []cluster.File{sandbox, product} {
		f.Remove("platform.admin")
		f.Set("platform.auth.development", keys)
	}
	sandbox.Set("platform.hosts", []string{"sandbox"})
	sandbox.Set("platform.data", "sandbox")
	sandbox.Set("platform.grpc", a.sandbox)
	sandbox.Set("platform.nats.listen", a.nats)
	sandbox.Set("services.sandbox.aws.listen", a.aws)
	sandbox.Remove("services.accounttransfer")

	product.Set("platform.hosts", []string{"orders", "accounttransfer", "gateway"})
	product.Set("platform.data", "product")
	product.Set("platform.grpc", a.product)
	product.Set("platform.http", a.http)
	product.Set("platform.nats.url", "nats://"+a.nats)
	product.Set("platform.peers", map[string]string{"sandbox": a.sandbox})
	product.Remove("platform.business_clock.start")
	product.Set("platform.work.lease", "2s")
	product.Set("platform.work.ack_wait", "2s")
	product.Set("platform.work.relay_lease", "1s")
	product.Set("platform.work.idle", "500ms")
	product.Set("services.accounttransfer.aws.endpoint", "http://"+a.aws)
	product.Set("services.accounttransfer.aws.settle", "300ms")
	product.Remove("services.sandbox")
	return sandbox, product, nil
}
