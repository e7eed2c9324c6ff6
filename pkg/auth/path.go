package auth

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// path leads from a request to a string field, through messages and lists: "orders.customer_id".
type path []protoreflect.FieldDescriptor

func parsePath(m protoreflect.MessageDescriptor, text string) (path, error) {
	var p path
	for name := range strings.SplitSeq(text, ".") {
		if m == nil {
			return nil, fmt.Errorf("path %q goes on after a field that is no message", text)
		}
		f := m.Fields().ByName(protoreflect.Name(name))
		if f == nil || f.IsMap() {
			return nil, fmt.Errorf("path %q: %s has no such field", text, m.FullName())
		}
		p, m = append(p, f), f.Message()
	}
	if p[len(p)-1].Kind() != protoreflect.StringKind {
		return nil, fmt.Errorf("path %q does not end in a string", text)
	}
	return p, nil
}

// values returns what the path leads to, without the empty ones.
func (p path) values(m protoreflect.Message) []string {
	if len(p) == 0 || !m.Has(p[0]) {
		return nil
	}
	var found []string
	add := func(v protoreflect.Value) {
		if len(p) > 1 {
			found = append(found, p[1:].values(v.Message())...)
		} else if v.String() != "" {
			found = append(found, v.String())
		}
	}
	if v := m.Get(p[0]); p[0].IsList() {
		for i := range v.List().Len() {
			add(v.List().Get(i))
		}
	} else {
		add(v)
	}
	return found
}
