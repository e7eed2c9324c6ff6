// Package probe is a small service with its own contract, built at run time, for the tests of the packages that read
// contracts: every kind of access declaration, a redacted field, validation rules, a stream.
//
// It owns nothing of the product and is linked into tests only.
package probe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	_ "buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate" // the rules in the contract
	"google.golang.org/grpc"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"

	_ "example.com/handover/proto/gen/handover/options/v1" // the declarations in the contract
)

// Service is the full proto name of the service; Prefix begins the gRPC names of its methods.
const (
	Service = "handover.probe.v1.ProbeService"
	Prefix  = "/" + Service + "/"
)

// Handler answers every method; send is for the stream and may be called often, a unary method sends one.
type Handler func(ctx context.Context, method string, request proto.Message, send func(text string) error) error

// File is the contract, registered once per process.
var File = sync.OnceValue(func() protoreflect.FileDescriptor {
	described := &descriptorpb.FileDescriptorProto{}
	if err := prototext.Unmarshal([]byte(contract), described); err != nil {
		panic(err) // a typing error in this package
	}
	file, err := protodesc.NewFile(described, protoregistry.GlobalFiles)
	if err != nil {
		panic(err)
	}
	if err := protoregistry.GlobalFiles.RegisterFile(file); err != nil {
		panic(err)
	}
	return file
})

// Request reads a request in text format: `thing { customer_id: "cus_1" }`.
func Request(text string) proto.Message { return message("Request", text) }

func message(name protoreflect.Name, text string) *dynamicpb.Message {
	m := dynamicpb.NewMessage(File().Messages().ByName(name))
	if err := prototext.Unmarshal([]byte(text), m); err != nil {
		panic(err) // a typing error in a test
	}
	return m
}

// Register puts the service on a server.
func Register(s grpc.ServiceRegistrar, handle Handler) {
	desc := grpc.ServiceDesc{ServiceName: Service, HandlerType: (*any)(nil)}
	methods := File().Services().ByName("ProbeService").Methods()
	for i := range methods.Len() {
		m := methods.Get(i)
		name := string(m.Name())
		if m.IsStreamingServer() {
			desc.Streams = append(desc.Streams, grpc.StreamDesc{StreamName: name, ServerStreams: true, Handler: streamed(name, handle)})
			continue
		}
		desc.Methods = append(desc.Methods, grpc.MethodDesc{MethodName: name, Handler: unary(name, handle)})
	}
	s.RegisterService(&desc, struct{}{})
}

func unary(name string, handle Handler) grpc.MethodHandler {
	return func(srv any, ctx context.Context, decode func(any) error, chain grpc.UnaryServerInterceptor) (any, error) {
		req := message("Request", "")
		if err := decode(req); err != nil {
			return nil, err
		}
		resp := message("Response", "")
		call := func(ctx context.Context, req any) (any, error) {
			return resp, handle(ctx, name, req.(proto.Message), func(text string) error { setText(resp, text); return nil })
		}
		if chain == nil {
			return call(ctx, req)
		}
		return chain(ctx, req, &grpc.UnaryServerInfo{Server: srv, FullMethod: Prefix + name}, call)
	}
}

func streamed(name string, handle Handler) grpc.StreamHandler {
	return func(_ any, s grpc.ServerStream) error {
		req := message("Request", "")
		if err := s.RecvMsg(req); err != nil {
			return err
		}
		return handle(s.Context(), name, req, func(text string) error {
			resp := message("Response", "")
			setText(resp, text)
			return s.SendMsg(resp)
		})
	}
}

// Call calls a method, unary or streaming, and returns the text of its last answer.
func Call(
	ctx context.Context, conn grpc.ClientConnInterface, method string, request proto.Message, opts ...grpc.CallOption,
) (string, error) {
	resp := message("Response", "")
	if method != "WatchThing" {
		err := conn.Invoke(ctx, Prefix+method, request, resp, opts...)
		return text(resp), err
	}
	s, err := conn.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true}, Prefix+method, opts...)
	if err != nil {
		return "", err
	}
	if err := s.SendMsg(request); err != nil {
		return "", fmt.Errorf("send: %w", err)
	}
	if err := s.CloseSend(); err != nil {
		return "", err
	}
	for err == nil { // to the end: only then has the server finished with it
		err = s.RecvMsg(resp)
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return text(resp), err
}

func setText(m *dynamicpb.Message, text string) {
	m.Set(m.Descriptor().Fields().ByName("text"), protoreflect.ValueOfString(text))
}

func text(m *dynamicpb.Message) string {
	return m.Get(m.Descriptor().Fields().ByName("text")).String()
}
