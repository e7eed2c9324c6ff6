package scenarios_test

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/id"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// shown is a mail as a verb shows it, or as Notifications was asked for it.
type shown struct {
	template, to string
	reminder     bool
	from, until  string // empty: not said
}

func stamped(at *timestamppb.Timestamp) string {
	if at == nil {
		return ""
	}
	return at.AsTime().Format(time.RFC3339)
}

// announced are the mails of an answer.
func announced(mails []*ordersv1.OrderMail) (out []shown) {
	for _, m := range mails {
		out = append(out, shown{m.GetTemplate(), m.GetTo(), m.GetReminder(), stamped(m.GetFromTime()), stamped(m.GetUntilTime())})
	}
	return out
}

// planned are all mails and reminders that Notifications was asked for in the course of an order, oldest first. What a reminder sends is
// not listed beside it.
func (w *world) planned(t *testing.T, orderID string) (out []shown) {
	t.Helper()
	type dated struct {
		shown
		at time.Time
	}
	var all []dated
	mails, err := w.Mails.ListNotifications(w.operator(t), &notificationsv1.ListNotificationsRequest{Correlation: orderID, PageSize: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range mails.GetNotifications() {
		if m.GetReminderId() == "" {
			all = append(all, dated{shown{template: m.GetTemplateKey(), to: recipient(m.GetRecipient())}, m.GetCreateTime().AsTime()})
		}
	}
	reminders, err := w.Reminders.ListReminders(w.operator(t), &notificationsv1.ListRemindersRequest{Correlation: orderID, PageSize: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range reminders.GetReminders() {
		all = append(all, dated{shown{
			r.GetTemplateKey(), recipient(r.GetRecipient()), true, stamped(r.GetStartTime()), stamped(r.GetUntilTime()),
		}, r.GetCreateTime().AsTime()})
	}
	slices.SortStableFunc(all, func(a, b dated) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.template, b.template)) })
	for _, d := range all {
		out = append(out, d.shown)
	}
	return out
}

func recipient(r *notificationsv1.Recipient) string {
	if r.GetPersonId() != "" {
		return r.GetPersonId()
	}
	return r.GetRole().String()[len("RECIPIENT_ROLE_"):]
}

// without are the mails that are not among others. What was not said of dates is not held against them.
func without(all, others []shown) (out []shown) {
	for _, m := range all {
		if !slices.ContainsFunc(others, func(o shown) bool {
			return m.template == o.template && m.to == o.to && m.reminder == o.reminder &&
				(m.from == "" || o.from == "" || m.from == o.from) && (m.until == "" || o.until == "" || m.until == o.until)
		}) {
			out = append(out, m)
		}
	}
	return out
}

// asShown tries a verb of an order and then does it: what is asked for is what was shown, beside what was asked for before.
func (w *world) asShown(t *testing.T, what, orderID string, call func(validateOnly bool) ([]*ordersv1.OrderMail, error)) {
	t.Helper()
	before := w.planned(t, orderID)
	mails, err := call(true)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	w.Settle(t)
	if more := without(w.planned(t, orderID), before); len(more) > 0 {
		t.Errorf("%s was only tried, and these are asked for: %v", what, more)
	}
	if _, err := call(false); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	w.Settle(t)
	tried, after := announced(mails), w.planned(t, orderID)
	if missing, more := without(tried, after), without(without(after, before), tried); len(missing)+len(more) > 0 {
		t.Errorf("%s shows %v, and asks for %v: missing are %v, not shown %v", what, tried, after, missing, more)
	}
}

// TestMailsAsShown holds the mails that a verb shows with validate_only against those that Notifications is asked for once it is done, for
// a submission up to the end of its transfer.
func TestMailsAsShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.newCustomer(t)
	order := c.draft(t).GetOrderId()
	t.Run("NTF-002 the link is mailed, and reminded of, as was shown", func(t *testing.T) {
		w.asShown(t, "to send", order, func(try bool) ([]*ordersv1.OrderMail, error) {
			resp, err := w.Orders.SendOrder(w.operator(t), &ordersv1.SendOrderRequest{OrderId: order, ValidateOnly: try})
			return resp.GetMails(), err
		})
		w.asShown(t, "to send again", order, func(try bool) ([]*ordersv1.OrderMail, error) {
			resp, err := w.Orders.ResendLink(w.operator(t), &ordersv1.ResendLinkRequest{OrderId: order, ValidateOnly: try})
			return resp.GetMails(), err
		})
	})
	t.Run("NTF-001 a submission shows all that the customer is mailed until the order is complete", func(t *testing.T) {
		c.isMailedAsShown(t, order)
	})
	agreement := c.agreementOf(t, w.order(t, order)).GetAgreementId()
	t.Run("ORD-054 a termination is mailed as was shown", func(t *testing.T) { c.leavesAsShown(t, agreement) })
	t.Run("a change is mailed as was shown", func(t *testing.T) { c.changesAsShown(t, agreement) })
}

func (c customer) isMailedAsShown(t *testing.T, order string) {
	w := c.w
	before := w.planned(t, order)
	tried, err := w.Orders.SubmitOrder(c.person(t), &ordersv1.SubmitOrderRequest{
		OrderId: order, Terms: actors.BothTerms(), ValidateOnly: true,
	})
	if err != nil || len(tried.GetMails()) != 0 || len(tried.GetMissingServices()) != 0 {
		t.Fatalf("tried, it shows %v, %v", tried, err)
	}
	o, err := c.submit(t, order)
	if err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	c.accept(t)
	c.process(t, order)
	w.Advance(t, w.Now(t).Add(2*time.Hour)) // AWS's own mail about the service term comes first
	c.acceptTerm(t)
	c.process(t, order)
	c.finish(t, o)
	inState(t, w.order(t, order), ordersv1.OrderState_ORDER_STATE_COMPLETED)
	mails, after := announced(tried.GetJourneyMails()), w.planned(t, order)
	if missing, more := without(mails, after), without(without(after, before), mails); len(mails) == 0 || len(missing)+len(more) > 0 {
		t.Errorf("it shows %v, and asks for %v: missing are %v, not shown %v", mails, after, missing, more)
	}
	steps := map[string]bool{}
	for _, s := range c.steps(t, order).GetSteps() {
		steps[s.GetKey()] = true
	}
	for _, m := range tried.GetJourneyMails() {
		if m.GetReminder() != steps[m.GetStepKey()] {
			t.Errorf("%v names no step of the transfer", m)
		}
	}
}

func (c customer) leavesAsShown(t *testing.T, agreement string) {
	w, order := c.w, id.New("ord")
	ends := ordersv1.NewTerminationServiceClient(w.Conn())
	w.asShown(t, "to terminate", order, func(try bool) ([]*ordersv1.OrderMail, error) {
		resp, err := ends.RequestTermination(c.person(t), &ordersv1.RequestTerminationRequest{
			AgreementId: agreement, Reason: "We leave.", OrderId: order, ValidateOnly: try,
		})
		return resp.GetMails(), err
	})
	w.asShown(t, "to approve", order, func(try bool) ([]*ordersv1.OrderMail, error) {
		resp, err := ends.ReviewTermination(w.operator(t), &ordersv1.ReviewTerminationRequest{
			OrderId: order, Outcome: ordersv1.TerminationOutcome_TERMINATION_OUTCOME_SCHEDULE, ValidateOnly: try,
		})
		return resp.GetMails(), err
	})
	w.asShown(t, "to take back", order, func(try bool) ([]*ordersv1.OrderMail, error) {
		resp, err := ends.TakeBackTermination(c.person(t), &ordersv1.TakeBackTerminationRequest{
			OrderId: order, Reason: "We stay.", ValidateOnly: try,
		})
		return resp.GetMails(), err
	})
}

func (c customer) changesAsShown(t *testing.T, agreement string) {
	w, order := c.w, id.New("ord")
	changes := ordersv1.NewChangeServiceClient(w.Conn())
	w.asShown(t, "to change", order, func(try bool) ([]*ordersv1.OrderMail, error) {
		resp, err := changes.RequestChange(c.person(t), &ordersv1.RequestChangeRequest{
			AgreementId: agreement, Kind: ordersv1.ChangeKind_CHANGE_KIND_SUPPORT_OPTION, SupportOption: byUs, Reason: "We need more.",
			OrderId: order, ValidateOnly: try,
		})
		return resp.GetMails(), err
	})
	w.asShown(t, "to accept", order, func(try bool) ([]*ordersv1.OrderMail, error) {
		resp, err := changes.ReviewChange(w.operator(t), &ordersv1.ReviewChangeRequest{
			OrderId: order, Outcome: ordersv1.ChangeOutcome_CHANGE_OUTCOME_ACCEPT, ValidateOnly: try,
		})
		return resp.GetMails(), err
	})
	w.asShown(t, "to take back", order, func(try bool) ([]*ordersv1.OrderMail, error) {
		resp, err := changes.TakeBackChange(c.person(t), &ordersv1.TakeBackChangeRequest{
			OrderId: order, Reason: "We stay as we are.", ValidateOnly: try,
		})
		return resp.GetMails(), err
	})
}
