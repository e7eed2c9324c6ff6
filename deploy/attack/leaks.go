package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/id"
	optionsv1 "example.com/handover/proto/gen/handover/options/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// storedAnswer repeats a call, with its key, when the caller no longer belongs to the customer: another token of the same
// person, and a partner that has lost it.
func storedAnswer(ctx context.Context, t *target, o *outcome) error {
	customer, paula := t.world.own.customer, auth.Principal{Subject: "paula", Role: auth.Partner, Partner: "par-1"}
	create := &ordersv1.CreateOrderRequest{Order: actors.Draft(customer, t.world.own.account)}
	for what, who := range map[string]struct{ before, after auth.Principal }{
		"a person without its customer": {actors.PersonOf("otto", customer), actors.PersonOf("otto")},
		"a partner that has lost it":    {paula, paula},
	} {
		key := id.New("key")
		for _, step := range []struct {
			partner string
			who     auth.Principal
			want    []string
		}{{"par-1", who.before, []string{"admitted"}}, {"par-2", who.after, []string{"CUSTOMER_DENIED"}}} {
			if err := t.give(ctx, customer, step.partner); err != nil {
				return err
			}
			someone, err := t.person(step.who)
			if err != nil {
				return err
			}
			_, err = t.Orders.CreateOrder(acting(ctx, someone.Bearer, key), create)
			o.want(what, err, step.want...)
		}
	}
	return nil
}

// give has Operations hand a customer to a partner.
func (t *target) give(ctx context.Context, customer, partner string) error {
	_, err := t.Customers.UpdateCustomer(t.world.operator.Once(ctx), &ordersv1.UpdateCustomerRequest{
		CustomerId: customer, Customer: &ordersv1.Customer{PartnerId: partner}, UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"partner_id"}},
	})
	if err != nil {
		return err
	}
	return t.settle(ctx)
}

// oracle asks by trial whether the account of somebody else is a customer's, until it is stopped.
func oracle(ctx context.Context, t *target, o *outcome) error {
	draft, err := t.world.operator.CreateDraft(ctx, actors.Draft(t.world.own.customer, t.world.foreign.account))
	if err != nil {
		return err
	}
	const most = 100
	for range most {
		_, err := t.Orders.SubmitOrder(t.world.own.person.In(ctx), &ordersv1.SubmitOrderRequest{
			OrderId: draft.GetOrderId(), Terms: actors.BothTerms(), ValidateOnly: true,
		})
		o.want("a trial", err, "ACCOUNT_ALREADY_ORDERED", "RATE_LIMITED")
		if reasonOf(err) == "RATE_LIMITED" {
			return nil
		}
	}
	o.gotIn("%d trials are answered", most)
	return nil
}

// partnerList shows a partner's token with a list of customers: a short one gives it nothing, a long one is refused.
func partnerList(ctx context.Context, t *target, o *outcome) error {
	foreign := t.world.foreign
	long := []string{foreign.customer}
	for len(long) < 1000 {
		long = append(long, id.New("cus"))
	}
	for want, customers := range map[string][]string{"NOT_FOUND": {foreign.customer}, "UNAUTHENTICATED": long[:400]} {
		someone, err := t.person(auth.Principal{Subject: "pia", Role: auth.Partner, Partner: "par-9", Customers: customers})
		if err != nil {
			return err
		}
		_, err = someone.Order(ctx, foreign.order)
		o.want(fmt.Sprintf("%d customers in the token", len(customers)), err, want)
	}
	return nil
}

// nul puts a NUL into every text of every method's request, one after the other.
func nul(ctx context.Context, t *target, o *outcome) error {
	return eachMethod(func(d protoreflect.MethodDescriptor, _ *optionsv1.Access, service string) error {
		for i := range d.Input().Fields().Len() {
			f := d.Input().Fields().Get(i)
			if f.Kind() != protoreflect.StringKind || f.IsList() || f.IsMap() {
				continue
			}
			request := message(d.Input())
			request.Set(f, protoreflect.ValueOfString("a\x00b"))
			err := invoke(t.world.operator.In(ctx), t.honest[service], d, request)
			switch status.Code(err) {
			case codes.InvalidArgument, codes.PermissionDenied:
				o.refused(reasonOf(err))
			default:
				o.gotIn("%s of %s: %v", f.Name(), d.FullName(), err)
			}
		}
		return nil
	})
}

// names tries what a reader takes for something else.
func names(ctx context.Context, t *target, o *outcome) error {
	for _, name := range []string{
		"a\nb", "a\x07b", "a\x1b[2Jb", "a\u0085b", "invoice\u202efdp.exe", "a\u2066b", "a\u200fb",
		"http://example.com/pay", "https://example.com", "Example www.example.com",
	} {
		for what, contact := range map[string]*ordersv1.NewContact{
			"customer": nil,
			"person": {
				GivenName: name, FamilyName: "Example", Email: "pat@example.com",
				Roles: []ordersv1.ContactRole{ordersv1.ContactRole_CONTACT_ROLE_PRIMARY},
			},
		} {
			customer := &ordersv1.Customer{SellerId: t.world.seller, DisplayName: name, CountryCode: "CH"}
			request := &ordersv1.CreateCustomerRequest{Customer: customer}
			if contact != nil {
				customer.DisplayName, request.Contacts = "Example Customer", []*ordersv1.NewContact{contact}
			}
			_, err := t.Customers.CreateCustomer(t.world.operator.Once(ctx), request)
			o.want(fmt.Sprintf("%s %q", what, name), err, "REQUEST_INVALID")
		}
	}
	return nil
}

// foreignOrMissing calls every method of customers with an id of somebody else's, and with one of nothing, and compares what
// is said. How long it took is printed and not judged.
func foreignOrMissing(ctx context.Context, t *target, o *outcome) error {
	ids, err := t.foreignIDs(ctx)
	if err != nil {
		return err
	}
	someone, err := t.person(actors.PersonOf(id.New("sub"), t.world.own.customer)) // whom nothing has stopped yet
	if err != nil {
		return err
	}
	err = eachMethod(func(d protoreflect.MethodDescriptor, access *optionsv1.Access, service string) error {
		place := access.GetField() + access.GetResource()
		last := place[strings.LastIndex(place, ".")+1:]
		if place == "" || ids[last] == "" || !slices.Contains(access.GetRoles(), optionsv1.Role_ROLE_CUSTOMER) {
			return nil
		}
		prefix, _, _ := strings.Cut(ids[last], "_")
		var said []string
		for _, value := range []string{ids[last], id.New(prefix)} {
			request := message(d.Input())
			set(request, place, value)
			err := invoke(someone.In(ctx), t.honest[service], d, request)
			s := status.Convert(err)
			said = append(said, strings.ReplaceAll(fmt.Sprint(s.Code(), s.Message(), s.Details()), value, "<id>"))
		}
		if tidy(said[0]) != tidy(said[1]) || strings.HasPrefix(said[0], "OK") {
			o.gotIn("%s: %s and %s", d.FullName(), said[0], said[1])
			return nil
		}
		o.refused("said alike")
		return nil
	})
	if err != nil {
		return err
	}
	foreign, missing := t.timed(ctx, t.world.foreign.order), t.timed(ctx, id.New("ord"))
	o.note("median %s foreign, %s missing", foreign, missing)
	return nil
}

// tidy takes out what the library varies.
func tidy(text string) string { return strings.Join(strings.Fields(text), " ") }

// foreignIDs are the ids of the other customer's things, by the name of the field that holds one.
func (t *target) foreignIDs(ctx context.Context) (map[string]string, error) {
	ids := map[string]string{"customer_id": t.world.foreign.customer, "order_id": t.world.foreign.order}
	err := eachMethod(func(d protoreflect.MethodDescriptor, access *optionsv1.Access, service string) error {
		if access.GetField() != "customer_id" || !strings.HasPrefix(string(d.Name()), "List") || d.Input().Fields().ByName("service") != nil {
			return nil
		}
		request := message(d.Input())
		set(request, "customer_id", ids["customer_id"])
		response, err := answer(t.world.operator.In(ctx), t.honest[service], d, request)
		if err != nil {
			return fmt.Errorf("%s: %w", d.FullName(), err)
		}
		response.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
			if f.IsList() && f.Message() != nil {
				first := v.List().Get(0).Message()
				key := first.Descriptor().Fields().Get(0)
				ids[string(key.Name())] = first.Get(key).String()
			}
			return true
		})
		return nil
	})
	return ids, err
}

// timed is how long a read of an order takes, at the median.
func (t *target) timed(ctx context.Context, orderID string) time.Duration {
	const reads = 101
	var took []time.Duration
	for range reads {
		elapsed := clock.Machine{}.Stopwatch()
		_, _ = t.world.own.person.Order(ctx, orderID) // it is refused
		took = append(took, elapsed())
	}
	slices.Sort(took)
	return took[reads/2].Round(10 * time.Microsecond)
}
