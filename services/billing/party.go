package billing

import (
	"context"
	"slices"
	"strings"

	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/billing/internal/invoice"
)

// parties asks Orders who the sides of an invoice are.
type parties struct {
	sellers   ordersv1.SellerServiceClient
	customers ordersv1.CustomerServiceClient
}

// read returns both sides as they are called now. The person for invoices, of the agreement that an order has brought or of the customer,
// is named in the invoice alone.
func (p *parties) read(ctx context.Context, sellerID, customerID, orderID string) (issuer, billTo invoice.Party, err error) {
	seller, err := p.sellers.GetSeller(ctx, &ordersv1.GetSellerRequest{SellerId: sellerID})
	if err != nil {
		return issuer, billTo, err
	}
	customer, err := p.customers.GetCustomer(ctx, &ordersv1.GetCustomerRequest{CustomerId: customerID, OrderId: orderID})
	if err != nil {
		return issuer, billTo, err
	}
	issuer.Name = seller.GetSeller().GetLegalName()
	if codes := seller.GetSeller().GetCountryCodes(); len(codes) == 1 {
		issuer.CountryCode = codes[0] // of a seller for several countries it is not said where it sits
	}
	billTo = invoice.Party{
		Name: customer.GetCustomer().GetDisplayName(), CountryCode: customer.GetCustomer().GetCountryCode(), Attention: attention(customer),
	}
	return issuer, billTo, nil
}

// attention is the name of the person who receives invoices; empty when there is none.
func attention(c *ordersv1.GetCustomerResponse) string {
	for _, contact := range c.GetCustomer().GetContacts() {
		if !slices.Contains(contact.GetRoles(), ordersv1.ContactRole_CONTACT_ROLE_BILLING) {
			continue
		}
		for _, person := range c.GetPersons() {
			if person.GetPersonId() == contact.GetPersonId() {
				return strings.TrimSpace(person.GetGivenName() + " " + person.GetFamilyName())
			}
		}
	}
	return ""
}
