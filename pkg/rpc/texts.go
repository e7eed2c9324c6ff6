package rpc

import (
	"context"
	"strings"
	"sync"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/mailaddress"
	optionsv1 "example.com/handover/proto/gen/handover/options/v1"
)

// texts finds the names and the mail addresses in requests by their rules in the contract. What it found out about a message it keeps.
type texts struct{ known sync.Map } // protoreflect.FullName of a message to its []ruled

// ruled is a text with a rule of ours.
type ruled struct {
	field   protoreflect.FieldDescriptor
	address bool // a mail address; otherwise a name
}

func (x *texts) of(d protoreflect.MessageDescriptor) []ruled {
	if known, ok := x.known.Load(d.FullName()); ok {
		found, _ := known.([]ruled)
		return found
	}
	var found []ruled
	for i := range d.Fields().Len() {
		f := d.Fields().Get(i)
		rules, _ := proto.GetExtension(f.Options(), validate.E_Field).(*validate.FieldRules)
		text := rules.GetString()
		if f.IsList() {
			text = rules.GetRepeated().GetItems().GetString()
		}
		if f.Kind() != protoreflect.StringKind || text == nil {
			continue
		}
		name, _ := proto.GetExtension(text, optionsv1.E_PlainName).(bool)
		address, _ := proto.GetExtension(text, optionsv1.E_MailAddress).(bool)
		if name || address {
			found = append(found, ruled{f, address})
		}
	}
	x.known.Store(d.FullName(), found)
	return found
}

// trim takes the spaces around names and mail addresses away, before anything is decided, hashed or kept: a name of spaces is none.
func (x *texts) trim(_ context.Context, _ method, request proto.Message) error {
	x.trimIn(request.ProtoReflect())
	return nil
}

func (x *texts) trimIn(m protoreflect.Message) {
	for _, r := range x.of(m.Descriptor()) {
		if r.field.IsList() {
			list := m.Get(r.field).List()
			for i := range list.Len() {
				list.Set(i, protoreflect.ValueOfString(strings.TrimSpace(list.Get(i).String())))
			}
			continue
		}
		given := m.Get(r.field).String()
		if trimmed := strings.TrimSpace(given); trimmed != given {
			m.Set(r.field, protoreflect.ValueOfString(trimmed))
		}
	}
	eachMessage(m, func(_ string, sub protoreflect.Message) { x.trimIn(sub) })
}

// unsendable returns the mail addresses that no mail can be sent to.
func (x *texts) unsendable(request proto.Message) (found []errs.Field) {
	x.collect("", request.ProtoReflect(), &found)
	return found
}

func (x *texts) collect(path string, m protoreflect.Message, found *[]errs.Field) {
	for _, r := range x.of(m.Descriptor()) {
		if !r.address || r.field.IsList() { // the contract has no list of addresses
			continue
		}
		given := m.Get(r.field).String()
		if given == "" {
			continue
		}
		if _, err := mailaddress.ASCII(given); err != nil {
			*found = append(*found, errs.Field{
				Path: join(path, string(r.field.Name())), Reason: "string.mail_address", Message: err.Error(),
			})
		}
	}
	eachMessage(m, func(step string, sub protoreflect.Message) { x.collect(join(path, step), sub, found) })
}
