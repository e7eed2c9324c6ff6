package party_test

import (
	"testing"

	"example.com/handover/pkg/errs"
	"example.com/handover/services/orders/internal/party"
)

// Numbers are those that the authorities print as examples, or made up; what is kept has capital letters and digits alone.
func TestTaxNumbers(t *testing.T) {
	for _, tt := range []struct {
		country, number, kept string // kept empty: refused
		kind                  party.TaxKind
	}{
		{"CH", "CHE-116.281.710 MWST", "CHE116281710MWST", party.VAT},
		{"CH", "CHE-116.281.71", "", party.VAT},
		{"DE", "de 136 695 976", "DE136695976", party.VAT},
		{"DE", "136695976", "", party.VAT},
		{"DE", "FR136695976", "", party.VAT},
		{"GR", "EL123456789", "EL123456789", party.VAT},
		{"GR", "GR123456789", "", party.VAT},
		{"GB", "XI 123 4567 89", "XI123456789", party.VAT},
		{"GB", "GBGD001", "GBGD001", party.VAT},
		{"IE", "IE6388047V", "IE6388047V", party.VAT},
		{"NL", "NL123456789B01", "NL123456789B01", party.VAT},
		{"NO", "123456785 MVA", "123456785MVA", party.VAT},
		{"MX", "ABC680524P76", "ABC680524P76", party.VAT}, // no form known
		{"US", "12-3456789", "123456789", party.Company},
		{"US", "12", "", party.Company},
		{"AU", "51 824 753 556", "51824753556", party.GST},
	} {
		c := customer()
		c.Profile.TaxNumbers = []party.TaxNumber{{CountryCode: tt.country, Kind: tt.kind, Number: tt.number}}
		got, _, err := party.NewCustomer(c, seller(), nil)
		switch {
		case tt.kept == "" && errs.ReasonOf(err) != party.ReasonTaxNumberInvalid:
			t.Errorf("%s %s: got %v", tt.country, tt.number, err)
		case tt.kept != "" && (err != nil || got.Profile.TaxNumbers[0].Number != tt.kept):
			t.Errorf("%s %s: got %+v, %v", tt.country, tt.number, got, err)
		case c.Profile.TaxNumbers[0].Number != tt.number:
			t.Errorf("%s: the caller's own list was changed", tt.number)
		}
	}
}

func TestBankAccounts(t *testing.T) {
	for iban, right := range map[string]bool{
		"CH93 0076 2011 6238 5295 7": true, "de89370400440532013000": true, "GB29NWBK60161331926819": true,
		"MT84MALT011000012345MTLCAST001S": true,
		"CH9300762011623852958":           false, "CH3900762011623852957": false, "XX9300762011623852957": false, "CH93": false, "CH93!": false,
	} {
		s := seller()
		s.Details.BankAccounts = []party.BankAccount{{IBAN: iban}}
		if _, _, err := party.NewSeller(s); right != (err == nil) || !right && errs.ReasonOf(err) != party.ReasonBankAccountInvalid {
			t.Errorf("%s: got %v", iban, err)
		}
	}
}
