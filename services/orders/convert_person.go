package orders

import (
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/orders/internal/party"
)

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
