package rpc

import (
	"context"
	"fmt"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"example.com/handover/pkg/errs"
)

// noNUL refuses a request with a NUL in any of its texts: no text of people has one, PostgreSQL keeps none, and a store that
// keeps it would find "a" and "a\x00" to be different ids.
func noNUL(_ context.Context, _ method, request proto.Message) error {
	var found []errs.Field
	collectNUL("", request.ProtoReflect(), &found)
	if len(found) == 0 {
		return nil
	}
	e := errs.New(errs.Invalid, "REQUEST_INVALID", "the request has a NUL in %s", found[0].Path)
	e.Fields = found
	return e
}

func collectNUL(path string, m protoreflect.Message, found *[]errs.Field) {
	note := func(step, text string) {
		if strings.ContainsRune(text, 0) {
			*found = append(*found, errs.Field{Path: join(path, step), Reason: "string.nul", Message: "must not contain a NUL"})
		}
	}
	eachText(m, note)
	eachMessage(m, func(step string, sub protoreflect.Message) { collectNUL(join(path, step), sub, found) })
}

// noUnknownFields refuses a request with a field that this release does not know, anywhere in it: ignoring it would do
// something else than what was asked.
func noUnknownFields(_ context.Context, _ method, request proto.Message) error {
	var found []errs.Field
	collectUnknown("", request.ProtoReflect(), &found)
	if len(found) == 0 {
		return nil
	}
	e := errs.New(errs.Invalid, "FIELD_UNKNOWN", "%s", found[0].Message)
	e.Fields = found
	return e
}

func collectUnknown(path string, m protoreflect.Message, found *[]errs.Field) {
	for raw := m.GetUnknown(); len(raw) > 0; {
		number, _, n := protowire.ConsumeField(raw)
		if n < 0 {
			break // cannot be: decoding checked it
		}
		raw = raw[n:]
		*found = append(*found, errs.Field{
			Path: join(path, fmt.Sprint(number)), Reason: "FIELD_UNKNOWN",
			Message: fmt.Sprintf("%s has no field number %d", m.Descriptor().FullName(), number),
		})
	}
	eachMessage(m, func(step string, sub protoreflect.Message) { collectUnknown(join(path, step), sub, found) })
}

func join(path, step string) string {
	if path == "" {
		return step
	}
	return path + "." + step
}
