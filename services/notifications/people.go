package notifications

import (
	"context"
	"strings"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/wire"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/notifications/internal/notification"
	"example.com/handover/services/notifications/internal/people"
	"example.com/handover/services/notifications/internal/template"
)

// directory finds out who gets a mail, each time anew: names and addresses are orders', and nothing of them stays here.
type directory struct {
	customers  ordersv1.CustomerServiceClient
	catalogue  ordersv1.CatalogServiceClient
	operations string // address; empty: none
}

// find returns somebody, or why there is nobody. An error passes: orders is away.
func (d *directory) find(ctx context.Context, n *notification.Notification) ([]people.Person, *notification.Failure, error) {
	nobody := &notification.Failure{Code: notification.RecipientMissing}
	if n.Recipient.Role == people.Operations {
		if d.operations == "" {
			return nil, nobody, nil
		}
		return []people.Person{{Address: d.operations}}, nil, nil
	}
	req := &ordersv1.GetCustomerRequest{CustomerId: n.CustomerID}
	if strings.HasPrefix(n.Correlation, "ord_") {
		req.OrderId = n.Correlation // its agreement may have contacts of its own
	}
	resp, err := d.customers.GetCustomer(ctx, req)
	if errs.KindOf(err) == errs.NotFound {
		return nil, &notification.Failure{Code: notification.CustomerUnknown}, nil
	}
	if err != nil {
		return nil, nil, err
	}
	chosen := people.Choose(personsOf(resp), n.Recipient)
	if len(chosen) == 0 {
		return nil, nobody, nil
	}
	return chosen, nil, nil
}

// guidance finds the pages that help with a mail to a customer's people, in their language. An error passes: orders is away.
func (d *directory) guidance(ctx context.Context, n *notification.Notification, language string) ([]template.Link, error) {
	if n.Recipient.Role == people.Operations {
		return nil, nil
	}
	resp, err := d.catalogue.ListGuidance(ctx, &ordersv1.ListGuidanceRequest{MailKey: n.TemplateKey, Language: language})
	if err != nil {
		return nil, err
	}
	var links []template.Link
	for _, l := range resp.GetGuidanceLinks() {
		links = append(links, template.Link{Title: l.GetTitle(), URI: l.GetUri()})
	}
	return links, nil
}

// personsOf joins what orders says of the people and of what they are for.
func personsOf(resp *ordersv1.GetCustomerResponse) []people.Person {
	roles := map[string][]people.Role{}
	for _, c := range resp.GetCustomer().GetContacts() {
		for _, role := range c.GetRoles() {
			roles[c.GetPersonId()] = append(roles[c.GetPersonId()], people.Role(wire.Name(role)))
		}
	}
	var persons []people.Person
	for _, p := range resp.GetPersons() {
		persons = append(persons, people.Person{
			ID: p.GetPersonId(), Roles: roles[p.GetPersonId()], Address: p.GetEmail(), Language: p.GetLanguage(),
			Name: strings.TrimSpace(p.GetGivenName() + " " + p.GetFamilyName()), AddressSince: wire.FromTime(p.GetEmailTime()),
		})
	}
	return persons
}
