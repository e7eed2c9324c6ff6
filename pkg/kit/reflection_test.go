package kit

import (
	"net"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"

	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
)

// TestReflectionShowsComments asks as grpcurl describe does.
func TestReflectionShowsComments(t *testing.T) {
	server := grpc.NewServer()
	opsv1.RegisterOperationsServiceServer(server, opsv1.UnimplementedOperationsServiceServer{})
	reflect(server)
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }() // ends with Stop
	t.Cleanup(server.Stop)
	conn, err := grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	stream, err := reflectionv1.NewServerReflectionClient(conn).ServerReflectionInfo(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for symbol, want := range map[string]string{
		"handover.ops.v1.OperationsService": "Lists the aggregates that are parked",
		"handover.ops.v1.Parked":            "was tried too often",
		"google.protobuf.Timestamp":         "",
	} {
		if comments := commentsOf(t, stream, symbol); !strings.Contains(comments, want) {
			t.Errorf("%s is described by %q, want %q in it", symbol, comments, want)
		}
	}
}

// commentsOf returns all comments of the file that has a symbol.
func commentsOf(t *testing.T, stream reflectionv1.ServerReflection_ServerReflectionInfoClient, symbol string) string {
	t.Helper()
	request := &reflectionv1.ServerReflectionRequest{
		MessageRequest: &reflectionv1.ServerReflectionRequest_FileContainingSymbol{FileContainingSymbol: symbol},
	}
	if err := stream.Send(request); err != nil {
		t.Fatal(err)
	}
	answer, err := stream.Recv()
	if err != nil || len(answer.GetFileDescriptorResponse().GetFileDescriptorProto()) == 0 {
		t.Fatalf("%s: %v, %v", symbol, answer, err)
	}
	var comments strings.Builder
	for _, raw := range answer.GetFileDescriptorResponse().GetFileDescriptorProto() {
		var file descriptorpb.FileDescriptorProto
		if err := proto.Unmarshal(raw, &file); err != nil {
			t.Fatal(err)
		}
		for _, l := range file.GetSourceCodeInfo().GetLocation() {
			comments.WriteString(l.GetLeadingComments())
		}
	}
	return comments.String()
}
