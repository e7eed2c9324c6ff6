package orders_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/reflect/protoreflect"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/rpc"
	"example.com/handover/pkg/text"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// isLegal holds what came of a verb against the table: "" is accepted. Every refusal has a reason of the contract, and says who can do
// what.
func isLegal(t *testing.T, what string, err error, want string) {
	t.Helper()
	if err == nil {
		if want != "" {
			t.Errorf("%s is accepted, and is to be refused with %s", what, want)
		}
		return
	}
	e, _ := errs.As(rpc.FromStatus(err))
	_, ours := ordersv1.Reason_value["REASON_"+e.Reason]
	_, shared := typev1.PlatformReason_value["PLATFORM_REASON_"+e.Reason]
	if e.Reason != want || !ours && !shared {
		t.Errorf("%s: got %v, want %q", what, err, want)
	}
	if e.Remedy == nil || e.Remedy.Who == "" {
		t.Errorf("%s is refused without a remedy: %v", what, err)
		return
	}
	if do, where := (text.Bare{}).Instruct(e.Remedy.Text); do == "" || where == "" {
		t.Errorf("%s is refused with the remedy %q at %q", what, do, where)
	}
}

// row is a state, how to come into it, and which reason refuses each verb in it; "" accepts it.
type row struct {
	at   func(t *testing.T) about
	want []string
}

// plays makes every verb of a kind in every state of a table. What is refused says why and what to do instead, tried or not; what is only
// tried keeps nothing, and shows what the same call then does, which is something.
func (s *stage) plays(t *testing.T, kind string, verbs []string, table map[string]row) {
	t.Helper()
	if all := writesOf(kind); !slices.Equal(verbs, all) {
		t.Fatalf("the verbs of a table are %v, want %v", verbs, all)
	}
	for state, r := range table {
		if len(r.want) != len(verbs) {
			t.Fatalf("%s has %d answers to %d verbs", state, len(r.want), len(verbs))
		}
		x := r.at(t)
		for i, verb := range verbs {
			if x.made = id.New("ord"); s.play(t, state+": "+verb, verb, x, r.want[i]) {
				x = r.at(t)
			}
		}
	}
}

// play makes one call, and reports whether it was accepted.
func (s *stage) play(t *testing.T, what, verb string, x about, want string) bool {
	t.Helper()
	before := s.kept(t, x)
	tried, err := s.do(t, verb, x, true)
	isLegal(t, what, err, want)
	if s.kept(t, x) != before {
		t.Errorf("%s: it was only tried, and has changed something", what)
	}
	if err != nil {
		_, again := s.do(t, verb, x, false)
		if reasonOf(again) != reasonOf(err) || s.kept(t, x) != before {
			t.Errorf("%s: tried it is refused with %v, done with %v", what, err, again)
		}
		return false
	}
	done, err := s.do(t, verb, x, false)
	if err != nil || plain(done, x) != plain(tried, x) {
		t.Errorf("%s: shown was\n%v\nand done\n%v, %v", what, tried, done, err)
	}
	if eventsOf(done) == 0 {
		t.Errorf("%s: it is accepted, and nothing has happened", what)
	}
	return true
}

func reasonOf(err error) string {
	e, _ := errs.As(rpc.FromStatus(err))
	if e == nil {
		return ""
	}
	return e.Reason
}

// TestEveryWriteIsPlayed: whatever of the contract changes something is in a table.
func TestEveryWriteIsPlayed(t *testing.T) {
	t.Parallel()
	var played []string
	for name := range writes() {
		played = append(played, name)
	}
	if slices.Sort(played); !slices.Equal(played, written(t)) {
		t.Errorf("played are %v, of %v", played, written(t))
	}
}

// covers fails for a value of an enum that no row of a table has.
func covers(t *testing.T, all protoreflect.EnumDescriptor, seen map[protoreflect.EnumNumber]bool) {
	t.Helper()
	for i := range all.Values().Len() {
		if v := all.Values().Get(i); v.Number() != 0 && !seen[v.Number()] {
			t.Errorf("no row has %s", v.Name())
		}
	}
}

const (
	no, noType, noLink = "STATE_REFUSES", "TYPE_REFUSES", "LINK_MISSING"
)

// TestEveryVerbOfOrders is the table of what may be asked of an order.
func TestEveryVerbOfOrders(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	verbs := []string{
		"ChangeService.ReviewChange", "ChangeService.TakeBackChange", "OrderService.DeleteOrder", "OrderService.FailOrder",
		"OrderService.ProcessOrder", "OrderService.ResendLink", "OrderService.RevokeLink", "OrderService.SendOrder", "OrderService.SubmitOrder",
		"OrderService.UpdateOrder", "TerminationService.ReviewTermination", "TerminationService.TakeBackTermination",
	}
	purchase := func(its ...string) []string { return append(append([]string{noType, noType}, its...), noType, noType) }
	change := func(its ...string) []string {
		return append(its, noType, noType, noType, noType, noType, noType, noType, noType, noType, noType)
	}
	termination := func(its ...string) []string {
		return append([]string{noType, noType, noType, noType, noType, noType, noType, noType, noType, noType}, its...)
	}
	table := map[string]row{
		"DRAFT":             {s.drafted, purchase("", no, no, noLink, noLink, "", "", "")},
		"DRAFT, sent":       {s.after(s.drafted, "OrderService.SendOrder"), purchase("", no, no, "", "", "", "", "")},
		"PROCESSING":        {s.underWay, purchase(no, "", "", no, noLink, no, no, no)},
		"PROCESSING, fails": {s.failing, purchase(no, "ENDING_ALREADY", "", no, noLink, no, no, no)},
		"QUERYING":          {s.hearing(waits), purchase(no, "", "", no, noLink, no, no, no)},
		"COMPLETED":         {s.inForce, purchase(no, no, no, no, noLink, no, no, no)},
		"FAILED":            {s.hearing(failed), purchase(no, no, no, no, noLink, no, no, no)},
		"DELETED":           {s.after(s.drafted, "OrderService.DeleteOrder"), purchase(no, no, no, no, noLink, no, no, no)},

		"termination under REVIEW":                     {s.leaves, termination("", "")},
		"termination APPROVED":                         {s.after(s.leaves, "TerminationService.ReviewTermination"), termination("", "")},
		"termination WITHDRAWING":                      {s.withdraws, termination(no, no)},
		"termination ENDING":                           {s.told(s.leaves, ending), termination(no, no)},
		"termination KEEPING":                          {s.keeps, termination(no, no)},
		"termination KEEPING, begun again and refused": {s.overruns, termination("", "")},
		"termination OVER":                             {s.told(s.leaves, ended), termination(no, no)},
		"termination OVER, taken back":                 {s.after(s.leaves, "TerminationService.TakeBackTermination"), termination(no, no)},

		"change under REVIEW":            {s.changes, change("", "")},
		"change ACCEPTED":                {s.after(s.changes, "ChangeService.ReviewChange"), change(no, "")},
		"change ACCEPTED, of Operations": {s.discount(nil), change(no, "ROLE_DENIED")},
		"change OVER":                    {s.discount(&typev1.Month{Year: 2026, Month: 2}), change(no, no)},
		"change OVER, taken back":        {s.after(s.changes, "ChangeService.TakeBackChange"), change(no, no)},
	}
	s.plays(t, "order", verbs, table)

	states, phases, changes := map[protoreflect.EnumNumber]bool{}, map[protoreflect.EnumNumber]bool{}, map[protoreflect.EnumNumber]bool{}
	for name, r := range table {
		o := s.order(t, r.at(t).order)
		switch {
		case o.GetTermination() != nil:
			phases[o.GetTermination().GetPhase().Number()] = true
			isNamed(t, name, o.GetTermination().GetPhase().String(), "TERMINATION_PHASE_")
		case o.GetChange() != nil:
			changes[o.GetChange().GetPhase().Number()] = true
			isNamed(t, name, o.GetChange().GetPhase().String(), "CHANGE_PHASE_")
		default:
			states[o.GetState().Number()] = true
			isNamed(t, name, o.GetState().String(), "ORDER_STATE_")
		}
	}
	covers(t, ordersv1.OrderState(0).Descriptor(), states)
	covers(t, ordersv1.TerminationPhase(0).Descriptor(), phases)
	covers(t, ordersv1.ChangePhase(0).Descriptor(), changes)
}

// isNamed fails for a row that is in another state than it says.
func isNamed(t *testing.T, name, state, prefix string) {
	t.Helper()
	if !strings.Contains(name, strings.TrimPrefix(state, prefix)) {
		t.Errorf("the row %q is in %s", name, state)
	}
}

// TestEveryVerbOfAgreements is the table of what may be asked of an agreement.
func TestEveryVerbOfAgreements(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	verbs := []string{"AgreementService.UpdateAgreement", "ChangeService.RequestChange", "TerminationService.RequestTermination"}
	const leaves, changes = "TERMINATION_OPEN", "CHANGE_OPEN"
	table := map[string]row{
		"DRAFT":                                  {s.drafted, []string{no, no, no}},
		"PROVISIONING":                           {s.underWay, []string{"", no, no}},
		"ACTIVE":                                 {s.inForce, []string{"", "", ""}},
		"ACTIVE, with an end":                    {s.told(s.inForce, ending), []string{"", no, no}},
		"UPDATING, a termination under review":   {s.leaves, []string{"", leaves, leaves}},
		"UPDATING, a termination is carried out": {s.withdraws, []string{"", leaves, leaves}},
		"UPDATING, a termination is dropped":     {s.keeps, []string{"", leaves, leaves}},
		"UPDATING, a termination is to be decided on again": {s.overruns, []string{"", leaves, leaves}},
		"UPDATING, a change under review":                   {s.changes, []string{changes, changes, changes}},
		"UPDATING, a change of Operations":                  {s.discount(nil), []string{changes, changes, ""}},
		"FAILED":                                            {s.hearing(failed), []string{no, no, no}},
		"DELETED":                                           {s.after(s.drafted, "OrderService.DeleteOrder"), []string{no, no, no}},
		"TERMINATED":                                        {s.told(s.inForce, ended), []string{no, no, no}},
	}
	s.plays(t, "agreement", verbs, table)
	states := map[protoreflect.EnumNumber]bool{}
	for name, r := range table {
		a := s.agreement(t, s.operator(t), r.at(t).agreement)
		states[a.GetState().Number()] = true
		isNamed(t, name, a.GetState().String(), "AGREEMENT_STATE_")
	}
	covers(t, ordersv1.AgreementState(0).Descriptor(), states)
}

// TestEveryVerbOfPeople is the table of what may be asked of a person, an order or not.
func TestEveryVerbOfPeople(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	verbs := []string{"CustomerService.ErasePerson", "CustomerService.RemovePerson", "CustomerService.UpdatePerson"}
	const unknown, needed = "PERSON_UNKNOWN", "PERSON_NEEDED"
	s.plays(t, "person", verbs, map[string]row{
		"one of several":                                 {s.staffed, []string{"", "", ""}},
		"the last one":                                   {s.newcomer, []string{"", needed, ""}},
		"the technical contact of an open order":         {s.contact("OrderService.SendOrder"), []string{"", needed, ""}},
		"the technical contact of an order that is over": {s.contact("OrderService.DeleteOrder"), []string{"", "", ""}},
		"removed":            {s.after(s.staffed, "CustomerService.RemovePerson"), []string{"", unknown, unknown}},
		"erased":             {s.after(s.staffed, "CustomerService.ErasePerson"), []string{unknown, "", unknown}},
		"another customer's": {s.stranger, []string{unknown, unknown, unknown}},
	})
}

// TestEveryVerbOfCustomers is the table of what may be asked of a customer, with orders and without, and for one.
func TestEveryVerbOfCustomers(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	verbs := []string{
		"CustomerService.AddPerson", "CustomerService.GrantException", "CustomerService.RevokeException", "CustomerService.SetProvider",
		"CustomerService.UpdateCustomer", "OrderService.CreateOrder",
	}
	const none = "EXCEPTION_MISSING"
	s.plays(t, "customer", verbs, map[string]row{
		"new":                             {s.newcomer, []string{"", "", none, "", "", ""}},
		"with a draft":                    {s.contact(""), []string{"", "", none, "", "", ""}},
		"with nobody whose data is there": {s.after(s.newcomer, "CustomerService.ErasePerson"), []string{"", "", none, "", "", ""}},
		"with an exception":               {s.excepted, []string{"", "", "", "", "", ""}},
	})
}

// TestBatchesAsShown: what a batch shows is what it does; how its entries are refused is in TestBatchCreateOrders and TestBatchSendOrders.
func TestBatchesAsShown(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.plays(t, "batch", []string{"OrderService.BatchCreateOrders", "OrderService.BatchSendOrders"}, map[string]row{
		"with a draft": {s.contact(""), []string{"", ""}},
	})
}

// TestEveryVerbOfSellers is the table of what may be asked of a seller, and of the catalogue.
func TestEveryVerbOfSellers(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	verbs := []string{"CustomerService.CreateCustomer", "SellerService.CreateSeller", "SellerService.UpdateSeller"}
	s.plays(t, "seller", verbs, map[string]row{
		"with customers": {s.newcomer, []string{"", "", "CURRENCY_IN_USE"}},
		"without":        {s.sells, []string{"", "", ""}},
	})
	s.plays(t, "catalogue", []string{
		"CatalogService.SetGuidancePage", "CatalogService.SetRuleValidity", "CatalogService.SetSaleWindow",
	}, map[string]row{
		"as it is": {s.newcomer, []string{"", "", ""}},
	})
}

// TestForgottenFields: what was forgotten is said to be missing, not unknown.
func TestForgottenFields(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	const product = "aws-billing-transfer-essentials"
	for name, call := range map[string]func(ctx context.Context) error{
		"the customer of an order": func(ctx context.Context) error {
			_, err := a.orders.CreateOrder(ctx, &ordersv1.CreateOrderRequest{Order: &ordersv1.Order{ProductId: product}})
			return err
		},
		"the product of an order": func(ctx context.Context) error {
			_, err := a.orders.CreateOrder(ctx, &ordersv1.CreateOrderRequest{Order: &ordersv1.Order{CustomerId: a.customer}})
			return err
		},
		"the seller of a customer": func(ctx context.Context) error {
			_, err := a.customers.CreateCustomer(ctx, &ordersv1.CreateCustomerRequest{
				Customer: &ordersv1.Customer{DisplayName: "Example", CountryCode: "CH"}, Contacts: []*ordersv1.NewContact{newPerson("Pat", primary)},
			})
			return err
		},
		"the name of a customer": func(ctx context.Context) error {
			_, err := a.customers.CreateCustomer(ctx, &ordersv1.CreateCustomerRequest{
				Customer: &ordersv1.Customer{SellerId: a.seller, CountryCode: "CH"}, Contacts: []*ordersv1.NewContact{newPerson("Pat", primary)},
			})
			return err
		},
	} {
		t.Log(name)
		err := call(a.operator(t))
		isRefused(t, err, codes.InvalidArgument, "FIELD_REQUIRED")
		if e, _ := errs.As(rpc.FromStatus(err)); e != nil && (len(e.Fields) == 0 || e.Remedy == nil) {
			t.Errorf("%s: it is not said which, or what to do: %v", name, err)
		}
	}
}

// TestValidateOnlyShowsTheMails: what is only tried shows the state after it, the mails and reminders with their dates, and keeps nothing.
func TestValidateOnlyShowsTheMails(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	draft := a.draft(t, "")
	resp, err := a.orders.SendOrder(a.operator(t), &ordersv1.SendOrderRequest{OrderId: draft, ValidateOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	ends := resp.GetOrder().GetLink().GetExpireTime().AsTime()
	if m := resp.GetMails(); len(m) != 2 || m[0].GetTemplate() != "order-link" || m[0].GetTo() != a.pat || m[0].GetReminder() ||
		m[1].GetTemplate() != "order-draft-reminder" || !m[1].GetReminder() || m[1].GetFromTime() == nil ||
		!m[1].GetUntilTime().AsTime().Equal(ends) {
		t.Errorf("a link would be sent with %v, and end at %s", m, ends)
	}
	read, err := a.orders.GetOrder(a.operator(t), &ordersv1.GetOrderRequest{OrderId: draft})
	if err != nil || read.GetOrder().GetLink() != nil {
		t.Errorf("it was tried, and there is %v, %v", read.GetOrder().GetLink(), err)
	}
	gone, err := a.orders.DeleteOrder(a.operator(t), &ordersv1.DeleteOrderRequest{OrderId: draft, ValidateOnly: true})
	if err != nil || len(gone.GetMails()) != 0 || gone.GetOrder().GetState() != ordersv1.OrderState_ORDER_STATE_DELETED {
		t.Errorf("deleted, it would be %v", gone)
	}
}
