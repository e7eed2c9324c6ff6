package storetest

import (
	"context"
	"sync"
	"testing"

	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"

	"example.com/handover/pkg/store"
)

// contract is a small contract in the shape of the suite's: requests with validate_only, answers with events.
const contract = `
name: "storetest.proto" package: "storetest" syntax: "proto3"
message_type { name: "Parcel"
  field { name: "label" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL }
  field { name: "secret" number: 2 type: TYPE_STRING label: LABEL_OPTIONAL options { debug_redact: true } } }
message_type { name: "Event"
  field { name: "name" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL } }
message_type { name: "Request"
  field { name: "label" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL }
  field { name: "validate_only" number: 2 type: TYPE_BOOL label: LABEL_OPTIONAL } }
message_type { name: "Response"
  field { name: "parcels" number: 1 type: TYPE_MESSAGE type_name: ".storetest.Parcel" label: LABEL_REPEATED }
  field { name: "events" number: 2 type: TYPE_MESSAGE type_name: ".storetest.Event" label: LABEL_REPEATED } }
`

// wire makes messages of the contract.
type wire struct{ file protoreflect.FileDescriptor }

// registered registers the contract once per process, as generated code would.
var registered = sync.OnceValues(func() (protoreflect.FileDescriptor, error) {
	described := &descriptorpb.FileDescriptorProto{}
	if err := prototext.Unmarshal([]byte(contract), described); err != nil {
		return nil, err
	}
	file, err := protodesc.NewFile(described, protoregistry.GlobalFiles)
	if err != nil {
		return nil, err
	}
	for i := range file.Messages().Len() {
		if err := protoregistry.GlobalTypes.RegisterMessage(dynamicpb.NewMessageType(file.Messages().Get(i))); err != nil {
			return nil, err
		}
	}
	return file, nil
})

func newWire(t *testing.T) wire {
	t.Helper()
	file, err := registered()
	if err != nil {
		t.Fatal(err)
	}
	return wire{file}
}

func (w wire) message(name protoreflect.Name) *dynamicpb.Message {
	return dynamicpb.NewMessage(w.file.Messages().ByName(name))
}

func set(m *dynamicpb.Message, field protoreflect.Name, value any) {
	m.Set(m.Descriptor().Fields().ByName(field), protoreflect.ValueOf(value))
}

func (w wire) parcel(label, secret string) *dynamicpb.Message {
	m := w.message("Parcel")
	set(m, "label", label)
	set(m, "secret", secret)
	return m
}

func (w wire) describe(_ context.Context, e store.Event) proto.Message {
	m := w.message("Event")
	set(m, "name", e.Name)
	return m
}

func (w wire) request(label string, validateOnly bool) *dynamicpb.Message {
	m := w.message("Request")
	set(m, "label", label)
	set(m, "validate_only", validateOnly)
	return m
}

func (w wire) response(parcels ...*dynamicpb.Message) *dynamicpb.Message {
	m := w.message("Response")
	list := m.Mutable(m.Descriptor().Fields().ByName("parcels")).List()
	for _, p := range parcels {
		list.Append(protoreflect.ValueOfMessage(p))
	}
	return m
}

// texts reads a string field of each message in a repeated field.
func texts(m *dynamicpb.Message, list, field protoreflect.Name) []string {
	var all []string
	messages := m.Get(m.Descriptor().Fields().ByName(list)).List()
	for i := range messages.Len() {
		one := messages.Get(i).Message()
		all = append(all, one.Get(one.Descriptor().Fields().ByName(field)).String())
	}
	return all
}
