package gateway

import (
	"context"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"

	served "example.com/handover/proto/gen/handover/routes"
)

// routes are the proto services of the contract.
func routes() (all []route) {
	for _, r := range served.All() {
		switch r.Service {
		case "ops":
			r.Service = anyService
		case "sandbox":
			all = append(all, route{Route: r, optional: true})
			continue
		}
		all = append(all, route{Route: r})
	}
	return all
}

// anyService marks a proto service that every service serves; its requests name the one they are for.
const anyService = ""

// route is one proto service behind the gateway.
type route struct {
	served.Route
	optional bool // a deployment may do without
}

func (r route) open(ctx context.Context, mux *runtime.ServeMux, conns connector, behind upstream) error {
	if r.Service == anyService {
		return r.Register(ctx, mux, behind.to(perService{conns}))
	}
	if r.optional && !conns.has(r.Service) {
		return nil
	}
	return r.Register(ctx, mux, behind.to(conns.conn(r.Service)))
}
