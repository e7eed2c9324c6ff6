// Package rpc is how services speak gRPC: the chain of interceptors in front of every handler, errors to and from
// statuses, deadlines, sizes, validation, and how to dial another service.
//
// It owns the wire's rules and no permission (pkg/auth decides) and no telemetry pipeline (pkg/obs hands in providers).
package rpc

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
)

// Link is one named interceptor in both of its forms.
type Link struct {
	Name   string
	Unary  grpc.UnaryServerInterceptor
	Stream grpc.StreamServerInterceptor
}

// Chained are links in their order.
type Chained struct{ links []Link }

// Chain makes links the interceptors of servers, outermost first. It refuses a link that lacks a name or a form, and
// a name that occurs twice, so that unary calls and streams never pass different checks.
func Chain(links ...Link) (Chained, error) {
	var found []error
	seen := map[string]bool{}
	for i, l := range links {
		switch {
		case l.Name == "":
			found = append(found, fmt.Errorf("link %d has no name", i))
		case seen[l.Name]:
			found = append(found, fmt.Errorf("link %q occurs twice", l.Name))
		case l.Unary == nil || l.Stream == nil:
			found = append(found, fmt.Errorf("link %q must have a unary and a stream form", l.Name))
		}
		seen[l.Name] = true
	}
	if err := errors.Join(found...); err != nil {
		return Chained{}, fmt.Errorf("chain: %w", err)
	}
	return Chained{links}, nil
}

// unary runs a unary call through the links.
func (c Chained) unary(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	for _, l := range slices.Backward(c.links) {
		next := handler
		handler = func(ctx context.Context, req any) (any, error) { return l.Unary(ctx, req, info, next) }
	}
	return handler(ctx, req)
}

// stream runs a stream through the links; a unary call runs through its own form of them.
func (c Chained) stream(srv any, s grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	if info.IsClientStream || info.IsServerStream {
		for _, l := range slices.Backward(c.links) {
			next := handler
			handler = func(srv any, s grpc.ServerStream) error { return l.Stream(srv, s, info, next) }
		}
	}
	return handler(srv, s)
}

// method is what a link knows of a call from its start.
type method struct {
	name   string // "/handover.orders.v1.OrderService/GetOrder"
	stream bool
}

// behaviour is what a link does, said once for both forms. Every part may be nil.
type behaviour struct {
	around func(ctx context.Context, m method, next func(context.Context) error) error // the whole call
	open   func(ctx context.Context, m method) (context.Context, error)                // before the call
	each   func(ctx context.Context, m method, request proto.Message) error            // every request message
}

// link gives a behaviour its two forms.
func (b behaviour) link(name string) Link {
	return Link{
		Name: name,
		Unary: func(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
			var resp any
			m := method{info.FullMethod, false}
			err := b.run(ctx, m, func(ctx context.Context) (err error) {
				if err = b.inspect(ctx, m, req); err == nil {
					resp, err = handler(ctx, req)
				}
				return err
			})
			if err != nil {
				return nil, err
			}
			return resp, nil
		},
		Stream: func(srv any, ss grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
			m := method{info.FullMethod, true}
			return b.run(ss.Context(), m, func(ctx context.Context) error {
				return handler(srv, &inspected{ss, ctx, m, b})
			})
		},
	}
}

func (b behaviour) run(ctx context.Context, m method, next func(context.Context) error) error {
	if b.open != nil {
		var err error
		if ctx, err = b.open(ctx, m); err != nil {
			return err
		}
	}
	if b.around != nil {
		return b.around(ctx, m, next)
	}
	return next(ctx)
}

func (b behaviour) inspect(ctx context.Context, m method, req any) error {
	if b.each == nil {
		return nil
	}
	msg, ok := req.(proto.Message)
	if !ok {
		return fmt.Errorf("request %T is no protobuf message", req)
	}
	return b.each(ctx, m, msg)
}

// inspected is a stream whose request messages pass through a behaviour before the handler sees them.
type inspected struct {
	grpc.ServerStream
	ctx    context.Context // as the outer links made it
	method method
	by     behaviour
}

// Context implements grpc.ServerStream.
func (s *inspected) Context() context.Context { return s.ctx }

// RecvMsg implements grpc.ServerStream.
func (s *inspected) RecvMsg(m any) error {
	if err := s.ServerStream.RecvMsg(m); err != nil {
		return err
	}
	return s.by.inspect(s.ctx, s.method, m)
}
