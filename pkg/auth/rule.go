package auth

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"

	optionsv1 "example.com/handover/proto/gen/handover/options/v1"
)

// rule is what the contract says about one method.
type rule struct {
	roles    []Role   // of callers that are no service of the suite
	services []string // workloads that may call for themselves
	right    string
	customer path // where the request names its customer; nil: nowhere
	resource path // where it names something of a customer; nil: nowhere
	none     bool // it concerns no customer
	reads    bool // it changes nothing

	operations bool // it looks into, or reaches into, a service behind its domain
}

// rules are compiled at first use and kept. A method that is not registered in the process never gets here, so the
// map is bounded by the contract.
type rules struct{ compiled sync.Map }

func (r *rules) of(method string) (*rule, error) {
	if found, ok := r.compiled.Load(method); ok {
		return found.(*rule), nil
	}
	made, err := compile(method)
	if err != nil {
		return nil, err
	}
	r.compiled.Store(method, made)
	return made, nil
}

// open reports whether a method takes callers without a token.
func (r *rules) open(method string) bool {
	found, err := r.of(method)
	return err == nil && slices.Contains(found.roles, LinkBearer)
}

// Open reports whether the contract lets the holder of a link call the method, which needs no token then.
func Open(m protoreflect.MethodDescriptor) bool {
	access, ok := proto.GetExtension(m.Options(), optionsv1.E_Access).(*optionsv1.Access)
	return ok && slices.Contains(access.GetRoles(), optionsv1.Role_ROLE_LINK_BEARER)
}

// Method finds a method of the linked-in contract by its gRPC name, "/handover.orders.v1.OrderService/GetOrder".
func Method(fullMethod string) (protoreflect.MethodDescriptor, bool) {
	name := strings.ReplaceAll(strings.TrimPrefix(fullMethod, "/"), "/", ".")
	d, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(name))
	if err != nil {
		return nil, false
	}
	m, ok := d.(protoreflect.MethodDescriptor)
	return m, ok
}

// Reads reports whether the contract marks the method as one that changes nothing.
func Reads(m protoreflect.MethodDescriptor) bool {
	o, ok := m.Options().(*descriptorpb.MethodOptions)
	return ok && o.GetIdempotencyLevel() == descriptorpb.MethodOptions_NO_SIDE_EFFECTS
}

// compile turns the declaration into a rule, or says what is wrong with it.
func compile(method string) (*rule, error) {
	m, ok := Method(method)
	if !ok {
		return nil, fmt.Errorf("%s is not in the contract", method)
	}
	if !proto.HasExtension(m.Options(), optionsv1.E_Access) {
		return nil, fmt.Errorf("%s declares no access", method)
	}
	access := proto.GetExtension(m.Options(), optionsv1.E_Access).(*optionsv1.Access)
	r := &rule{
		services: access.GetServices(), right: access.GetRight(), reads: Reads(m),
		operations: m.ParentFile().Package() == "handover.ops.v1",
	}
	for _, role := range access.GetRoles() {
		r.roles = append(r.roles, Role(strings.TrimPrefix(role.String(), "ROLE_")))
	}
	var err error
	switch c := access.GetCustomer().(type) {
	case *optionsv1.Access_Field:
		r.customer, err = parsePath(m.Input(), c.Field)
	case *optionsv1.Access_Resource:
		r.resource, err = parsePath(m.Input(), c.Resource)
	case *optionsv1.Access_None:
		r.none = c.None
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", method, err)
	case len(r.roles) == 0 && len(r.services) == 0:
		return nil, fmt.Errorf("%s declares nobody who may call", method)
	case slices.Contains(r.roles, Service):
		return nil, fmt.Errorf("%s is open to every service instead of those that it names", method)
	case slices.Contains(r.services, ""):
		return nil, fmt.Errorf("%s names a service without a name", method)
	case !r.none && r.customer == nil && r.resource == nil:
		return nil, fmt.Errorf("%s does not declare which customer it concerns", method)
	case !r.none && slices.Contains(r.roles, LinkBearer):
		return nil, fmt.Errorf("%s is open to link bearers, who belong to no customer", method)
	case !r.reads && slices.Contains(r.roles, SupportReader):
		return nil, fmt.Errorf("%s changes something, and support readers may not", method)
	}
	return r, nil
}
