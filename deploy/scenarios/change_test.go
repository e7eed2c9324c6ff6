package scenarios_test

import (
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/kit/kittest"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// changer is a customer with an agreement in force, which it changes.
type changer struct {
	leaver
	currency string // id of the order by which the currency is changed
	support  string // and the support option
}

// TestAgreementChanges: an agreement in EUR with AWS's support comes to dollars, to the reseller's support and to a discount, each from a
// month on. Every month is invoiced on the terms of that month.
func TestAgreementChanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sellsInDollars(t)
	c := &changer{leaver: leaver{customer: w.newCustomer(t)}}
	c.moveTo(t, "par-1")
	c.order = c.rejectsTerm(t, c.accepted(t)) // so that it can leave at any time
	c.finish(t, c.order)
	w.Advance(t, at(t, "2026-03-20T12:00:00Z"))
	t.Run("a preview shows the order and its mails, and orders nothing", c.previews)
	t.Run("what no order changes is refused by its name, with who does what instead", c.asksForTooMuch)
	t.Run("BIL-016 the partner asks for another currency, and Operations accepts it from a month on", c.asksForDollars)
	t.Run("one order of an agreement is open at a time", c.isBusy)
	c.usesUntil(t, time.March, "2026-04-06T12:00:00Z")
	t.Run("BIL-018 with its month the agreement is shown in that currency", c.isInDollars)
	t.Run("SUP-011 a change of the support is a case, and one that nobody reviews escalates", c.asksForSupport)
	t.Run("SUP-002 the support channel follows who supports, and so does the transfer", c.changesChannel)
	t.Run("Operations refuses another one, with a reason that the customer reads", c.isRefusedSupport)
	t.Run("only Operations gives a discount, which needs no review", c.getsDiscount)
	c.getsEnterpriseSupport(t, time.April, time.May)
	c.usesUntil(t, time.April, "2026-05-06T12:00:00Z")
	forgotten := c.orders(t, c.hands(t).Person, c.supported(ordersv1.SupportOption_SUPPORT_OPTION_RESOLD))
	c.usesUntil(t, time.May, "2026-06-06T12:00:00Z")
	t.Run("BIL-016 each month is invoiced on its own terms, and what was invoiced stays as it was", c.isInvoiced)
	t.Run("a change that nobody reviews ends by itself, and the customer reads it", func(t *testing.T) { c.isForgotten(t, forgotten) })
	t.Run("while a termination is approved nothing is changed, and an end ends what it overtakes", c.leaves)
}

// sellsInDollars has the seller invoice in dollars too, and gives it prices in both currencies.
func (w *world) sellsInDollars(t *testing.T) {
	t.Helper()
	_, err := w.Sellers.UpdateSeller(w.operator(t), &ordersv1.UpdateSellerRequest{
		SellerId: w.sellerID, Seller: &ordersv1.Seller{FurtherCurrencyCodes: []string{"USD"}},
		UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"further_currency_codes"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, prices := range []actors.Prices{
		{Usage: "-2", Rate: "0.5"}, {Currency: "USD", Usage: "-2", PartnerLedSupport: "10"},
	} {
		if err := w.op(t).CreatePricebook(t.Context(), w.sellerID, prices); err != nil {
			t.Fatal(err)
		}
	}
}

// getsEnterpriseSupport has AWS charge for the support that stands behind the reseller's.
func (c *changer) getsEnterpriseSupport(t *testing.T, months ...time.Month) {
	t.Helper()
	for _, m := range months {
		line := &sandboxv1.UsageLine{Service: actors.EnterpriseSupport, RecordType: "Support", Amount: "2"}
		if err := c.w.aws(t).RecordUsage(t.Context(), c.account, calendar.Month{Year: 2026, Month: m}, line); err != nil {
			t.Fatal(err)
		}
	}
}

// usesUntil has the customer use 100 dollars in a month, and lets the time pass.
func (c *changer) usesUntil(t *testing.T, m time.Month, until string) {
	t.Helper()
	c.usesIn(t, calendar.Month{Year: 2026, Month: m})
	c.w.Advance(t, at(t, until))
}

func (c *changer) asks(kind ordersv1.ChangeKind) *ordersv1.RequestChangeRequest {
	return &ordersv1.RequestChangeRequest{AgreementId: c.agreementID(), Kind: kind, Reason: "We have moved."}
}

func (c *changer) dollars() *ordersv1.RequestChangeRequest {
	req := c.asks(ordersv1.ChangeKind_CHANGE_KIND_CURRENCY)
	req.CurrencyCode = "USD"
	return req
}

func (c *changer) supported(by ordersv1.SupportOption) *ordersv1.RequestChangeRequest {
	req := c.asks(ordersv1.ChangeKind_CHANGE_KIND_SUPPORT_OPTION)
	req.SupportOption = by
	return req
}

const byUs = ordersv1.SupportOption_SUPPORT_OPTION_PARTNER_LED

// orders asks for a change, and returns its order.
func (c *changer) orders(t *testing.T, by actors.Person, req *ordersv1.RequestChangeRequest) string {
	t.Helper()
	resp, err := by.RequestChange(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	c.w.Settle(t)
	return resp.GetOrder().GetOrderId()
}

func (c *changer) previews(t *testing.T) {
	req := c.dollars()
	req.ValidateOnly = true
	resp, err := c.hands(t).RequestChange(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	got := resp.GetOrder()
	if got.GetState() != ordersv1.OrderState_ORDER_STATE_QUERYING || got.GetChange().GetFromMonth().GetMonth() != 4 ||
		got.GetChange().GetValueBefore() != "EUR" || got.GetChange().GetLapseTime() == nil ||
		len(resp.GetMails()) != 1 || resp.GetMails()[0].GetTemplate() != "change-received" || len(resp.GetEvents()) == 0 {
		t.Errorf("the preview is %v", resp)
	}
	c.w.Settle(t)
	if a := c.agreementOf(t, c.order); a.GetChangeOrderId() != "" || len(c.changeCases(t)) != 0 ||
		c.mailsSaying(t, "to change your agreement") != 0 {
		t.Errorf("the agreement is %v, the cases are %v", a, c.changeCases(t))
	}
}

func (c *changer) changeCases(t *testing.T) []*supportv1.Case {
	t.Helper()
	return c.w.openCases(t, c.customer, supportv1.CaseKind_CASE_KIND_AGREEMENT_CHANGE)
}

func (c *changer) asksForTooMuch(t *testing.T) {
	for kind, who := range map[ordersv1.ChangeKind]string{
		ordersv1.ChangeKind_CHANGE_KIND_PAYER: "OPERATOR", ordersv1.ChangeKind_CHANGE_KIND_FURTHER_ORGANIZATION: "CUSTOMER",
	} {
		_, err := c.hands(t).RequestChange(t.Context(), c.asks(kind))
		if e := refusal(t, err, codes.FailedPrecondition, "CHANGE_NOT_OFFERED"); e.Remedy == nil || e.Remedy.Who != who {
			t.Errorf("%s is mended by %v", kind, e.Remedy)
		}
	}
	late := c.dollars()
	late.FromMonth = &typev1.Month{Year: 2026, Month: 2}
	_, err := c.hands(t).RequestChange(t.Context(), late)
	refused(t, err, codes.InvalidArgument, "MONTH_REFUSED")
	strange := c.dollars()
	strange.CurrencyCode = "JPY"
	_, err = c.hands(t).RequestChange(t.Context(), strange)
	refused(t, err, codes.InvalidArgument, "CURRENCY_NOT_SERVED")
	_, err = c.hands(t).RequestChange(t.Context(), c.supported(ordersv1.SupportOption_SUPPORT_OPTION_RESOLD))
	refused(t, err, codes.FailedPrecondition, "CHANGE_WITHOUT_EFFECT")
	_, err = c.w.newCustomer(t).hands(t).RequestChange(t.Context(), c.dollars())
	refused(t, err, codes.NotFound, "NOT_FOUND")
	_, err = c.w.signIn(t, kittest.Partner("partner-2", "par-2")).RequestChange(t.Context(), c.dollars())
	refused(t, err, codes.NotFound, "NOT_FOUND")
}

func (c *changer) asksForDollars(t *testing.T) {
	c.currency = c.orders(t, c.w.signIn(t, kittest.Partner("partner-1", "par-1")), c.dollars())
	o := c.w.order(t, c.currency)
	if o.GetType() != ordersv1.OrderType_ORDER_TYPE_CHANGE || o.GetWaiting().GetOwner() != byReseller ||
		o.GetWaiting().GetEscalateTime() == nil || o.GetSubmittedBy().GetSubject() != "partner-1" {
		t.Fatalf("the change is %v", o)
	}
	waiting, err := c.w.Orders.ListOrders(c.w.operator(t), &ordersv1.ListOrdersRequest{WaitingOwners: []typev1.Party{byReseller}})
	if err != nil || len(waiting.GetOrders()) != 1 || waiting.GetOrders()[0].GetOrderId() != c.currency {
		t.Errorf("Operations finds %v, %v", waiting, err)
	}
	if cases := c.changeCases(t); len(cases) != 1 || !mentions(cases[0].GetDescription(), "USD", "2026-04", "We have moved.") {
		t.Errorf("the cases are %v", cases)
	}
	if c.mailsSaying(t, "We have received the wish to change", "USD", "April 2026") != 1 {
		t.Error("the customer does not read what its partner has asked for")
	}
	refused(t, c.w.newCustomer(t).hands(t).TakeBackChange(t.Context(), c.currency, ""), codes.NotFound, "NOT_FOUND")
	o, err = c.w.op(t).AcceptChange(t.Context(), c.currency, calendar.Month{})
	if err != nil || o.GetChange().GetPhase() != ordersv1.ChangePhase_CHANGE_PHASE_ACCEPTED || o.GetChange().GetFromMonth().GetMonth() != 4 {
		t.Fatalf("accepted is %v, %v", o, err)
	}
	c.w.Settle(t)
	if a := c.agreementOf(t, c.order); a.GetCurrencyCode() != "EUR" || a.GetChangeOrderId() != c.currency ||
		a.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_UPDATING {
		t.Errorf("before its month the agreement is %v", a)
	}
	if len(c.changeCases(t)) != 0 || c.mailsSaying(t, "is changed", "USD", "April 2026") != 1 {
		t.Errorf("the customer does not read of it, or the cases are %v", c.changeCases(t))
	}
}

func (c *changer) isBusy(t *testing.T) {
	_, err := c.hands(t).RequestChange(t.Context(), c.supported(byUs))
	if e := refusal(t, err, codes.FailedPrecondition, "CHANGE_OPEN"); e.Meta["order_id"] != c.currency || e.Remedy == nil {
		t.Errorf("refused is %v", e)
	}
	_, err = c.hands(t).RequestTermination(t.Context(), c.agreementID(), "We leave.")
	refused(t, err, codes.FailedPrecondition, "CHANGE_OPEN")
	_, err = c.w.op(t).AcceptChange(t.Context(), c.currency, calendar.Month{})
	refused(t, err, codes.FailedPrecondition, "STATE_REFUSES")
	refused(t, c.w.op(t).FailOrder(t.Context(), c.currency, "No."), codes.FailedPrecondition, "TYPE_REFUSES")
	refused(t, c.hands(t).TakeBackTermination(t.Context(), c.currency, ""), codes.FailedPrecondition, "TYPE_REFUSES")
	refused(t, c.hands(t).TakeBackChange(t.Context(), c.order.GetOrderId(), ""), codes.FailedPrecondition, "TYPE_REFUSES")
}

func (c *changer) isInDollars(t *testing.T) {
	inState(t, c.w.order(t, c.currency), ordersv1.OrderState_ORDER_STATE_COMPLETED)
	resp, err := c.w.Agreements.GetAgreement(c.person(t), &ordersv1.GetAgreementRequest{AgreementId: c.agreementID()})
	a := resp.GetAgreement()
	if err != nil || a.GetCurrencyCode() != "USD" || a.GetChangeOrderId() != "" ||
		a.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_ACTIVE || len(a.GetTermsHistory()) != 2 ||
		a.GetTermsHistory()[0].GetCurrencyCode() != "EUR" || a.GetTermsHistory()[1].GetOrderId() != c.currency {
		t.Errorf("the agreement is %v, %v", a, err)
	}
	if all := c.invoices(t); len(all) != 1 || all[0].GetTotal().GetCurrencyCode() != "EUR" {
		t.Errorf("March is invoiced by %v", all)
	}
}

func (c *changer) asksForSupport(t *testing.T) {
	req := c.supported(byUs)
	req.FromMonth = &typev1.Month{Year: 2026, Month: 4}
	c.support = c.orders(t, c.hands(t).Person, req)
	if cases := c.changeCases(t); len(cases) != 1 || !mentions(cases[0].GetDescription(), "by us", "roles") {
		t.Errorf("the cases are %v", cases)
	}
	c.w.Advance(t, c.w.Now(t).Add(73*time.Hour))
	urgent, err := c.w.Orders.ListOrders(c.w.operator(t), &ordersv1.ListOrdersRequest{Escalated: true})
	if err != nil || len(urgent.GetOrders()) != 1 || urgent.GetOrders()[0].GetOrderId() != c.support {
		t.Errorf("what needs Operations is %v, %v", urgent, err)
	}
	_, err = c.w.op(t).AcceptChange(t.Context(), c.support, calendar.Month{Year: 2026, Month: time.March}) // which is invoiced
	refused(t, err, codes.InvalidArgument, "MONTH_REFUSED")
	o, err := c.w.op(t).AcceptChange(t.Context(), c.support, calendar.Month{})
	if err != nil || o.GetState() != ordersv1.OrderState_ORDER_STATE_COMPLETED {
		t.Fatalf("accepted is %v, %v", o, err)
	}
	c.w.Settle(t)
	if a := c.agreementOf(t, c.order); a.GetSupportOption() != byUs || len(c.changeCases(t)) != 0 {
		t.Errorf("the agreement is %v", a)
	}
}

// changesChannel has people set up the channel of the reseller, in the place of the one of before.
func (c *changer) changesChannel(t *testing.T) {
	channels := func() map[string]*supportv1.Channel {
		resp, err := c.w.Channels.ListChannels(c.person(t), &supportv1.ListChannelsRequest{OrderId: c.order.GetOrderId()})
		if err != nil {
			t.Fatal(err)
		}
		all := map[string]*supportv1.Channel{}
		for _, one := range resp.GetChannels() {
			all[one.GetChannelId()] = one
		}
		return all
	}
	asked := c.w.order(t, c.support).GetChange().GetChannelId()
	before := channels()
	next := before[asked]
	if len(before) != 2 || next.GetKind() != supportv1.ChannelKind_CHANNEL_KIND_PARTNER_LED {
		t.Fatalf("the channels are %v, asked for was %s", before, asked)
	}
	if got := before[c.channelOf(t)]; got.GetState() != supportv1.ChannelState_CHANNEL_STATE_SETTING_UP {
		t.Errorf("until the new one is ready, the channel of before is %v", got)
	}
	if err := c.w.agent(t).ResolveCase(t.Context(), next.GetCaseId(), "Done."); err != nil {
		t.Fatal(err)
	}
	c.w.Advance(t, c.w.Now(t).Add(7*time.Hour))
	after := channels()
	if got := after[asked]; got.GetState() != supportv1.ChannelState_CHANNEL_STATE_READY || got.GetPortalUrl() == "" {
		t.Errorf("the new channel is %v", got)
	}
	if got := after[c.channelOf(t)]; got.GetState() != supportv1.ChannelState_CHANNEL_STATE_REPLACED {
		t.Errorf("the channel of before is %v", got)
	}
	if tr := c.transferOf(t); tr.GetSupportModel() != accounttransferv1.SupportModel_SUPPORT_MODEL_PARTNER_LED {
		t.Errorf("the transfer is %v", tr)
	}
}

func (c *changer) transferOf(t *testing.T) *accounttransferv1.Transfer {
	t.Helper()
	resp, err := c.w.Transfers.GetTransfer(c.w.operator(t), &accounttransferv1.GetTransferRequest{TransferId: c.order.GetTransferId()})
	if err != nil {
		t.Fatal(err)
	}
	return resp.GetTransfer()
}

// channelOf is the support channel that the order has brought.
func (c *changer) channelOf(t *testing.T) string { return c.transferOf(t).GetChannelId() }

func (c *changer) isRefusedSupport(t *testing.T) {
	id := c.orders(t, c.hands(t).Person, c.supported(ordersv1.SupportOption_SUPPORT_OPTION_RESOLD))
	refused(t, c.w.op(t).RefuseChange(t.Context(), id, ""), codes.InvalidArgument, "FIELD_REQUIRED")
	if err := c.w.op(t).RefuseChange(t.Context(), id, "You have just come to us."); err != nil {
		t.Fatal(err)
	}
	c.w.Settle(t)
	if o := c.w.order(t, id); o.GetFailure().GetCode() != ordersv1.OrderFailureCode_ORDER_FAILURE_CODE_CHANGE_REFUSED ||
		c.mailsSaying(t, "We have refused the change", "You have just come to us.") != 1 {
		t.Errorf("the change is %v", o)
	}
	if a := c.agreementOf(t, c.order); a.GetSupportOption() != byUs || a.GetChangeOrderId() != "" {
		t.Errorf("the agreement is %v", a)
	}
	refused(t, c.hands(t).TakeBackChange(t.Context(), id, ""), codes.FailedPrecondition, "STATE_REFUSES")
}

func (c *changer) getsDiscount(t *testing.T) {
	req := c.asks(ordersv1.ChangeKind_CHANGE_KIND_DISCOUNT)
	req.DiscountPercent, req.Reason = "5.00", "They threaten to leave."
	_, err := c.hands(t).RequestChange(t.Context(), req)
	refused(t, err, codes.PermissionDenied, "ROLE_DENIED")
	id := c.orders(t, c.w.op(t).Person, req)
	refused(t, c.hands(t).TakeBackChange(t.Context(), id, ""), codes.PermissionDenied, "ROLE_DENIED")
	resp, err := c.w.Orders.GetOrder(c.person(t), &ordersv1.GetOrderRequest{OrderId: id})
	if got := resp.GetOrder().GetChange(); err != nil || got.GetReason() != "" || got.GetDiscountPercent() != "5" ||
		got.GetPhase() != ordersv1.ChangePhase_CHANGE_PHASE_ACCEPTED {
		t.Errorf("the customer reads %v, %v", got, err)
	}
	for _, e := range c.w.entries(t, c.person(t), id) {
		if strings.Contains(e.String(), "threaten") {
			t.Errorf("the customer reads %v", e)
		}
	}
	if c.mailsSaying(t, "is changed", "5 %", "May 2026") != 1 {
		t.Error("the customer reads of no discount")
	}
}

func (c *changer) isInvoiced(t *testing.T) {
	all := c.invoices(t)
	if len(all) != 3 {
		t.Fatalf("the invoices are %v", all)
	}
	for i, want := range []string{
		"EUR USAGE 90.31", // 100 less 2 %, by AWS's 0.9215
		"USD USAGE 98.00 PARTNER_LED_SUPPORT 9.80",
		"USD USAGE 98.00 PARTNER_LED_SUPPORT 9.80 DISCOUNT -4.90",
	} {
		got := all[i].GetTotal().GetCurrencyCode()
		for _, l := range all[i].GetLines() {
			got += " " + strings.TrimPrefix(l.GetCategory().String(), "CHARGE_CATEGORY_") + " " + l.GetAmount().GetAmount()
		}
		if got != want {
			t.Errorf("%v is invoiced by %q, want %q", all[i].GetMonth(), got, want)
		}
	}
	_, err := c.w.Invoices.GetInvoiceDocument(c.person(t), &billingv1.GetInvoiceDocumentRequest{InvoiceId: all[2].GetInvoiceId()})
	if err != nil {
		t.Errorf("the document of the last: %v", err)
	}
}

func (c *changer) isForgotten(t *testing.T, id string) {
	o := c.w.order(t, id)
	if o.GetFailure().GetCode() != ordersv1.OrderFailureCode_ORDER_FAILURE_CODE_CHANGE_LAPSED || len(c.changeCases(t)) != 0 ||
		c.mailsSaying(t, "We have not decided in time") != 1 {
		t.Errorf("the change is %v, the cases are %v", o, c.changeCases(t))
	}
	reminded := 0
	for _, m := range c.w.mailed(t, &sandboxv1.ListMailRequest{WithText: true}) {
		if mentions(m.GetText(), id, "Accept it from a month on") {
			reminded++
		}
	}
	if reminded == 0 {
		t.Error("Operations is not reminded")
	}
}

func (c *changer) leaves(t *testing.T) {
	far := c.supported(ordersv1.SupportOption_SUPPORT_OPTION_RESOLD)
	id := c.terminates(t)
	if _, err := c.w.op(t).ReviewTermination(t.Context(), id, schedule, ""); err != nil {
		t.Fatal(err)
	}
	_, err := c.hands(t).RequestChange(t.Context(), far)
	if e := refusal(t, err, codes.FailedPrecondition, "TERMINATION_OPEN"); e.Meta["order_id"] != id || e.Remedy == nil {
		t.Errorf("refused is %v", e)
	}
	if err := c.hands(t).TakeBackTermination(t.Context(), id, "We stay."); err != nil {
		t.Fatal(err)
	}
	c.w.Settle(t)
	change := c.orders(t, c.hands(t).Person, far)
	if _, err := c.w.aws(t).WithdrawTransfer(t.Context(), c.account, true); err != nil {
		t.Fatal(err)
	}
	c.w.Advance(t, c.w.Now(t).Add(26*time.Hour))
	if o := c.w.order(t, change); o.GetFailure().GetCode() != ordersv1.OrderFailureCode_ORDER_FAILURE_CODE_AGREEMENT_ENDS ||
		c.mailsSaying(t, "ends before its change would take effect") != 1 {
		t.Errorf("the change is %v", o)
	}
	_, err = c.hands(t).RequestChange(t.Context(), far)
	refused(t, err, codes.FailedPrecondition, "STATE_REFUSES")
}
