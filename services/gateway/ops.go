package gateway

import (
	"context"

	"google.golang.org/grpc"

	"example.com/handover/pkg/errs"
)

// perService sends each call to the service that its request names: every service serves OperationsService for itself.
type perService struct{ conns connector }

// Invoke implements grpc.ClientConnInterface.
func (p perService) Invoke(ctx context.Context, method string, args, reply any, opts ...grpc.CallOption) error {
	conn, err := p.to(args)
	if err != nil {
		return err
	}
	return conn.Invoke(ctx, method, args, reply, opts...)
}

// NewStream implements grpc.ClientConnInterface. A stream names its service only after it is open, so there are none.
func (p perService) NewStream(_ context.Context, _ *grpc.StreamDesc, method string, _ ...grpc.CallOption) (grpc.ClientStream, error) {
	return nil, errs.New(errs.Unimplemented, "UNIMPLEMENTED", "%s cannot be routed by service", method)
}

func (p perService) to(request any) (grpc.ClientConnInterface, error) {
	named, ok := request.(interface{ GetService() string })
	if !ok {
		return nil, errs.New(errs.Unimplemented, "UNIMPLEMENTED", "the request names no service")
	}
	if !p.conns.has(named.GetService()) {
		return nil, errs.New(errs.NotFound, "SERVICE_UNKNOWN", "this deployment has no service %q", named.GetService())
	}
	return p.conns.conn(named.GetService()), nil
}
