package consent

import "example.com/handover/pkg/fact"

// Person is who signs for a side: personal data, in a row of its own, where it can be erased. It is never part of a fact that
// leaves the service.
type Person struct {
	ID         string `json:"id"`
	CustomerID string `json:"customer_id"`
	ConsentID  string `json:"consent_id"`
	Side       Side   `json:"side"`
	GivenName  string `json:"given_name,omitempty"`
	FamilyName string `json:"family_name,omitempty"`
	Position   string `json:"position,omitempty"`
	Email      string `json:"email,omitempty"`
	Erased     bool   `json:"erased,omitempty"`
}

// Complete refuses with FIELD_REQUIRED a person that AWS could not write to.
func (p *Person) Complete() error {
	var missing []string
	for _, f := range []struct{ path, value string }{
		{"signatory.given_name", p.GivenName + p.FamilyName}, {"signatory.email", p.Email}, // some people have one name
	} {
		if f.value == "" {
			missing = append(missing, f.path)
		}
	}
	return required(missing)
}

// Erase blanks everything personal and keeps the ids.
func (p *Person) Erase() []fact.Fact {
	if p.Erased {
		return nil
	}
	*p = Person{ID: p.ID, CustomerID: p.CustomerID, ConsentID: p.ConsentID, Side: p.Side, Erased: true}
	return []fact.Fact{{Name: FactPersonErased, Private: true}} // the consent tells who asked, and why
}
