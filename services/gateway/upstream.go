package gateway

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/limit"
	"example.com/handover/pkg/rpc"
)

// connector gives connections to services by name, and says which the deployment has.
type connector struct {
	conn func(service string) grpc.ClientConnInterface
	has  func(service string) bool
}

// upstream is a connection to a service: every call passes the gateway's own checks first, and every error that comes
// back is an *errs.Error, so that any other error is the gateway's.
type upstream struct {
	conn     grpc.ClientConnInterface
	verbs    verbs
	draining <-chan struct{} // ends the streams; nil: never
	streams  *limit.Streams
}

// to is the same upstream over another connection.
func (u upstream) to(conn grpc.ClientConnInterface) upstream {
	u.conn = conn
	return u
}

// Invoke implements grpc.ClientConnInterface.
func (u upstream) Invoke(ctx context.Context, method string, args, reply any, opts ...grpc.CallOption) error {
	if err := u.admit(ctx, method, args); err != nil {
		return err
	}
	return u.verbs[method].fromBody(rpc.FromStatus(u.conn.Invoke(ctx, method, args, reply, opts...)))
}

// NewStream implements grpc.ClientConnInterface.
func (u upstream) NewStream(ctx context.Context, desc *grpc.StreamDesc, method string, opts ...grpc.CallOption) (grpc.ClientStream, error) {
	leave, err := u.streams.Enter(callerOf(visitOf(ctx).header.Get("Authorization")))
	if err != nil {
		return nil, err
	}
	ctx = until(ctx, u.draining)
	context.AfterFunc(ctx, leave) // the request's context ends with its answer
	s, err := u.conn.NewStream(ctx, desc, method, opts...)
	if err != nil {
		return nil, rpc.FromStatus(err)
	}
	admit := func(request any) error { return u.admit(ctx, method, request) }
	return &watched{ClientStream: s, admit: admit, output: u.verbs[method].method.Output(), draining: u.draining}, nil
}

// admit holds the HTTP request against the contract and completes the message from its headers.
func (u upstream) admit(ctx context.Context, method string, request any) error {
	v, known := u.verbs[method]
	m, ok := request.(proto.Message)
	if !known || !ok {
		return errs.New(errs.Unimplemented, "UNIMPLEMENTED", "%s is not in the contract", method)
	}
	visit := visitOf(ctx)
	if err := v.checkQuery(visit.query); err != nil {
		return err
	}
	if v.method.IsStreamingServer() {
		return lastEventIn(visit.header, m.ProtoReflect())
	}
	if v.read {
		return nil
	}
	if err := checkKey(visit.header); err != nil {
		return err
	}
	if err := masksIn(visit.query, m.ProtoReflect()); err != nil {
		return err
	}
	return ifMatchIn(visit.header, v, m.ProtoReflect())
}

// field is a message's field of that name when it has the kind, else nil.
func field(m protoreflect.Message, name protoreflect.Name, kind protoreflect.Kind) protoreflect.FieldDescriptor {
	f := m.Descriptor().Fields().ByName(name)
	if f == nil || f.Kind() != kind || f.IsList() {
		return nil
	}
	return f
}
