package scenarios_test

import (
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/reflect/protoreflect"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit/kittest"
	optionsv1 "example.com/handover/proto/gen/handover/options/v1"
)

// matrix is a deployment with two customers of two partners, each of which has one of everything.
type matrix struct {
	conn    grpc.ClientConnInterface
	ids     map[whose]map[string]string // by the name of the field that holds them
	callers []caller
}

func newMatrix(t *testing.T) *matrix {
	t.Helper()
	w := newWorld(t)
	w.standardPrices(t)
	own, foreign := w.newCustomer(t), w.newCustomer(t)
	own.moveTo(t, "par-1")
	foreign.moveTo(t, "par-2")
	for _, c := range []customer{own, foreign} {
		c.requestsAccount(t)
	}
	own.completed(t, time.Date(2026, time.February, 19, 10, 0, 0, 0, time.UTC))
	foreign.completed(t, time.Date(2026, time.February, 20, 10, 0, 0, 0, time.UTC))
	w.Advance(t, time.Date(2026, time.March, 20, 0, 0, 0, 0, time.UTC))
	for _, c := range []customer{own, foreign} {
		bill{customer: c}.uses(t)
		a := c.assigns(t)
		if _, err := c.hands(t).Attach(t.Context(), a.order.GetTransferId(), "answer-survey", pdf(100)); err != nil {
			t.Fatalf("attach evidence: %v", err)
		}
	}
	w.Advance(t, time.Date(2026, time.April, 5, 0, 0, 0, 0, time.UTC))
	m := &matrix{conn: w.Conn(), callers: everyCaller(t, w, own), ids: map[whose]map[string]string{
		ownIDs: {"customer_id": own.id}, foreignIDs: {"customer_id": foreign.id}, missingIDs: {}, noIDs: {},
	}}
	m.collect(t, w, ownIDs)
	m.collect(t, w, foreignIDs)
	for field, value := range m.ids[ownIDs] {
		if m.ids[foreignIDs][field] == value { // it belongs to no customer, as a product
			delete(m.ids[ownIDs], field)
			delete(m.ids[foreignIDs], field)
			continue
		}
		prefix, _, _ := strings.Cut(value, "_")
		m.ids[missingIDs][field] = id.New(prefix)
	}
	return m
}

// collect asks every list for the newest thing of a customer, and for one of its people.
func (m *matrix) collect(t *testing.T, w *world, of whose) {
	t.Helper()
	actors.EachMethod(func(d protoreflect.MethodDescriptor, access *optionsv1.Access) {
		lists := strings.HasPrefix(string(d.Name()), "List") || d.Name() == "GetCustomer"
		if access.GetField() != "customer_id" || !lists || d.Input().Fields().ByName("service") != nil {
			return
		}
		request := newMessage(d.Input())
		request.Set(d.Input().Fields().ByName("customer_id"), protoreflect.ValueOfString(m.ids[of]["customer_id"]))
		response, err := m.invoke(w.operator(t), d, request.Interface())
		if err != nil {
			t.Fatalf("%s: %v", d.FullName(), err)
		}
		response.ProtoReflect().Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
			if f.IsList() && f.Message() != nil {
				first := v.List().Get(0).Message()
				key := first.Descriptor().Fields().Get(0)
				if key.Name() != "resource_id" { // of an action: what it is about is collected by itself
					m.ids[of][string(key.Name())] = first.Get(key).String()
				}
			}
			return true
		})
	})
}

// everyCaller is one of each role that there is, each service of the suite, and who shows nothing.
func everyCaller(t *testing.T, w *world, own customer) []caller {
	t.Helper()
	all := []caller{{name: "nobody"}}
	person := func(name string, p auth.Principal) {
		all = append(all, caller{
			name: name, role: p.Role, rights: len(p.Rights) > 0, header: metadata.Pairs(auth.HeaderPerson, w.Bearer(t, p)),
		})
	}
	person("its customer", actors.PersonOf(own.subject, own.id))
	person("its partner", kittest.Partner("partner-1", "par-1"))
	person("an operator", kittest.Operator("operator-2"))
	person("an operator without rights", auth.Principal{Subject: "operator-3", Role: auth.Operator})
	person("a support reader", auth.Principal{Subject: "reader-1", Role: auth.SupportReader})
	person("a link bearer", auth.Principal{Subject: "bearer-1", Role: auth.LinkBearer, Customers: []string{own.id}})
	for _, service := range []string{
		"orders", "accounttransfer", "billing", "support", "notifications", "gateway", "sandbox", "nobody-named-it",
	} {
		all = append(all, caller{
			name: "service " + service, role: auth.Service, service: service,
			header: metadata.Pairs(auth.HeaderWorkload, w.WorkloadBearer(t, service)),
		})
	}
	return all
}
