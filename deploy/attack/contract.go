package main

import (
	"context"
	"crypto/tls"
	"errors"
	"io/fs"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/rpc"
	optionsv1 "example.com/handover/proto/gen/handover/options/v1"
)

// eachMethod visits the methods of the contract with the service to which a call goes, until one fails.
func eachMethod(visit func(protoreflect.MethodDescriptor, *optionsv1.Access, string) error) (err error) {
	actors.EachMethod(func(d protoreflect.MethodDescriptor, access *optionsv1.Access) {
		service := strings.Split(string(d.FullName()), ".")[1]
		if service == "ops" {
			service = "orders" // every service answers for itself
		}
		if err == nil {
			err = visit(d, access, service)
		}
	})
	return err
}

// connsAs are connections that show the certificate of a service; none where it has no certificate.
func (t *target) connsAs(service string) (map[string]*grpc.ClientConn, error) {
	certificate, err := pair(t.secrets, service)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	conns := map[string]*grpc.ClientConn{}
	for to := range t.grpc {
		if err == nil {
			conns[to], err = t.dial(to, []tls.Certificate{certificate}...)
		}
	}
	return conns, err
}

func message(d protoreflect.MessageDescriptor) *dynamicpb.Message { return dynamicpb.NewMessage(d) }

// set gives a field of a message a text, by its path: "order.customer_id"; a list on its way ("requests.order_id") gets one
// more entry that has it.
func set(m protoreflect.Message, path, value string) {
	steps := strings.Split(path, ".")
	for _, step := range steps[:len(steps)-1] {
		f := m.Descriptor().Fields().ByName(protoreflect.Name(step))
		if v := m.Mutable(f); f.IsList() {
			m = v.List().AppendMutable().Message()
		} else {
			m = v.Message()
		}
	}
	m.Set(m.Descriptor().Fields().ByName(protoreflect.Name(steps[len(steps)-1])), protoreflect.ValueOfString(value))
}

// invoke makes a call, and reads the first answer of a stream.
func invoke(ctx context.Context, conn *grpc.ClientConn, d protoreflect.MethodDescriptor, request *dynamicpb.Message) error {
	_, err := answer(ctx, conn, d, request)
	return err
}

func answer(
	ctx context.Context, conn *grpc.ClientConn, d protoreflect.MethodDescriptor, request *dynamicpb.Message,
) (*dynamicpb.Message, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if given, _ := metadata.FromOutgoingContext(ctx); !auth.Reads(d) && len(given.Get(rpc.HeaderKey)) == 0 {
		ctx = metadata.AppendToOutgoingContext(ctx, rpc.HeaderKey, id.New("key"))
	}
	method, response := "/"+string(d.Parent().FullName())+"/"+string(d.Name()), message(d.Output())
	if !d.IsStreamingServer() {
		return response, conn.Invoke(ctx, method, request, response)
	}
	s, err := conn.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true}, method)
	if err == nil {
		err = s.SendMsg(request)
	}
	if err == nil {
		err = s.CloseSend()
	}
	if err == nil {
		err = s.RecvMsg(response)
	}
	return response, err
}
