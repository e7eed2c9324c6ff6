package gateway

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/errs"
)

// verb is what the contract says about one RPC, as far as the gateway must know.
type verb struct {
	method protoreflect.MethodDescriptor
	read   bool   // changes nothing, so that it needs no idempotency key
	open   bool   // takes the holder of a link, who has no token
	body   string // field that the HTTP body fills: "", "*" for all, or a name
	http   string // method of HTTP
	path   string // template: "/v1/orders/{order_id}:submit"
}

// verbs has every RPC of the contract by its full method: "/handover.orders.v1.OrderService/SubmitOrder".
type verbs map[string]verb

// contract reads the linked descriptors.
func contract() verbs {
	out := verbs{}
	protoregistry.GlobalFiles.RangeFiles(func(f protoreflect.FileDescriptor) bool {
		if !strings.HasPrefix(string(f.Package()), "handover.") {
			return true
		}
		for i := range f.Services().Len() {
			s := f.Services().Get(i)
			for j := range s.Methods().Len() {
				m := s.Methods().Get(j)
				out["/"+string(s.FullName())+"/"+string(m.Name())] = newVerb(m)
			}
		}
		return true
	})
	return out
}

// places are the verbs by the method and path under which HTTP has them.
func (v verbs) places() map[string]verb {
	out := map[string]verb{}
	for _, one := range v {
		out[one.http+" "+one.path] = one
	}
	return out
}

// secrets are the beginnings of all paths that go on with a secret.
func (v verbs) secrets() (out []string) {
	for _, one := range v {
		if prefix := one.secret(); prefix != "" {
			out = append(out, prefix)
		}
	}
	return out
}

func newVerb(m protoreflect.MethodDescriptor) verb {
	v := verb{method: m, open: auth.Open(m)}
	if o, ok := m.Options().(*descriptorpb.MethodOptions); ok {
		v.read = o.GetIdempotencyLevel() == descriptorpb.MethodOptions_NO_SIDE_EFFECTS
	}
	if rule, ok := proto.GetExtension(m.Options(), annotations.E_Http).(*annotations.HttpRule); ok {
		v.body = rule.GetBody()
		v.path = rule.GetGet() + rule.GetPost() + rule.GetPatch() + rule.GetDelete() + rule.GetPut()
		v.http = httpMethod(rule)
	}
	return v
}

func httpMethod(rule *annotations.HttpRule) string {
	switch rule.GetPattern().(type) {
	case *annotations.HttpRule_Get:
		return http.MethodGet
	case *annotations.HttpRule_Patch:
		return http.MethodPatch
	case *annotations.HttpRule_Delete:
		return http.MethodDelete
	case *annotations.HttpRule_Put:
		return http.MethodPut
	}
	return http.MethodPost
}

// secret is what the path of a call begins with that goes on with a secret, as a link does; empty for other calls.
func (v verb) secret() string {
	prefix, rest, found := strings.Cut(v.path, "{")
	name, _, _ := strings.Cut(rest, "}")
	f := v.method.Input().Fields().ByName(protoreflect.Name(name))
	if !found || f == nil {
		return ""
	}
	if o, ok := f.Options().(*descriptorpb.FieldOptions); !ok || !o.GetDebugRedact() {
		return ""
	}
	return prefix
}

// etag is the request's field that If-Match fills; nil when it has none.
func (v verb) etag() protoreflect.FieldDescriptor {
	return v.method.Input().Fields().ByName("etag")
}

// checkQuery refuses what would be silently ignored: a parameter that is unknown, or that the path or body fills. A
// misspelt or misplaced validateOnly must not become a write. There is one spelling, that of JSON.
func (v verb) checkQuery(query url.Values) error {
	for _, key := range slices.Sorted(maps.Keys(query)) {
		if !v.takes(key) {
			return errs.InvalidField(key, "FIELD_UNKNOWN", "%s has no query parameter %q", v.method.Name(), key)
		}
	}
	return nil
}

func (v verb) takes(key string) bool {
	names := strings.Split(key, ".")
	fields := v.method.Input().Fields()
	resolved := make([]string, len(names))
	for i, name := range names {
		f := fields.ByJSONName(name)
		if f == nil {
			return false
		}
		resolved[i] = string(f.Name())
		if last := i == len(names)-1; !last {
			if f.Message() == nil || f.IsList() || f.IsMap() {
				return false
			}
			fields = f.Message().Fields()
		}
	}
	fromPath := strings.Contains(v.path, "{"+strings.Join(resolved, ".")+"}")
	return v.body != "*" && v.body != resolved[0] && !fromPath
}
