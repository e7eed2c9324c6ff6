package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	spb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/rpc"
)

const (
	mimeEvents = "text/event-stream"
	mimeLines  = "application/x-ndjson"
)

// lineCodec is the gateway's JSON: fields with default values are shown, unknown ones refused, and a stream is one
// message per line, the last one a problem when it broke.
type lineCodec struct{ runtime.JSONPb }

func jsonCodec() *lineCodec {
	return &lineCodec{runtime.JSONPb{MarshalOptions: protojson.MarshalOptions{EmitDefaultValues: true}}}
}

// ContentType implements runtime.Marshaler.
func (*lineCodec) ContentType(v any) string {
	if _, broken := v.(map[string]proto.Message); broken {
		return mimeProblem
	}
	return "application/json"
}

// StreamContentType implements runtime.StreamContentType.
func (*lineCodec) StreamContentType(any) string { return mimeLines }

// Delimiter implements runtime.Delimited.
func (*lineCodec) Delimiter() []byte { return []byte("\n") }

// Marshal implements runtime.Marshaler. The library wraps what a stream sends in a map with one key.
func (c *lineCodec) Marshal(v any) ([]byte, error) {
	switch v := v.(type) {
	case map[string]any:
		return c.JSONPb.Marshal(v["result"])
	case map[string]proto.Message:
		return streamProblem(v["error"])
	}
	return c.JSONPb.Marshal(v)
}

// streamProblem unpacks what streamStatus packed.
func streamProblem(m proto.Message) ([]byte, error) {
	packed, ok := m.(*spb.Status)
	if !ok {
		return nil, fmt.Errorf("stream broke with a %T", m)
	}
	s := status.FromProto(packed)
	var request string
	for _, d := range s.Details() {
		if info, ok := d.(*errdetails.RequestInfo); ok {
			request = info.GetRequestId()
		}
	}
	return json.Marshal(newProblem(own(rpc.FromStatus(s.Err())), request))
}

// eventCodec writes a stream as server-sent events, for callers that accept those: the data is a message, the id its
// revision, and an event named error carries a problem.
type eventCodec struct{ lineCodec }

// StreamContentType implements runtime.StreamContentType.
func (*eventCodec) StreamContentType(any) string { return mimeEvents }

// Delimiter implements runtime.Delimited.
func (*eventCodec) Delimiter() []byte { return []byte("\n\n") }

// Marshal implements runtime.Marshaler.
func (c *eventCodec) Marshal(v any) ([]byte, error) {
	data, err := c.lineCodec.Marshal(v)
	if err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case map[string]any:
		if m, ok := v["result"].(proto.Message); ok {
			return fmt.Appendf(nil, "%sdata: %s", eventID(m.ProtoReflect()), data), nil
		}
		return append([]byte("data: "), data...), nil
	case map[string]proto.Message:
		return append([]byte("event: error\ndata: "), data...), nil
	}
	return data, nil
}

// eventID is what a browser sends back as Last-Event-ID.
func eventID(m protoreflect.Message) []byte {
	if f := field(m, "revision", protoreflect.Int64Kind); f != nil {
		return fmt.Appendf(nil, "id: %d\n", m.Get(f).Int())
	}
	if f := field(m, "resume_token", protoreflect.StringKind); f != nil && m.Has(f) {
		return fmt.Appendf(nil, "id: %s\n", m.Get(f).String())
	}
	return nil
}

// watched is a server stream that has its first message before it answers for its header, so that a refusal is a
// problem document with a status of its own and not a broken stream.
type watched struct {
	grpc.ClientStream
	admit    func(request any) error
	output   protoreflect.MessageDescriptor
	draining <-chan struct{} // its end was this replica's doing; nil: never
	first    proto.Message
	err      error // of reading first: io.EOF for an empty stream
}

// until returns a context that ends with its parent, or when the channel is closed.
func until(parent context.Context, closed <-chan struct{}) context.Context {
	ctx, end := context.WithCancel(parent)
	go func() {
		defer end()
		select {
		case <-closed:
		case <-ctx.Done():
		}
	}()
	return ctx
}

// failed says why a stream broke.
func (s *watched) failed(err error) error {
	select {
	case <-s.draining:
		return errs.Wrap(err, errs.Unavailable, "SHUTTING_DOWN", "this replica is shutting down; watch again from the last revision seen")
	default:
		return rpc.FromStatus(err)
	}
}

// SendMsg implements grpc.ClientStream.
func (s *watched) SendMsg(m any) error {
	if err := s.admit(m); err != nil {
		return err
	}
	return rpc.FromStatus(s.ClientStream.SendMsg(m))
}

// Header implements grpc.ClientStream.
func (s *watched) Header() (metadata.MD, error) {
	t, err := protoregistry.GlobalTypes.FindMessageByName(s.output.FullName())
	if err != nil {
		return nil, fmt.Errorf("read the first message: %w", err)
	}
	first := t.New().Interface()
	if s.err = s.ClientStream.RecvMsg(first); s.err == nil {
		s.first = first
	} else if !errors.Is(s.err, io.EOF) {
		return nil, s.failed(s.err)
	}
	return s.ClientStream.Header()
}

// RecvMsg implements grpc.ClientStream.
func (s *watched) RecvMsg(m any) error {
	if s.err != nil {
		return s.err
	}
	if s.first == nil {
		err := s.ClientStream.RecvMsg(m)
		if err == nil || errors.Is(err, io.EOF) {
			return err
		}
		return s.failed(err)
	}
	into, ok := m.(proto.Message)
	if !ok {
		return fmt.Errorf("receive into a %T", m)
	}
	proto.Merge(into, s.first)
	s.first = nil
	return nil
}
