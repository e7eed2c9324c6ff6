package orders_test

import (
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/rpc"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

const vat = ordersv1.TaxNumberKind_TAX_NUMBER_KIND_VAT

func inZurich() *ordersv1.PostalAddress {
	return &ordersv1.PostalAddress{
		CountryCode: "CH", PostalCode: "8001", AdministrativeArea: "ZH", Locality: "Zürich", AddressLines: []string{" Beispielstrasse 1 "},
	}
}

func swiss(number string) []*ordersv1.TaxNumber {
	return []*ordersv1.TaxNumber{{CountryCode: "CH", Kind: vat, Number: number}}
}

func company(change func(*ordersv1.LegalEntity)) []*ordersv1.LegalEntity {
	e := &ordersv1.LegalEntity{
		LegalName: "Example Holding AG", Roles: []ordersv1.LegalEntityRole{ordersv1.LegalEntityRole_LEGAL_ENTITY_ROLE_BUYER},
		PostalAddress: inZurich(), TaxNumbers: swiss("CHE-116.281.710 MWST"), ExternalId: "buyer-1",
	}
	change(e)
	return []*ordersv1.LegalEntity{e}
}

func (a *alone) profile(t *testing.T, c *ordersv1.Customer, paths ...string) (*ordersv1.Customer, error) {
	t.Helper()
	resp, err := a.customers.UpdateCustomer(a.operator(t), &ordersv1.UpdateCustomerRequest{
		CustomerId: a.customer, Customer: c, UpdateMask: mask(paths...),
	})
	return resp.GetCustomer(), err
}

// A customer has what its contracts and invoices must say of it, and its own people read it.
func TestProfileOfACustomer(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	whole := &ordersv1.Customer{
		LegalName: " Example Customer AG ", PostalAddress: inZurich(), TaxNumbers: swiss("che-116.281.710 mwst"),
		PurchaseOrderNumber: "PO 4711", Language: "de-CH", TimeZone: "Europe/Zurich", LegalEntities: company(func(*ordersv1.LegalEntity) {}),
	}
	paths := []string{
		"legal_name", "postal_address", "tax_numbers", "purchase_order_number", "language", "time_zone", "legal_entities",
	}
	if _, err := a.profile(t, whole, paths...); err != nil {
		t.Fatal(err)
	}
	read, err := a.customers.GetCustomer(a.person(t), &ordersv1.GetCustomerRequest{CustomerId: a.customer})
	if err != nil {
		t.Fatal(err)
	}
	got := read.GetCustomer()
	if got.GetLegalName() != "Example Customer AG" || got.GetPostalAddress().GetAddressLines()[0] != "Beispielstrasse 1" ||
		got.GetTaxNumbers()[0].GetNumber() != "CHE116281710MWST" || got.GetPurchaseOrderNumber() != "PO 4711" ||
		got.GetLanguage() != "de-CH" || got.GetTimeZone() != "Europe/Zurich" || got.GetDisplayName() != "Example Customer" {
		t.Errorf("it is %v", got)
	}
	buyer := got.GetLegalEntities()[0]
	if buyer.GetLegalEntityId() == "" || buyer.GetTaxNumbers()[0].GetNumber() != "CHE116281710MWST" {
		t.Errorf("the buyer is %v", buyer)
	}
	second := company(func(e *ordersv1.LegalEntity) { e.ExternalId, e.LegalName = "user-1", "Example Labs AG" })[0]
	got, err = a.profile(t, &ordersv1.Customer{LegalEntities: []*ordersv1.LegalEntity{second, buyer}}, "legal_entities")
	if err != nil || len(got.GetLegalEntities()) != 2 || !proto.Equal(got.GetLegalEntities()[1], buyer) ||
		got.GetLegalEntities()[0].GetLegalEntityId() == buyer.GetLegalEntityId() || got.GetLegalName() != "Example Customer AG" {
		t.Errorf("with another one: %v, %v", got, err)
	}
	again, err := a.profile(t, &ordersv1.Customer{LegalEntities: got.GetLegalEntities()}, "legal_entities")
	if err != nil || again.GetEtag() != got.GetEtag() {
		t.Errorf("the same again made a revision: %v, %v", again, err)
	}
	if got, err = a.profile(t, &ordersv1.Customer{}, "postal_address"); err != nil || got.GetPostalAddress() != nil {
		t.Errorf("the address stays: %v, %v", got, err)
	}
	_, err = a.customers.UpdateCustomer(a.person(t), &ordersv1.UpdateCustomerRequest{
		CustomerId: a.customer, Customer: &ordersv1.Customer{LegalName: "Other"}, UpdateMask: mask("legal_name"),
	})
	isRefused(t, err, codes.PermissionDenied, "ROLE_DENIED")
}

func TestProfilesThatAreRefused(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	address := func(change func(*ordersv1.PostalAddress)) *ordersv1.Customer {
		c := &ordersv1.Customer{PostalAddress: inZurich()}
		change(c.PostalAddress)
		return c
	}
	entity := func(change func(*ordersv1.LegalEntity)) *ordersv1.Customer {
		return &ordersv1.Customer{LegalEntities: company(change)}
	}
	both := append(company(func(*ordersv1.LegalEntity) {}), company(func(*ordersv1.LegalEntity) {})...)
	for _, tt := range []struct {
		c                   *ordersv1.Customer
		mask, field, reason string
	}{
		{&ordersv1.Customer{LegalName: "\u2800"}, "legal_name", "customer.legal_name", "string.plain_name"},
		{&ordersv1.Customer{PurchaseOrderNumber: "a\nb"}, "purchase_order_number", "customer.purchase_order_number", "string.plain_name"},
		{address(func(p *ordersv1.PostalAddress) { p.CountryCode = "" }), "postal_address", "postal_address.country_code", "FIELD_REQUIRED"},
		{address(func(p *ordersv1.PostalAddress) { p.CountryCode = "ZZ" }), "postal_address", "postal_address.country_code", "COUNTRY_UNKNOWN"},
		{address(func(p *ordersv1.PostalAddress) { p.CountryCode = "UK" }), "postal_address", "postal_address.country_code", "COUNTRY_UNKNOWN"},
		{address(func(p *ordersv1.PostalAddress) { p.Locality = " " }), "postal_address", "postal_address.locality", "FIELD_REQUIRED"},
		{address(func(p *ordersv1.PostalAddress) { p.AddressLines = nil }), "postal_address", "postal_address.address_lines", "FIELD_REQUIRED"},
		{
			address(func(p *ordersv1.PostalAddress) { p.AddressLines = []string{"a", "\t"} }),
			"postal_address", "customer.postal_address.address_lines[1]", "string.min_len",
		},
		{
			address(func(p *ordersv1.PostalAddress) { p.PostalCode = "80\n01" }),
			"postal_address", "customer.postal_address.postal_code", "string.pattern",
		},
		{&ordersv1.Customer{TaxNumbers: swiss("CHE-1")}, "tax_numbers", "tax_numbers[0].number", "TAX_NUMBER_INVALID"},
		{&ordersv1.Customer{TaxNumbers: swiss("")}, "tax_numbers", "tax_numbers[0].number", "FIELD_REQUIRED"},
		{
			&ordersv1.Customer{TaxNumbers: append(swiss("CHE116281710"), swiss("CHE116281711")...)},
			"tax_numbers", "tax_numbers[1]", "ENTRY_TWICE",
		},
		{&ordersv1.Customer{Language: "zz"}, "language", "language", "LANGUAGE_UNKNOWN"},
		{&ordersv1.Customer{TimeZone: "Europe/Berne"}, "time_zone", "time_zone", "TIME_ZONE_UNKNOWN"},
		{&ordersv1.Customer{TimeZone: "Local"}, "time_zone", "time_zone", "TIME_ZONE_UNKNOWN"},
		{entity(func(e *ordersv1.LegalEntity) { e.LegalName = "" }), "legal_entities", "legal_entities[0].legal_name", "FIELD_REQUIRED"},
		{entity(func(e *ordersv1.LegalEntity) { e.Roles = nil }), "legal_entities", "legal_entities[0].roles", "FIELD_REQUIRED"},
		{entity(func(e *ordersv1.LegalEntity) { e.PostalAddress = nil }), "legal_entities", "legal_entities[0].postal_address", "FIELD_REQUIRED"},
		{
			entity(func(e *ordersv1.LegalEntity) { e.PostalAddress.CountryCode = "ZZ" }),
			"legal_entities", "legal_entities[0].postal_address.country_code", "COUNTRY_UNKNOWN",
		},
		{
			entity(func(e *ordersv1.LegalEntity) { e.LegalEntityId = "ent_00000000000000000000000000" }),
			"legal_entities", "legal_entities[0].legal_entity_id", "LEGAL_ENTITY_UNKNOWN",
		},
		{&ordersv1.Customer{LegalEntities: both}, "legal_entities", "legal_entities[1].external_id", "ENTRY_TWICE"},
	} {
		_, err := a.profile(t, tt.c, tt.mask)
		isRefusedAt(t, err, within("customer", tt.field), tt.reason)
	}
	got, err := a.customers.GetCustomer(a.operator(t), &ordersv1.GetCustomerRequest{CustomerId: a.customer})
	if err != nil || got.GetCustomer().GetLegalName() != "" || got.GetCustomer().GetPostalAddress() != nil {
		t.Errorf("something was kept: %v, %v", got, err)
	}
}

// isRefusedAt wants the field named with its reason, and who can mend it unless the contract's own rule says all.
func isRefusedAt(t *testing.T, err error, field, reason string) {
	t.Helper()
	e, _ := errs.As(rpc.FromStatus(err))
	if e == nil || e.Kind != errs.Invalid || len(e.Fields) == 0 || e.Fields[0].Path != field || e.Fields[0].Reason != reason {
		t.Errorf("%s: got %v %+v, want %s", field, err, e, reason)
		return
	}
	if e.Reason != "REQUEST_INVALID" && e.Remedy == nil {
		t.Errorf("%s: nobody is told what to do", field)
	}
}

// A seller has what its documents say of it, and a customer reads that.
func TestDetailsOfASeller(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	sellers := ordersv1.NewSellerServiceClient(a.Conn())
	update := func(s *ordersv1.Seller, paths ...string) error {
		_, err := sellers.UpdateSeller(a.operator(t), &ordersv1.UpdateSellerRequest{SellerId: a.seller, Seller: s, UpdateMask: mask(paths...)})
		return err
	}
	whole := &ordersv1.Seller{
		PostalAddress: inZurich(), TaxNumbers: swiss("CHE-116.281.710 MWST"),
		BankAccounts: []*ordersv1.BankAccount{
			{CurrencyCode: "EUR", BankName: "Example Bank", Iban: "CH93 0076 2011 6238 5295 7", Bic: "POFICHBEXXX"},
			{AccountNumber: "123456789", RoutingNumber: "021000021"},
		},
		Brand: &ordersv1.Brand{
			DisplayName: "Example Cloud", LogoUri: "https://example.com/logo.svg", Color: "#0055AA", SupportEmail: " help@bücher.example",
		},
		InvoiceTexts: []*ordersv1.InvoiceText{{Language: "de", PaymentTerms: "30 Tage netto.\nOhne Abzug.", Footer: "Example Reseller AG"}},
	}
	if err := update(whole, "postal_address", "tax_numbers", "bank_accounts", "brand", "invoice_texts"); err != nil {
		t.Fatal(err)
	}
	read, err := sellers.GetSeller(a.person(t), &ordersv1.GetSellerRequest{SellerId: a.seller})
	got := read.GetSeller()
	if err != nil || got.GetBankAccounts()[0].GetIban() != "CH9300762011623852957" ||
		got.GetTaxNumbers()[0].GetNumber() != "CHE116281710MWST" ||
		got.GetBrand().GetSupportEmail() != "help@bücher.example" || !proto.Equal(got.GetInvoiceTexts()[0], whole.GetInvoiceTexts()[0]) {
		t.Errorf("it is %v, %v", got, err)
	}
	accounts := func(all ...*ordersv1.BankAccount) *ordersv1.Seller { return &ordersv1.Seller{BankAccounts: all} }
	texts := func(languages ...string) *ordersv1.Seller {
		s := &ordersv1.Seller{}
		for _, l := range languages {
			s.InvoiceTexts = append(s.InvoiceTexts, &ordersv1.InvoiceText{Language: l})
		}
		return s
	}
	const iban = "CH9300762011623852957"
	for _, tt := range []struct {
		s                   *ordersv1.Seller
		mask, field, reason string
	}{
		{accounts(&ordersv1.BankAccount{Iban: "CH9300762011623852958"}), "bank_accounts", "bank_accounts[0].iban", "BANK_ACCOUNT_INVALID"},
		{accounts(&ordersv1.BankAccount{}), "bank_accounts", "bank_accounts[0]", "BANK_ACCOUNT_INVALID"},
		{accounts(&ordersv1.BankAccount{AccountNumber: "1"}), "bank_accounts", "bank_accounts[0]", "BANK_ACCOUNT_INVALID"},
		{accounts(&ordersv1.BankAccount{Iban: iban, AccountNumber: "1"}), "bank_accounts", "bank_accounts[0].iban", "BANK_ACCOUNT_INVALID"},
		{accounts(&ordersv1.BankAccount{Iban: iban, Bic: "POFI"}), "bank_accounts", "seller.bank_accounts[0].bic", "string.pattern"},
		{
			accounts(&ordersv1.BankAccount{Iban: iban, CurrencyCode: "USD"}),
			"bank_accounts", "bank_accounts[0].currency_code", "CURRENCY_NOT_SERVED",
		},
		{
			accounts(&ordersv1.BankAccount{Iban: iban}, &ordersv1.BankAccount{Iban: iban}),
			"bank_accounts", "bank_accounts[1].currency_code", "ENTRY_TWICE",
		},
		{&ordersv1.Seller{Brand: &ordersv1.Brand{LogoUri: "http://example.com/l"}}, "brand", "seller.brand.logo_uri", "string.prefix"},
		{&ordersv1.Seller{Brand: &ordersv1.Brand{Color: "blue"}}, "brand", "seller.brand.color", "string.pattern"},
		{
			&ordersv1.Seller{Brand: &ordersv1.Brand{SupportEmail: "help@localhost"}},
			"brand", "seller.brand.support_email", "string.mail_address",
		},
		{texts("de", "DE"), "invoice_texts", "invoice_texts[1].language", "ENTRY_TWICE"},
		{texts(""), "invoice_texts", "invoice_texts[0].language", "FIELD_REQUIRED"},
		{texts("zz"), "invoice_texts", "invoice_texts[0].language", "LANGUAGE_UNKNOWN"},
		{&ordersv1.Seller{CountryCodes: []string{"CH", "ZZ"}}, "country_codes", "country_codes[1]", "COUNTRY_UNKNOWN"},
	} {
		isRefusedAt(t, update(tt.s, tt.mask), within("seller", tt.field), tt.reason)
	}
	_, err = sellers.UpdateSeller(a.person(t), &ordersv1.UpdateSellerRequest{
		SellerId: a.seller, Seller: whole, UpdateMask: mask("bank_accounts"),
	})
	isRefused(t, err, codes.PermissionDenied, "ROLE_DENIED")
}

// A seller goes on to sell where it has customers: it must be able to invoice them.
func TestCountriesWithCustomersStay(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	sellers := ordersv1.NewSellerServiceClient(a.Conn())
	update := func(countries ...string) error {
		_, err := sellers.UpdateSeller(a.operator(t), &ordersv1.UpdateSellerRequest{
			SellerId: a.seller, Seller: &ordersv1.Seller{CountryCodes: countries}, UpdateMask: mask("country_codes"),
		})
		return err
	}
	if err := update("CH", "DE"); err != nil {
		t.Fatal(err)
	}
	err := update("DE")
	isRefused(t, err, codes.FailedPrecondition, "COUNTRY_IN_USE")
	if _, err := a.profile(t, &ordersv1.Customer{CountryCode: "DE"}, "country_code"); err != nil {
		t.Fatal(err)
	}
	if err := update("DE"); err != nil {
		t.Errorf("a country without customers: %v", err)
	}
}

// within is where a field of a resource stands in a request that carries the resource.
func within(resource, path string) string {
	return resource + "." + strings.TrimPrefix(path, resource+".")
}
