package orders

import (
	"context"

	"google.golang.org/grpc"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/kit"
)

// reach returns the connection to a service by name, to an absent one when this deployment has none.
func reach(e *kit.Env) func(service string) grpc.ClientConnInterface {
	return func(service string) grpc.ClientConnInterface {
		conn, err := e.Conn(service)
		if err != nil {
			return absent{service}
		}
		return conn
	}
}

// absent stands for a service that the deployment lacks: what is asked of it is asked again, as if it were away for a
// while.
type absent struct{ service string }

func (a absent) away() error {
	return errs.New(errs.Unavailable, "UNAVAILABLE", "%s is not part of this deployment", a.service)
}

// Invoke implements grpc.ClientConnInterface.
func (a absent) Invoke(context.Context, string, any, any, ...grpc.CallOption) error { return a.away() }

// NewStream implements grpc.ClientConnInterface.
func (a absent) NewStream(context.Context, *grpc.StreamDesc, string, ...grpc.CallOption) (grpc.ClientStream, error) {
	return nil, a.away()
}
