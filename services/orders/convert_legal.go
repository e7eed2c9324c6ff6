package orders

import (
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/wire"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/orders/internal/party"
)

func toAddress(a *party.Address) *ordersv1.PostalAddress {
	if a == nil {
		return nil
	}
	return &ordersv1.PostalAddress{
		CountryCode: a.CountryCode, PostalCode: a.PostalCode, AdministrativeArea: a.AdministrativeArea, Locality: a.Locality,
		AddressLines: a.Lines,
	}
}

func fromAddress(a *ordersv1.PostalAddress) *party.Address {
	if a == nil {
		return nil
	}
	return &party.Address{
		CountryCode: a.GetCountryCode(), PostalCode: a.GetPostalCode(), AdministrativeArea: a.GetAdministrativeArea(),
		Locality: a.GetLocality(), Lines: a.GetAddressLines(),
	}
}

func toTaxNumbers(numbers []party.TaxNumber) (out []*ordersv1.TaxNumber) {
	for _, n := range numbers {
		out = append(out, &ordersv1.TaxNumber{
			CountryCode: n.CountryCode, Kind: wire.Value[ordersv1.TaxNumberKind](string(n.Kind)), Number: n.Number,
		})
	}
	return out
}

func fromTaxNumbers(numbers []*ordersv1.TaxNumber) (out []party.TaxNumber) {
	for _, n := range numbers {
		out = append(out, party.TaxNumber{
			CountryCode: n.GetCountryCode(), Kind: party.TaxKind(wire.Name(n.GetKind())), Number: n.GetNumber(),
		})
	}
	return out
}

func toEntities(entities []party.LegalEntity) (out []*ordersv1.LegalEntity) {
	for _, e := range entities {
		entity := &ordersv1.LegalEntity{
			LegalEntityId: e.ID, LegalName: e.LegalName, PostalAddress: toAddress(e.Address), TaxNumbers: toTaxNumbers(e.TaxNumbers),
			ExternalId: e.ExternalID,
		}
		for _, role := range e.Roles {
			entity.Roles = append(entity.Roles, wire.Value[ordersv1.LegalEntityRole](string(role)))
		}
		out = append(out, entity)
	}
	return out
}

func fromEntities(entities []*ordersv1.LegalEntity) (out []party.LegalEntity) {
	for _, e := range entities {
		entity := party.LegalEntity{
			ID: e.GetLegalEntityId(), LegalName: e.GetLegalName(), Address: fromAddress(e.GetPostalAddress()),
			TaxNumbers: fromTaxNumbers(e.GetTaxNumbers()), ExternalID: e.GetExternalId(),
		}
		for _, role := range e.GetRoles() {
			entity.Roles = append(entity.Roles, party.EntityRole(wire.Name(role)))
		}
		out = append(out, entity)
	}
	return out
}

// entityIDs are ids for as many legal entities as a call brings.
func entityIDs(c *ordersv1.Customer) (ids []string) {
	for range c.GetLegalEntities() {
		ids = append(ids, id.New(prefixEntity))
	}
	return ids
}

// profileFields are the masks of a customer's profile.
func profileFields() []string {
	return []string{
		"legal_name", "postal_address", "tax_numbers", "purchase_order_number", "language", "time_zone", "legal_entities",
	}
}

func fromProfile(c *ordersv1.Customer) (p party.Profile) {
	reviseProfile(c, profileFields())(&p)
	return p
}

// reviseProfile takes the masked values over.
func reviseProfile(c *ordersv1.Customer, paths []string) func(*party.Profile) {
	return func(p *party.Profile) {
		for _, path := range paths {
			switch path {
			case "legal_name":
				p.LegalName = c.GetLegalName()
			case "postal_address":
				p.Address = fromAddress(c.GetPostalAddress())
			case "tax_numbers":
				p.TaxNumbers = fromTaxNumbers(c.GetTaxNumbers())
			case "purchase_order_number":
				p.PurchaseOrderNumber = c.GetPurchaseOrderNumber()
			case "language":
				p.Language = c.GetLanguage()
			case "time_zone":
				p.TimeZone = c.GetTimeZone()
			case "legal_entities":
				p.LegalEntities = fromEntities(c.GetLegalEntities())
			}
		}
	}
}

// detailFields are the masks of what a seller's documents say of it.
func detailFields() []string {
	return []string{"postal_address", "tax_numbers", "bank_accounts", "brand", "invoice_texts"}
}

func fromDetails(s *ordersv1.Seller) (d party.Details) {
	reviseDetails(s, detailFields())(&d)
	return d
}

// reviseDetails takes the masked values over.
func reviseDetails(s *ordersv1.Seller, paths []string) func(*party.Details) {
	return func(d *party.Details) {
		for _, path := range paths {
			switch path {
			case "postal_address":
				d.Address = fromAddress(s.GetPostalAddress())
			case "tax_numbers":
				d.TaxNumbers = fromTaxNumbers(s.GetTaxNumbers())
			case "bank_accounts":
				d.BankAccounts = fromBankAccounts(s.GetBankAccounts())
			case "brand":
				d.Brand = fromBrand(s.GetBrand())
			case "invoice_texts":
				d.InvoiceTexts = fromInvoiceTexts(s.GetInvoiceTexts())
			}
		}
	}
}

func fromBankAccounts(accounts []*ordersv1.BankAccount) (out []party.BankAccount) {
	for _, a := range accounts {
		out = append(out, party.BankAccount{
			CurrencyCode: a.GetCurrencyCode(), BankName: a.GetBankName(), IBAN: a.GetIban(), BIC: a.GetBic(),
			AccountNumber: a.GetAccountNumber(), RoutingNumber: a.GetRoutingNumber(),
		})
	}
	return out
}

func fromBrand(b *ordersv1.Brand) *party.Brand {
	if b == nil {
		return nil
	}
	return &party.Brand{DisplayName: b.GetDisplayName(), LogoURI: b.GetLogoUri(), Color: b.GetColor(), SupportEmail: b.GetSupportEmail()}
}

func fromInvoiceTexts(texts []*ordersv1.InvoiceText) (out []party.InvoiceText) {
	for _, t := range texts {
		out = append(out, party.InvoiceText{Language: t.GetLanguage(), PaymentTerms: t.GetPaymentTerms(), Footer: t.GetFooter()})
	}
	return out
}

// showDetails writes what a seller's documents say of it.
func showDetails(out *ordersv1.Seller, d party.Details) *ordersv1.Seller {
	out.PostalAddress, out.TaxNumbers = toAddress(d.Address), toTaxNumbers(d.TaxNumbers)
	for _, a := range d.BankAccounts {
		out.BankAccounts = append(out.BankAccounts, &ordersv1.BankAccount{
			CurrencyCode: a.CurrencyCode, BankName: a.BankName, Iban: a.IBAN, Bic: a.BIC,
			AccountNumber: a.AccountNumber, RoutingNumber: a.RoutingNumber,
		})
	}
	if b := d.Brand; b != nil {
		out.Brand = &ordersv1.Brand{DisplayName: b.DisplayName, LogoUri: b.LogoURI, Color: b.Color, SupportEmail: b.SupportEmail}
	}
	for _, t := range d.InvoiceTexts {
		out.InvoiceTexts = append(out.InvoiceTexts, &ordersv1.InvoiceText{
			Language: t.Language, PaymentTerms: t.PaymentTerms, Footer: t.Footer,
		})
	}
	return out
}
