package party_test

import (
	"encoding/json"
	"strings"
	"testing"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/services/orders/internal/party"
)

func seller() party.Seller {
	return party.Seller{ID: "sel_1", DisplayName: "Alps", LegalName: "Alps AG", CountryCodes: []string{"CH", "LI"}, CurrencyCode: "CHF"}
}

func customer() party.Customer {
	return party.Customer{ID: "cus_1", DisplayName: "Acme", CountryCode: "CH"}
}

func operator() call.Actor { return call.Actor{Subject: "op-1", Role: "OPERATOR"} }

func ptr[T any](v T) *T { return &v }

func TestNewSeller(t *testing.T) {
	if s, facts, err := party.NewSeller(seller()); err != nil || len(facts) != 1 || s.ID != "sel_1" {
		t.Fatalf("got %+v %v %v", s, facts, err)
	}
	for field, drop := range map[string]func(*party.Seller){
		"display_name":  func(s *party.Seller) { s.DisplayName = "" },
		"legal_name":    func(s *party.Seller) { s.LegalName = "" },
		"country_codes": func(s *party.Seller) { s.CountryCodes = nil },
		"currency_code": func(s *party.Seller) { s.CurrencyCode = "" },
	} {
		in := seller()
		drop(&in)
		_, _, err := party.NewSeller(in)
		if e, ok := errs.As(err); !ok || e.Reason != party.ReasonFieldRequired || e.Fields[0].Path != field {
			t.Errorf("without %s: got %v", field, err)
		}
	}
}

func TestReviseSeller(t *testing.T) {
	s, used, free := seller(), party.InUse{Customers: true}, party.InUse{}
	if facts, err := s.Revise(party.SellerEdit{DisplayName: ptr("Alps")}, used); err != nil || facts != nil {
		t.Fatalf("the same again: got %v %v", facts, err)
	}
	if _, err := s.Revise(party.SellerEdit{CurrencyCode: ptr("EUR")}, used); errs.ReasonOf(err) != party.ReasonCurrencyInUse ||
		s.CurrencyCode != "CHF" {
		t.Fatalf("with customers: got %v, %s", err, s.CurrencyCode)
	}
	if facts, err := s.Revise(party.SellerEdit{CurrencyCode: ptr("EUR"), CountryCodes: ptr([]string{"DE"})}, free); err != nil ||
		len(facts) != 1 || s.CurrencyCode != "EUR" || !s.Serves("DE") || s.Serves("CH") {
		t.Fatalf("without customers: got %v %v %+v", facts, err, s)
	}
	if _, err := s.Revise(party.SellerEdit{FurtherCurrencyCodes: ptr([]string{"USD", "EUR", "GBP"})}, used); err != nil ||
		len(s.FurtherCurrencyCodes) != 2 || !s.Sells("USD") || !s.Sells("EUR") || s.Sells("CHF") {
		t.Fatalf("with further currencies: got %v %+v", err, s)
	}
	if _, err := s.Revise(
		party.SellerEdit{FurtherCurrencyCodes: ptr([]string{"USD"})}, used,
	); errs.ReasonOf(err) != party.ReasonCurrencyInUse || !s.Sells("GBP") {
		t.Fatalf("a further currency was taken from customers: %v", err)
	}
	if _, err := s.Revise(party.SellerEdit{LegalName: ptr("")}, free); errs.ReasonOf(err) != party.ReasonFieldRequired || s.LegalName == "" {
		t.Fatalf("cleared name: got %v", err)
	}
}

func TestNewCustomer(t *testing.T) {
	c, facts, err := party.NewCustomer(customer(), seller(), nil)
	if err != nil || len(facts) != 1 || c.CurrencyCode != "CHF" || c.SellerID != "sel_1" {
		t.Fatalf("got %+v %v %v", c, facts, err)
	}
	tests := []struct {
		name, reason string
		turn         func(*party.Customer)
	}{
		{"ORD-003 a country where the seller is not", party.ReasonCountryNotServed, func(c *party.Customer) { c.CountryCode = "BR" }},
		{
			"BIL-016 a currency that the seller does not sell in", party.ReasonCurrencyNotServed, func(c *party.Customer) { c.CurrencyCode = "USD" },
		},
		{"no name", party.ReasonFieldRequired, func(c *party.Customer) { c.DisplayName = "" }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := customer()
			tt.turn(&in)
			if _, _, err := party.NewCustomer(in, seller(), nil); errs.ReasonOf(err) != tt.reason {
				t.Fatalf("got %v", err)
			}
		})
	}
}

func TestReviseCustomer(t *testing.T) {
	c, _, err := party.NewCustomer(customer(), seller(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if facts, err := c.Revise(party.CustomerEdit{CountryCode: ptr("CH")}, seller(), operator()); err != nil || facts != nil {
		t.Fatalf("the same again: got %v %v", facts, err)
	}
	if _, err := c.Revise(
		party.CustomerEdit{CountryCode: ptr("DE")}, seller(), operator(),
	); errs.ReasonOf(err) != party.ReasonCountryNotServed || c.CountryCode != "CH" {
		t.Fatalf("got %v, %s", err, c.CountryCode)
	}
	if facts, err := c.Revise(party.CustomerEdit{CountryCode: ptr("LI"), PublicSector: ptr(true)}, seller(), operator()); err != nil ||
		len(facts) != 1 || !c.PublicSector {
		t.Fatalf("got %v %v", facts, err)
	}
	away := party.CustomerEdit{PartnerID: ptr("par_2")}
	if _, err := c.Revise(away, seller(), call.Actor{Subject: "pa-1", Role: "PARTNER"}); errs.ReasonOf(err) != party.ReasonRoleDenied ||
		c.PartnerID != "" {
		t.Fatalf("a partner gave it away: %v", err)
	}
	if _, err := c.Revise(away, seller(), operator()); err != nil || c.PartnerID != "par_2" {
		t.Fatalf("Operations: %v", err)
	}
}

func TestErasePerson(t *testing.T) {
	p, facts, err := party.NewPerson(
		party.Person{ID: "per_1", CustomerID: "cus_1", GivenName: "Ada", FamilyName: "Byron", Email: "ada@example.com", Phone: "+41 1"},
	)
	if err != nil || p.Language != "en" {
		t.Fatalf("got %+v %v", p, err)
	}
	erased, err := p.Erase()
	if err != nil || len(erased) != 1 {
		t.Fatalf("got %v %v", erased, err)
	}
	doc, err := json.Marshal(struct{ Doc, Facts any }{p, append(facts, erased...)})
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"Ada", "Byron", "ada@", "+41"} {
		if strings.Contains(string(doc), secret) {
			t.Errorf("%q is still there: %s", secret, doc)
		}
	}
	if again, err := p.Erase(); err != nil || again != nil {
		t.Fatalf("again: got %v %v", again, err)
	}
}
