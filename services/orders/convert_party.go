package orders

import (
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/orders/internal/party"
)

func toSeller(r store.Row[party.Seller]) *ordersv1.Seller {
	if r.Doc == nil {
		return nil
	}
	return showDetails(&ordersv1.Seller{
		SellerId: r.ID, DisplayName: r.Doc.DisplayName, LegalName: r.Doc.LegalName, CountryCodes: r.Doc.CountryCodes,
		CurrencyCode: r.Doc.CurrencyCode, FurtherCurrencyCodes: r.Doc.FurtherCurrencyCodes,
		Etag: r.ETag(), CreateTime: wire.Time(r.CreatedAt), UpdateTime: wire.Time(r.UpdatedAt),
	}, r.Doc.Details)
}

func fromSeller(s *ordersv1.Seller, id string) party.Seller {
	return party.Seller{
		ID: id, DisplayName: s.GetDisplayName(), LegalName: s.GetLegalName(),
		CountryCodes: s.GetCountryCodes(), CurrencyCode: s.GetCurrencyCode(), FurtherCurrencyCodes: s.GetFurtherCurrencyCodes(),
		Details: fromDetails(s),
	}
}

func sellerEdit(s *ordersv1.Seller, mask *fieldmaskpb.FieldMask) (e party.SellerEdit, err error) {
	fields := []string{"display_name", "legal_name", "country_codes", "currency_code", "further_currency_codes"}
	paths, err := wire.Mask(mask, append(fields, detailFields()...)...)
	for _, path := range paths {
		switch path {
		case "display_name":
			e.DisplayName = &s.DisplayName
		case "legal_name":
			e.LegalName = &s.LegalName
		case "country_codes":
			e.CountryCodes = &s.CountryCodes
		case "currency_code":
			e.CurrencyCode = &s.CurrencyCode
		case "further_currency_codes":
			e.FurtherCurrencyCodes = &s.FurtherCurrencyCodes
		default:
			e.Details = reviseDetails(s, paths)
		}
	}
	return e, err
}

func toCustomer(r store.Row[party.Customer]) *ordersv1.Customer {
	if r.Doc == nil {
		return nil
	}
	c := &ordersv1.Customer{
		CustomerId: r.ID, SellerId: r.Doc.SellerID, DisplayName: r.Doc.DisplayName, CountryCode: r.Doc.CountryCode,
		CurrencyCode: r.Doc.CurrencyCode, PartnerId: r.Doc.PartnerID, PublicSector: r.Doc.PublicSector,
		ExternalId: r.Doc.ExternalID, Labels: r.Doc.Labels,
		LegalName: r.Doc.Profile.LegalName, PostalAddress: toAddress(r.Doc.Profile.Address), TaxNumbers: toTaxNumbers(r.Doc.Profile.TaxNumbers),
		PurchaseOrderNumber: r.Doc.Profile.PurchaseOrderNumber, Language: r.Doc.Profile.Language, TimeZone: r.Doc.Profile.TimeZone,
		LegalEntities: toEntities(r.Doc.Profile.LegalEntities),
		Etag:          r.ETag(), CreateTime: wire.Time(r.CreatedAt), UpdateTime: wire.Time(r.UpdatedAt),
	}
	if p := r.Doc.Provider; p != nil {
		c.Provider = &ordersv1.Provider{CurrencyCode: p.CurrencyCode, PricebookId: p.PricebookID, PortalEnabled: p.PortalEnabled}
	}
	for _, e := range r.Doc.Exceptions {
		c.Exceptions = append(c.Exceptions, &ordersv1.EligibilityException{
			Rule: e.Rule, Reason: e.Reason, ExpireTime: wire.Time(e.ExpiresAt), GrantedBy: wire.Actor(e.GrantedBy),
			GrantTime: wire.Time(e.GrantedAt),
		})
	}
	for _, k := range r.Doc.Contacts {
		c.Contacts = append(c.Contacts, &ordersv1.Contact{PersonId: k.PersonID, Roles: toRoles(k.Roles)})
	}
	return c
}

func fromCustomer(c *ordersv1.Customer, id string) party.Customer {
	return party.Customer{
		ID: id, SellerID: c.GetSellerId(), DisplayName: c.GetDisplayName(), CountryCode: c.GetCountryCode(),
		CurrencyCode: c.GetCurrencyCode(), PartnerID: c.GetPartnerId(), PublicSector: c.GetPublicSector(),
		ExternalID: c.GetExternalId(), Labels: c.GetLabels(), Profile: fromProfile(c),
	}
}

func customerEdit(c *ordersv1.Customer, mask *fieldmaskpb.FieldMask) (e party.CustomerEdit, err error) {
	fields := []string{"display_name", "country_code", "currency_code", "partner_id", "public_sector", "external_id", "labels"}
	paths, err := wire.Mask(mask, append(fields, profileFields()...)...)
	for _, path := range paths {
		switch path {
		case "display_name":
			e.DisplayName = &c.DisplayName
		case "country_code":
			e.CountryCode = &c.CountryCode
		case "currency_code":
			e.CurrencyCode = &c.CurrencyCode
		case "partner_id":
			e.PartnerID = &c.PartnerId
		case "public_sector":
			e.PublicSector = &c.PublicSector
		case "external_id":
			e.ExternalID = &c.ExternalId
		case "labels":
			e.Labels = &c.Labels
		default:
			e.Profile, e.EntityIDs = reviseProfile(c, paths), entityIDs(c)
		}
	}
	return e, err
}

func fromNewContact(c *ordersv1.NewContact, id, customerID string) (party.Person, party.Contact) {
	return party.Person{
		ID: id, CustomerID: customerID, GivenName: c.GetGivenName(), FamilyName: c.GetFamilyName(),
		Email: c.GetEmail(), Phone: c.GetPhone(), Language: c.GetLanguage(),
	}, party.Contact{PersonID: id, Roles: fromRoles(c.GetRoles())}
}

func toPerson(r store.Row[party.Person], roles []party.ContactRole) *ordersv1.Person {
	return &ordersv1.Person{
		PersonId: r.ID, CustomerId: r.Doc.CustomerID, GivenName: r.Doc.GivenName, FamilyName: r.Doc.FamilyName,
		Email: r.Doc.Email, Phone: r.Doc.Phone, Language: r.Doc.Language, Erased: r.Doc.Erased, Roles: toRoles(roles),
		EmailTime: wire.Time(r.Doc.EmailSince),
	}
}

// personEdit takes the masked values; roles is nil when the mask does not name them, for they are the customer's to hold.
func personEdit(p *ordersv1.Person, mask *fieldmaskpb.FieldMask) (e party.PersonEdit, roles *[]party.ContactRole, err error) {
	paths, err := wire.Mask(mask, "given_name", "family_name", "email", "phone", "language", "roles")
	for _, path := range paths {
		switch path {
		case "given_name":
			e.GivenName = &p.GivenName
		case "family_name":
			e.FamilyName = &p.FamilyName
		case "email":
			e.Email = &p.Email
		case "phone":
			e.Phone = &p.Phone
		case "language":
			e.Language = &p.Language
		case "roles":
			roles = new(fromRoles(p.GetRoles()))
		}
	}
	return e, roles, err
}

func toRoles(roles []party.ContactRole) []ordersv1.ContactRole {
	var out []ordersv1.ContactRole
	for _, role := range roles {
		out = append(out, wire.Value[ordersv1.ContactRole](string(role)))
	}
	return out
}

func fromRoles(roles []ordersv1.ContactRole) []party.ContactRole {
	var out []party.ContactRole
	for _, role := range roles {
		out = append(out, party.ContactRole(wire.Name(role)))
	}
	return out
}
