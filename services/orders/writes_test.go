package orders_test

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"example.com/handover/pkg/kit/kittest"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// about is what a write is asked of: ids of what there is.
type about struct{ order, agreement, person, customer, seller, made string }

// write is a call that changes something: by whom, of what, and with which request.
type write struct {
	by  func(a *alone, t *testing.T, x about) context.Context
	of  string // what its state is the state of
	req func(x about) proto.Message
}

func asOperator(a *alone, t *testing.T, _ about) context.Context {
	t.Helper()
	return a.operator(t)
}

func asPerson(a *alone, t *testing.T, x about) context.Context {
	t.Helper()
	return a.As(t, kittest.Customer("person-of-"+x.customer, x.customer))
}

func mask(paths ...string) *fieldmaskpb.FieldMask { return &fieldmaskpb.FieldMask{Paths: paths} }

func bothTerms() []*ordersv1.AcceptedTerm {
	return []*ordersv1.AcceptedTerm{
		{Kind: ordersv1.TermKind_TERM_KIND_MARKETPLACE, Version: "2026-02"}, {Kind: ordersv1.TermKind_TERM_KIND_SERVICES, Version: "2026-02"},
	}
}

// writes are all calls of the contract that change something; see TestEveryWriteIsPlayed.
func writes() map[string]write {
	all := orderWrites()
	for name, w := range agreementWrites() {
		all[name] = w
	}
	for name, w := range partyWrites() {
		all[name] = w
	}
	return all
}

func orderWrites() map[string]write {
	const order = "order"
	return map[string]write{
		"OrderService.UpdateOrder": {asOperator, order, func(x about) proto.Message {
			return &ordersv1.UpdateOrderRequest{
				OrderId: x.order, Order: &ordersv1.Order{SupportOption: ordersv1.SupportOption_SUPPORT_OPTION_PARTNER_LED},
				UpdateMask: mask("support_option"),
			}
		}},
		"OrderService.SubmitOrder": {asPerson, order, func(x about) proto.Message {
			return &ordersv1.SubmitOrderRequest{OrderId: x.order, Terms: bothTerms()}
		}},
		"OrderService.ProcessOrder": {asPerson, order, func(x about) proto.Message {
			return &ordersv1.ProcessOrderRequest{OrderId: x.order}
		}},
		"OrderService.SendOrder": {asOperator, order, func(x about) proto.Message {
			return &ordersv1.SendOrderRequest{OrderId: x.order}
		}},
		"OrderService.ResendLink": {asOperator, order, func(x about) proto.Message {
			return &ordersv1.ResendLinkRequest{OrderId: x.order}
		}},
		"OrderService.RevokeLink": {asOperator, order, func(x about) proto.Message {
			return &ordersv1.RevokeLinkRequest{OrderId: x.order, Reason: "Wrong person."}
		}},
		"OrderService.FailOrder": {asOperator, order, func(x about) proto.Message {
			return &ordersv1.FailOrderRequest{OrderId: x.order, Reason: "No answer."}
		}},
		"OrderService.DeleteOrder": {asOperator, order, func(x about) proto.Message {
			return &ordersv1.DeleteOrderRequest{OrderId: x.order}
		}},
		"TerminationService.ReviewTermination": {asOperator, order, func(x about) proto.Message {
			return &ordersv1.ReviewTerminationRequest{OrderId: x.order, Outcome: scheduled}
		}},
		"TerminationService.TakeBackTermination": {asPerson, order, func(x about) proto.Message {
			return &ordersv1.TakeBackTerminationRequest{OrderId: x.order, Reason: "A mistake."}
		}},
		"ChangeService.ReviewChange": {asOperator, order, func(x about) proto.Message {
			return &ordersv1.ReviewChangeRequest{OrderId: x.order, Outcome: ordersv1.ChangeOutcome_CHANGE_OUTCOME_ACCEPT}
		}},
		"ChangeService.TakeBackChange": {asPerson, order, func(x about) proto.Message {
			return &ordersv1.TakeBackChangeRequest{OrderId: x.order, Reason: "A mistake."}
		}},
	}
}

func agreementWrites() map[string]write {
	const agreement = "agreement"
	return map[string]write{
		"AgreementService.UpdateAgreement": {asOperator, agreement, func(x about) proto.Message {
			return &ordersv1.UpdateAgreementRequest{
				AgreementId: x.agreement, Agreement: &ordersv1.Agreement{CurrencyCode: "USD"}, UpdateMask: mask("currency_code"),
			}
		}},
		"TerminationService.RequestTermination": {asPerson, agreement, func(x about) proto.Message {
			return &ordersv1.RequestTerminationRequest{AgreementId: x.agreement, Reason: "We leave.", OrderId: x.made}
		}},
		"ChangeService.RequestChange": {asPerson, agreement, func(x about) proto.Message {
			return &ordersv1.RequestChangeRequest{
				AgreementId: x.agreement, Kind: ordersv1.ChangeKind_CHANGE_KIND_SUPPORT_OPTION, Reason: "We need more.", OrderId: x.made,
				SupportOption: ordersv1.SupportOption_SUPPORT_OPTION_PARTNER_LED,
			}
		}},
	}
}

// writesOf are the names of the writes of a kind, in the order in which tables have them.
func writesOf(of string) (names []string) {
	for name, w := range writes() {
		if w.of == of {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// written are all methods of the contract with validate_only: those that change something.
func written(t *testing.T) (names []string) {
	t.Helper()
	protoregistry.GlobalFiles.RangeFilesByPackage("handover.orders.v1", func(f protoreflect.FileDescriptor) bool {
		for i := range f.Services().Len() {
			s := f.Services().Get(i)
			for j := range s.Methods().Len() {
				if m := s.Methods().Get(j); m.Input().Fields().ByName("validate_only") != nil {
					names = append(names, string(s.Name()+"."+m.Name()))
				}
			}
		}
		return true
	})
	if len(names) == 0 {
		t.Fatal("the contract has no writes")
	}
	slices.Sort(names)
	return names
}

// do makes a call, or only tries it.
func (a *alone) do(t *testing.T, name string, x about, validateOnly bool) (proto.Message, error) {
	t.Helper()
	w := writes()[name]
	req := w.req(x)
	req.ProtoReflect().Set(req.ProtoReflect().Descriptor().Fields().ByName("validate_only"), protoreflect.ValueOfBool(validateOnly))
	service, method, _ := strings.Cut(name, ".")
	found, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName("handover.orders.v1." + name))
	if err != nil {
		t.Fatal(err)
	}
	out, err := protoregistry.GlobalTypes.FindMessageByName(found.(protoreflect.MethodDescriptor).Output().FullName())
	if err != nil {
		t.Fatal(err)
	}
	resp := out.New().Interface()
	err = a.Conn().Invoke(w.by(a, t, x), "/handover.orders.v1."+service+"/"+method, req, resp)
	return resp, err
}

// kept is all that there is of what a write is asked of.
func (a *alone) kept(t *testing.T, x about) string {
	t.Helper()
	var all strings.Builder
	note := func(m proto.Message, err error) {
		if err != nil {
			t.Fatal(err)
		}
		all.WriteString(plain(m, x))
	}
	if x.order != "" {
		got, err := a.orders.GetOrder(a.operator(t), &ordersv1.GetOrderRequest{OrderId: x.order})
		note(got, err)
	}
	if x.agreement != "" {
		got, err := a.agreements.GetAgreement(a.operator(t), &ordersv1.GetAgreementRequest{AgreementId: x.agreement})
		note(got, err)
	}
	if x.made != "" {
		if got, err := a.orders.GetOrder(a.operator(t), &ordersv1.GetOrderRequest{OrderId: x.made}); err == nil {
			note(got, err)
		}
	}
	got, err := a.customers.GetCustomer(a.operator(t), &ordersv1.GetCustomerRequest{CustomerId: x.customer})
	note(got, err)
	seller, err := ordersv1.NewSellerServiceClient(a.Conn()).GetSeller(a.operator(t), &ordersv1.GetSellerRequest{SellerId: x.seller})
	note(seller, err)
	return all.String()
}

// ids are those that services choose.
var ids = regexp.MustCompile(`[a-z]{3}_[0-9a-v]{26}`)

// plain is a message without what differs from try to try: ids that are chosen anew, machine time, and what the suite does meanwhile.
func plain(m proto.Message, x about) string {
	m = proto.CloneOf(m)
	scrub(m.ProtoReflect())
	raw, _ := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	known := []string{x.order, x.agreement, x.person, x.customer, x.seller, x.made}
	return ids.ReplaceAllStringFunc(string(raw), func(found string) string {
		if slices.Contains(known, found) {
			return found
		}
		return found[:4]
	})
}

func scrub(m protoreflect.Message) {
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch name := f.Name(); {
		case name == "record_time", name == "etag", name == "update_time", name == "notification_id",
			name == "journey_mails", name == "missing_services": // what comes later is shown by those that are only tried
			m.Clear(f)
		case f.IsMap():
		case f.IsList() && f.Message() != nil:
			for i := range v.List().Len() {
				scrub(v.List().Get(i).Message())
			}
		case f.Message() != nil:
			scrub(v.Message())
		}
		return true
	})
}

// eventsOf counts the facts of an answer, or of those of a batch.
func eventsOf(m proto.Message) (n int) {
	if batch, ok := m.(interface{ GetEntries() []*ordersv1.BatchOrder }); ok {
		for _, e := range batch.GetEntries() {
			n += len(e.GetEvents())
		}
		return n
	}
	return m.ProtoReflect().Get(m.ProtoReflect().Descriptor().Fields().ByName("events")).List().Len()
}
