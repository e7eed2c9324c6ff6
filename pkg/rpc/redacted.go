package rpc

import (
	"bytes"
	"encoding/json"
	"log/slog"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
)

// Redacted is a message as a log may show it: JSON without the fields that the contract marks debug_redact, at any
// depth. The work is done only when the line is written.
func Redacted(m proto.Message) slog.LogValuer { return redacted{m} }

type redacted struct{ message proto.Message }

// LogValue implements slog.LogValuer.
func (r redacted) LogValue() slog.Value {
	if r.message == nil {
		return slog.Value{}
	}
	clean := proto.Clone(r.message)
	redact(clean.ProtoReflect())
	text, err := protojson.Marshal(clean)
	if err != nil {
		return slog.StringValue("not shown: " + err.Error())
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, text); err != nil { // the library spaces its output at random
		return slog.StringValue("not shown: " + err.Error())
	}
	return slog.AnyValue(json.RawMessage(compact.Bytes()))
}

// redact also drops what nobody can tell to be harmless: unknown fields, and the content of a google.protobuf.Any.
func redact(m protoreflect.Message) {
	m.SetUnknown(nil)
	if m.Descriptor().FullName() == "google.protobuf.Any" {
		proto.Reset(m.Interface())
		return
	}
	m.Range(func(f protoreflect.FieldDescriptor, _ protoreflect.Value) bool {
		if o, ok := f.Options().(*descriptorpb.FieldOptions); ok && o.GetDebugRedact() {
			m.Clear(f)
		}
		return true
	})
	eachMessage(m, func(_ string, sub protoreflect.Message) { redact(sub) })
}
