package scenarios_test

import (
	"slices"
	"strings"
	"testing"

	"example.com/handover/pkg/id"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// TestMailPeople is who gets a mail, and in which language: found out when it is sent, and kept nowhere.
func TestMailPeople(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.newPeople(t)
	t.Run("everybody of a role, in one mail", p.ofRole)
	t.Run("the first contact when there is nobody of the role, in its own language", p.firstContact)
	t.Run("nobody in place of a person who was erased", p.erased)
	t.Run("a wrong customer, address or document ends the mail", p.cannotBeSent)
	t.Run("no name and no address is kept", p.nothingKept)
}

// people are a customer with a German-speaking first contact and two technicians.
type people struct {
	*world
	customer, order string
	persons         map[string]string // id by address
}

func (w *world) newPeople(t *testing.T) *people {
	t.Helper()
	contact := func(name, language string, role ordersv1.ContactRole) *ordersv1.NewContact {
		return &ordersv1.NewContact{
			GivenName: name, FamilyName: "Example", Email: strings.ToLower(name) + "@people.example.com", Language: language,
			Roles: []ordersv1.ContactRole{role},
		}
	}
	resp, err := w.Customers.CreateCustomer(w.operator(t), &ordersv1.CreateCustomerRequest{
		Customer: &ordersv1.Customer{SellerId: w.sellerID, DisplayName: "Example Customer", CountryCode: "CH"},
		Contacts: []*ordersv1.NewContact{
			contact("Tom", "en", ordersv1.ContactRole_CONTACT_ROLE_TECHNICAL), contact("Anna", "de-CH", ordersv1.ContactRole_CONTACT_ROLE_PRIMARY),
			contact("Eve", "en", ordersv1.ContactRole_CONTACT_ROLE_TECHNICAL),
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	p := &people{world: w, customer: resp.GetCustomer().GetCustomerId(), order: id.New("ord"), persons: map[string]string{}}
	known, err := w.Customers.GetCustomer(w.operator(t), &ordersv1.GetCustomerRequest{CustomerId: p.customer})
	if err != nil {
		t.Fatal(err)
	}
	for _, person := range known.GetPersons() {
		p.persons[person.GetEmail()] = person.GetPersonId()
	}
	return p
}

// mail sends one and returns what became of it.
func (p *people) mail(
	t *testing.T, to *notificationsv1.Recipient, change ...func(*notificationsv1.RequestNotificationRequest),
) *notificationsv1.Notification {
	t.Helper()
	req := &notificationsv1.RequestNotificationRequest{
		NotificationId: id.New("ntf"), TemplateKey: "order-completed", CustomerId: p.customer, Recipient: to,
		Params: map[string]string{"product": "Essentials"}, Correlation: p.order, SubjectId: p.order,
	}
	for _, f := range change {
		f(req)
	}
	if _, err := p.Mails.RequestNotification(p.operator(t), req); err != nil {
		t.Fatal(err)
	}
	p.Settle(t)
	resp, err := p.Mails.GetNotification(p.operator(t), &notificationsv1.GetNotificationRequest{NotificationId: req.GetNotificationId()})
	if err != nil {
		t.Fatal(err)
	}
	return resp.GetNotification()
}

// arrived returns the one mail of a notification.
func (w *world) arrived(t *testing.T, n *notificationsv1.Notification) *sandboxv1.Mail {
	t.Helper()
	resp, err := w.Sandbox.ListMail(w.operator(t), &sandboxv1.ListMailRequest{MessageId: n.GetMessageId(), WithText: true})
	if err != nil || len(resp.GetMails()) != 1 {
		t.Fatalf("%v has arrived %d times, %v", n, len(resp.GetMails()), err)
	}
	return resp.GetMails()[0]
}

func role(r notificationsv1.RecipientRole) *notificationsv1.Recipient {
	return &notificationsv1.Recipient{Role: r}
}

func (p *people) ofRole(t *testing.T) {
	n := p.mail(t, role(notificationsv1.RecipientRole_RECIPIENT_ROLE_TECHNICAL))
	m := p.arrived(t, n)
	slices.Sort(m.GetTo())
	if n.GetRecipientCount() != 2 || !slices.Equal(m.GetTo(), []string{"eve@people.example.com", "tom@people.example.com"}) {
		t.Errorf("it went to %v: %v", m.GetTo(), n)
	}
	if !strings.HasPrefix(m.GetText(), "Hello,\n") {
		t.Errorf("two people are greeted:\n%s", m.GetText())
	}
}

func (p *people) firstContact(t *testing.T) {
	m := p.arrived(t, p.mail(t, role(notificationsv1.RecipientRole_RECIPIENT_ROLE_BILLING)))
	if !slices.Equal(m.GetTo(), []string{"anna@people.example.com"}) || m.GetSubject() != "Ihre Bestellung von Essentials ist abgeschlossen" ||
		!strings.HasPrefix(m.GetText(), "Guten Tag Anna Example,\n") {
		t.Errorf("%q went to %v:\n%s", m.GetSubject(), m.GetTo(), m.GetText())
	}
}

func (p *people) erased(t *testing.T) {
	tom := p.persons["tom@people.example.com"]
	p.arrived(t, p.mail(t, &notificationsv1.Recipient{PersonId: tom}))
	erase := &ordersv1.ErasePersonRequest{CustomerId: p.customer, PersonId: tom, Reason: "asked for"}
	if _, err := p.Customers.ErasePerson(p.operator(t), erase); err != nil {
		t.Fatal(err)
	}
	n := p.mail(t, &notificationsv1.Recipient{PersonId: tom})
	ended(
		t, n, notificationsv1.NotificationState_NOTIFICATION_STATE_SUPPRESSED,
		notificationsv1.NotificationFailureCode_NOTIFICATION_FAILURE_CODE_RECIPIENT_MISSING,
	)
	rest := p.arrived(t, p.mail(t, role(notificationsv1.RecipientRole_RECIPIENT_ROLE_TECHNICAL)))
	if !slices.Equal(rest.GetTo(), []string{"eve@people.example.com"}) {
		t.Errorf("the rest of the role is %v", rest.GetTo())
	}
}

func ended(
	t *testing.T, n *notificationsv1.Notification, state notificationsv1.NotificationState, code notificationsv1.NotificationFailureCode,
) {
	t.Helper()
	if n.GetState() != state || n.GetFailure().GetCode() != code || strings.Contains(n.String(), "@people") {
		t.Errorf("it ended as %v", n)
	}
}

func (p *people) cannotBeSent(t *testing.T) {
	failed := notificationsv1.NotificationState_NOTIFICATION_STATE_FAILED
	primary := notificationsv1.RecipientRole_RECIPIENT_ROLE_PRIMARY
	ended(t, p.mail(t, role(primary), func(r *notificationsv1.RequestNotificationRequest) { r.CustomerId = id.New("cus") }),
		failed, notificationsv1.NotificationFailureCode_NOTIFICATION_FAILURE_CODE_CUSTOMER_UNKNOWN)
	ended(t, p.mail(t, role(primary), func(r *notificationsv1.RequestNotificationRequest) {
		r.TemplateKey, r.InvoiceId = "invoice", id.New("inv")
		r.Params = map[string]string{"number": "2026-000001", "month": "2026-03", "total": "10.00 EUR", "due": "2026-05-05"}
	}), failed, notificationsv1.NotificationFailureCode_NOTIFICATION_FAILURE_CODE_ATTACHMENT_MISSING)
	bounces, err := p.Customers.CreateCustomer(p.operator(t), &ordersv1.CreateCustomerRequest{
		Customer: &ordersv1.Customer{SellerId: p.sellerID, DisplayName: "Example Customer", CountryCode: "CH"},
		Contacts: []*ordersv1.NewContact{{
			GivenName: "Nobody", FamilyName: "Example", Email: "nobody@bounce.example.com",
			Roles: []ordersv1.ContactRole{ordersv1.ContactRole_CONTACT_ROLE_PRIMARY},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	ended(t, p.mail(t, role(primary), func(r *notificationsv1.RequestNotificationRequest) {
		r.CustomerId = bounces.GetCustomer().GetCustomerId()
	}), failed, notificationsv1.NotificationFailureCode_NOTIFICATION_FAILURE_CODE_RECIPIENT_REFUSED)
}

func (p *people) nothingKept(t *testing.T) {
	listed, err := p.Mails.ListNotifications(p.operator(t), &notificationsv1.ListNotificationsRequest{Correlation: p.order})
	if err != nil || len(listed.GetNotifications()) < 5 {
		t.Fatalf("%d mails, %v", len(listed.GetNotifications()), err)
	}
	told, err := p.ops().ListEvents(p.operator(t), &opsv1.ListEventsRequest{Service: "notifications", Correlation: p.order, PageSize: 100})
	if err != nil || len(told.GetEvents()) < 10 {
		t.Fatalf("%d events, %v", len(told.GetEvents()), err)
	}
	for _, text := range []string{listed.String(), told.String()} {
		for _, personal := range []string{"@people", "@bounce", "Anna", "Tom", "Eve"} {
			if strings.Contains(text, personal) {
				t.Errorf("%s is kept", personal)
			}
		}
	}
}
