package rpc

import (
	"context"
	"errors"
	"slices"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/tap"
	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/errs"
)

const (
	// maxUnknownRequest bounds the request of a caller without an identity, in bytes: a link is all that it has to send.
	maxUnknownRequest = 64 << 10
	// maxProbe bounds the question of a load balancer, in bytes: it names a service.
	maxProbe = 4 << 10
)

// Server is a gRPC server that reads the body of a unary call inside of its chain. The library by itself reads it first of
// all, for anybody.
type Server struct {
	*grpc.Server
	chain Chained
}

// Server returns a server with the links in front of every handler.
func (c Chained) Server(options ...grpc.ServerOption) *Server {
	return &Server{grpc.NewServer(append(options, grpc.StreamInterceptor(c.stream))...), c}
}

// RegisterService implements grpc.ServiceRegistrar. To the library, a unary method is a stream of one request and one answer.
func (s *Server) RegisterService(desc *grpc.ServiceDesc, impl any) {
	streams := *desc
	streams.Methods, streams.Streams = nil, slices.Clone(desc.Streams)
	for _, m := range desc.Methods {
		streams.Streams = append(streams.Streams, grpc.StreamDesc{StreamName: m.MethodName, Handler: s.unary(m)})
	}
	s.Server.RegisterService(&streams, impl)
}

func (s *Server) unary(m grpc.MethodDesc) grpc.StreamHandler {
	return func(srv any, call grpc.ServerStream) error {
		ctx := context.WithValue(call.Context(), bodyKey{}, call.RecvMsg)
		unread := func(any) error { return nil }
		response, err := m.Handler(srv, ctx, unread, s.chain.unary)
		if err != nil {
			return err
		}
		return call.SendMsg(response)
	}
}

// bodyKey is where a unary call has how its body is read.
type bodyKey struct{}

// interruptKey is where a call from outside has how it is ended.
type interruptKey struct{}

// Interruptible lets the chain end the wait for a body that does not come. A server without it waits.
func Interruptible() grpc.ServerOption {
	return grpc.InTapHandle(func(ctx context.Context, _ *tap.Info) (context.Context, error) {
		ctx, interrupt := context.WithCancelCause(ctx) // released together with the call
		return context.WithValue(ctx, interruptKey{}, interrupt), nil
	})
}

var errLate = errors.New("the request did not arrive in time")

// request reads the bodies of callers that the links before it have let in.
func (o Options) request() Link {
	return Link{
		Name: "request",
		Unary: func(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
			if read, ok := ctx.Value(bodyKey{}).(func(any) error); ok {
				if err := o.read(ctx, info.FullMethod, read, req); err != nil {
					return nil, err
				}
			}
			return handler(ctx, req)
		},
		Stream: func(srv any, s grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
			return handler(srv, &timed{ServerStream: s, by: o, method: info.FullMethod})
		},
	}
}

// timed is a stream whose first request has to arrive in time, and every one of a caller without an identity: nobody knows
// who holds it open.
type timed struct {
	grpc.ServerStream
	by     Options
	method string
	begun  bool
}

// RecvMsg implements grpc.ServerStream.
func (s *timed) RecvMsg(m any) error {
	if p, _ := auth.From(s.Context()); s.begun && known(p) {
		return s.ServerStream.RecvMsg(m)
	}
	s.begun = true
	return s.by.read(s.Context(), s.method, s.ServerStream.RecvMsg, m)
}

func (o Options) read(ctx context.Context, method string, read func(any) error, request any) error {
	interrupt, outside := ctx.Value(interruptKey{}).(context.CancelCauseFunc)
	if o.Bodies == nil || !outside {
		return read(request)
	}
	p, _ := auth.From(ctx)
	leave, most, err := o.enter(ctx, method, p)
	if err != nil {
		return err
	}
	defer leave()
	defer time.AfterFunc(o.Bodies.Within, func() {
		o.Bodies.Refused("body") // before the caller learns of it
		interrupt(errLate)
	}).Stop()
	err = read(request)
	if err != nil && errors.Is(context.Cause(ctx), errLate) {
		return errs.Wrap(err, errs.Deadline, "REQUEST_LATE", "the request did not arrive within %s", o.Bodies.Within)
	}
	if err != nil || most == MaxRequest { // which the library has held it to
		return err
	}
	if m, ok := request.(proto.Message); ok && proto.Size(m) > most {
		return errs.New(errs.Invalid, "REQUEST_TOO_LARGE", "a request without a token has at most %d bytes here", most)
	}
	return nil
}

// enter makes room for a request, and says how large it may be. Through a workload come the requests of many, which it has
// counted.
func (o Options) enter(ctx context.Context, method string, p auth.Principal) (leave func(), most int, err error) {
	owner := callerOf(ctx, p)
	switch {
	case method == grpc_health_v1.Health_Check_FullMethodName:
		leave, err = o.Bodies.EnterProbe(owner)
		return leave, maxProbe, err
	case !known(p):
		leave, err = o.Bodies.Enter(ctx, false, owner, MaxRequest)
		return leave, maxUnknownRequest, err
	case p.Workload != "":
		owner = ""
	}
	leave, err = o.Bodies.Enter(ctx, true, owner, MaxRequest)
	return leave, MaxRequest, err
}
