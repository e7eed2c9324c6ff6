package store

import (
	"sync"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
)

// redactor clears every field marked debug_redact, at any depth: personal data and secrets are neither in stored answers
// nor in relayed state. It knows which types of message have none, and does not look into those.
type redactor struct{ marked sync.Map } // protoreflect.FullName of a message to bool

// redacted is a message without what is marked; the message itself when nothing in its type is.
func (r *redactor) redacted(m proto.Message) proto.Message {
	if !r.has(m.ProtoReflect().Descriptor()) {
		return m
	}
	m = proto.Clone(m)
	r.redact(m.ProtoReflect())
	return m
}

func (r *redactor) redact(m protoreflect.Message) {
	if !r.has(m.Descriptor()) {
		return
	}
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case isRedacted(f):
			m.Clear(f)
		case f.IsMap():
			if f.MapValue().Message() != nil {
				v.Map().Range(func(_ protoreflect.MapKey, v protoreflect.Value) bool {
					r.redact(v.Message())
					return true
				})
			}
		case f.Message() == nil:
		case f.IsList():
			for i := range v.List().Len() {
				r.redact(v.List().Get(i).Message())
			}
		default:
			r.redact(v.Message())
		}
		return true
	})
}

// has reports whether a message of this type can have a marked field, at any depth.
func (r *redactor) has(d protoreflect.MessageDescriptor) bool {
	if known, ok := r.marked.Load(d.FullName()); ok {
		return known == true
	}
	has := anyRedacted(d, map[protoreflect.FullName]bool{})
	r.marked.Store(d.FullName(), has)
	return has
}

// anyRedacted passes over the types that it has seen: a message may hold others of its own type.
func anyRedacted(d protoreflect.MessageDescriptor, seen map[protoreflect.FullName]bool) bool {
	if seen[d.FullName()] {
		return false
	}
	seen[d.FullName()] = true
	for i := range d.Fields().Len() {
		f := d.Fields().Get(i)
		if isRedacted(f) || f.Message() != nil && anyRedacted(f.Message(), seen) {
			return true
		}
	}
	return false
}

func isRedacted(f protoreflect.FieldDescriptor) bool {
	options, _ := f.Options().(*descriptorpb.FieldOptions)
	return options.GetDebugRedact()
}
