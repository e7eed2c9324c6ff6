package main

import (
	"regexp"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"

	optionsv1 "example.com/handover/proto/gen/handover/options/v1"
)

// contract is what the documents take from the descriptors.
type contract struct {
	methods  map[string]protoreflect.MethodDescriptor    // by operation id
	messages map[string]protoreflect.MessageDescriptor   // by full name, as the schemas are called
	reasons  map[protoreflect.FullName]map[string]reason // by package
	sent     map[protoreflect.FullName]bool              // messages that a request can carry
	spelled  map[string]string                           // names of fields as JSON has them
}

// reason is a refusal that a comment can name.
type reason struct {
	domain, name, meaning string
	value                 string // name with its prefix
	status                int
}

func newContract(set *descriptorpb.FileDescriptorSet) (*contract, error) {
	files, err := protodesc.NewFiles(set)
	if err != nil {
		return nil, err
	}
	c := &contract{
		methods: map[string]protoreflect.MethodDescriptor{}, messages: map[string]protoreflect.MessageDescriptor{},
		reasons: map[protoreflect.FullName]map[string]reason{}, sent: map[protoreflect.FullName]bool{}, spelled: map[string]string{},
	}
	files.RangeFiles(func(f protoreflect.FileDescriptor) bool {
		if strings.HasPrefix(string(f.Package()), "handover.") {
			c.add(f)
		}
		return true
	})
	return c, nil
}

func (c *contract) add(f protoreflect.FileDescriptor) {
	for i := range f.Messages().Len() {
		m := f.Messages().Get(i)
		c.messages[string(m.FullName())] = m
		for j := range m.Fields().Len() {
			field := m.Fields().Get(j)
			c.spelled[string(field.Name())] = field.JSONName()
		}
	}
	for i := range f.Enums().Len() {
		if e := f.Enums().Get(i); strings.HasSuffix(f.Path(), "/reasons.proto") {
			c.reasons[f.Package()] = reasonsOf(e)
		}
	}
	for i := range f.Services().Len() {
		s := f.Services().Get(i)
		for j := range s.Methods().Len() {
			m := s.Methods().Get(j)
			c.methods[string(s.Name())+"_"+string(m.Name())] = m
			c.carry(m.Input())
		}
	}
}

// carry marks a message, and what it is made of, as something that requests hold.
func (c *contract) carry(m protoreflect.MessageDescriptor) {
	if c.sent[m.FullName()] {
		return
	}
	c.sent[m.FullName()] = true
	for i := range m.Fields().Len() {
		if f := m.Fields().Get(i); f.Message() != nil && !readOnly(f) {
			c.carry(f.Message())
		}
	}
}

func reasonsOf(e protoreflect.EnumDescriptor) map[string]reason {
	out := declared(protodesc.ToEnumDescriptorProto(e))
	for name, r := range out {
		r.domain = strings.Split(string(e.FullName()), ".")[1]
		r.meaning = comment(e.Values().ByName(protoreflect.Name(r.value)))
		out[name] = r
	}
	return out
}

// declared are the values of a Reason enum with the status that each declares, by their names without prefix.
func declared(e *descriptorpb.EnumDescriptorProto) map[string]reason {
	out := map[string]reason{}
	prefix := strings.TrimSuffix(e.GetValue()[0].GetName(), "UNSPECIFIED")
	for _, v := range e.GetValue() {
		status, _ := proto.GetExtension(v.GetOptions(), optionsv1.E_HttpStatus).(int32)
		if status == 0 {
			status = 409
		}
		name := strings.TrimPrefix(v.GetName(), prefix)
		out[name] = reason{name: name, value: v.GetName(), status: int(status)}
	}
	return out
}

// comment is what the contract says before a descriptor, in one line.
func comment(d protoreflect.Descriptor) string {
	return strings.Join(strings.Fields(d.ParentFile().SourceLocations().ByDescriptor(d).LeadingComments), " ")
}

// refusals are the reasons that the comment of a method names, and those that every method has.
func (c *contract) refusals(m protoreflect.MethodDescriptor) []reason {
	platform, own := c.reasons["handover.type.v1"], c.reasons[m.ParentFile().Package()]
	names := append(regexp.MustCompile(`\b[A-Z][A-Z0-9_]+\b`).FindAllString(comment(m), -1), everywhere()...)
	if !reads(m) {
		names = append(names, "IDEMPOTENCY_KEY_REQUIRED", "IDEMPOTENCY_KEY_REUSED")
	}
	var out []reason
	seen := map[string]bool{}
	for _, name := range names {
		r, ok := own[name]
		if !ok {
			r, ok = platform[name]
		}
		if ok && !seen[name] {
			seen[name] = true
			out = append(out, r)
		}
	}
	return out
}

// everywhere are the refusals of the gateway and of the interceptors.
func everywhere() []string {
	return []string{"REQUEST_INVALID", "FIELD_REQUIRED", "FIELD_UNKNOWN", "UNAUTHENTICATED", "ROLE_DENIED", "CUSTOMER_DENIED", "RATE_LIMITED"}
}

func reads(m protoreflect.MethodDescriptor) bool {
	o, _ := m.Options().(*descriptorpb.MethodOptions)
	return o.GetIdempotencyLevel() == descriptorpb.MethodOptions_NO_SIDE_EFFECTS
}

// open reports whether the holder of a link may call without a token.
func open(m protoreflect.MethodDescriptor) bool {
	access, _ := proto.GetExtension(m.Options(), optionsv1.E_Access).(*optionsv1.Access)
	for _, r := range access.GetRoles() {
		if r == optionsv1.Role_ROLE_LINK_BEARER {
			return true
		}
	}
	return false
}

// prose spells the names of fields in a text as JSON has them.
func (c *contract) prose(text string) string {
	return regexp.MustCompile(`\b[a-z]+(?:_[a-z0-9]+)+\b`).ReplaceAllStringFunc(text, func(name string) string {
		if spelled, ok := c.spelled[name]; ok {
			return spelled
		}
		return name
	})
}
