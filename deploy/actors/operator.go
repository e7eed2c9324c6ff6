package actors

import (
	"cmp"
	"context"

	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"example.com/handover/pkg/auth"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// Operator is a person of Operations.
type Operator struct{ Person }

// OperatorOne is an operator with every right.
func OperatorOne() auth.Principal {
	return auth.Principal{Subject: "operator-1", Role: auth.Operator, Rights: auth.OperatorRights()}
}

// The payer that the sandbox provides, and how the suite enters it.
const (
	PayerAccount    = "111122223333"
	PayerRole       = "arn:aws:iam::" + PayerAccount + ":role/handover"
	PayerExternalID = "handover-sandbox"
	PayerProgram    = "pma-sandbox000001"
)

// CreateSeller adds a reseller that sells in Switzerland and Germany, for euros.
func (o Operator) CreateSeller(ctx context.Context) (sellerID string, err error) {
	resp, err := o.Sellers.CreateSeller(o.Once(ctx), &ordersv1.CreateSellerRequest{Seller: &ordersv1.Seller{
		DisplayName: "Example Reseller", LegalName: "Example Reseller AG", CountryCodes: []string{"CH", "DE"}, CurrencyCode: "EUR",
	}})
	return resp.GetSeller().GetSellerId(), err
}

// CreatePayer registers the sandbox's payer.
func (o Operator) CreatePayer(ctx context.Context, sellerID string) (payerID string, err error) {
	resp, err := o.Payers.CreatePayer(o.Once(ctx), &accounttransferv1.CreatePayerRequest{Payer: &accounttransferv1.Payer{
		SellerId: sellerID, DisplayName: "Example payer", AccountId: PayerAccount, RoleArn: PayerRole, ExternalId: PayerExternalID,
		InboundQuota: 1000, ProgramManagementAccountId: PayerProgram,
	}})
	return resp.GetPayer().GetPayerId(), err
}

// RegisterOrganization registers a customer's own organization, which the reseller has taken over, as a payer. The suite enters it by the
// role that DeployRole has deployed.
func (o Operator) RegisterOrganization(
	ctx context.Context, sellerID, customerID, accountID, externalID string,
) (payerID string, err error) {
	resp, err := o.Payers.CreatePayer(o.Once(ctx), &accounttransferv1.CreatePayerRequest{Payer: &accounttransferv1.Payer{
		SellerId: sellerID, CustomerId: customerID, DisplayName: "Own organization", AccountId: accountID, ExternalId: externalID,
		RoleArn: "arn:aws:iam::" + accountID + ":role/HandoverBootstrapRole",
	}})
	return resp.GetPayer().GetPayerId(), err
}

// Prices are those of a seller's standard pricebook, in percent of what AWS charges.
type Prices struct {
	Currency                 string // empty: EUR
	Usage, PartnerLedSupport string // empty: as AWS charges
	Rate                     string // of the currency for a dollar, where AWS does not say; empty: it is dollars
}

// CreatePricebook gives a seller its standard pricebook, from 2026 on.
func (o Operator) CreatePricebook(ctx context.Context, sellerID string, p Prices) error {
	from := &typev1.Month{Year: 2026, Month: 1}
	book := &billingv1.Pricebook{
		SellerId: sellerID, DisplayName: "Standard prices", CurrencyCode: cmp.Or(p.Currency, "EUR"), Standard: true,
	}
	if p.Rate != "" {
		book.ExchangeRates = []*billingv1.ExchangeRate{{SourceCurrencyCode: "USD", Rate: p.Rate, FromMonth: from}}
	}
	for _, r := range []*billingv1.PriceRule{
		{Category: billingv1.ChargeCategory_CHARGE_CATEGORY_USAGE, Percent: p.Usage, FromMonth: from},
		{Category: billingv1.ChargeCategory_CHARGE_CATEGORY_PARTNER_LED_SUPPORT, Percent: p.PartnerLedSupport, FromMonth: from},
	} {
		if r.GetPercent() != "" {
			book.Rules = append(book.Rules, r)
		}
	}
	_, err := o.Pricebooks.CreatePricebook(o.Once(ctx), &billingv1.CreatePricebookRequest{Pricebook: book})
	return err
}

// CreateCustomer adds a customer of the seller in Switzerland, with its people.
func (o Operator) CreateCustomer(ctx context.Context, sellerID string, people ...*ordersv1.NewContact) (customerID string, err error) {
	resp, err := o.Customers.CreateCustomer(o.Once(ctx), &ordersv1.CreateCustomerRequest{
		Customer: &ordersv1.Customer{SellerId: sellerID, DisplayName: "Example Customer", CountryCode: "CH"}, Contacts: people,
	})
	return resp.GetCustomer().GetCustomerId(), err
}

// UpdatePayer changes the fields of a payer that the paths name.
func (o Operator) UpdatePayer(ctx context.Context, payerID string, payer *accounttransferv1.Payer, paths ...string) error {
	_, err := o.Payers.UpdatePayer(o.Once(ctx), &accounttransferv1.UpdatePayerRequest{
		PayerId: payerID, Payer: payer, UpdateMask: &fieldmaskpb.FieldMask{Paths: paths},
	})
	return err
}

// ReinviteLinkedAccount has AWS asked for another invitation of a linked account.
func (o Operator) ReinviteLinkedAccount(ctx context.Context, transferID, accountID string) error {
	_, err := o.Transfers.ReinviteLinkedAccount(o.Once(ctx), &accounttransferv1.ReinviteLinkedAccountRequest{
		TransferId: transferID, AccountId: accountID,
	})
	return err
}

// RemoveLinkedAccount takes a linked account out of a transfer.
func (o Operator) RemoveLinkedAccount(ctx context.Context, transferID, accountID, reason string) error {
	_, err := o.Transfers.RemoveLinkedAccount(o.Once(ctx), &accounttransferv1.RemoveLinkedAccountRequest{
		TransferId: transferID, AccountId: accountID, Reason: reason,
	})
	return err
}

// SetPublicSector says whether a customer is of the public sector.
func (o Operator) SetPublicSector(ctx context.Context, customerID string, public bool) error {
	_, err := o.Customers.UpdateCustomer(o.Once(ctx), &ordersv1.UpdateCustomerRequest{
		CustomerId: customerID, Customer: &ordersv1.Customer{PublicSector: public},
		UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"public_sector"}},
	})
	return err
}
