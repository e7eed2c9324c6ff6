package party

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // wherever the machine has none

	"golang.org/x/text/language"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/text"
)

// Address is where a company receives post.
type Address struct {
	CountryCode        string   `json:"country_code"` // ISO 3166-1 alpha-2
	PostalCode         string   `json:"postal_code,omitempty"`
	AdministrativeArea string   `json:"administrative_area,omitempty"`
	Locality           string   `json:"locality,omitempty"`
	Lines              []string `json:"lines"`
}

// TaxKind is what kind of number a tax authority gave.
type TaxKind string

// The kinds of tax numbers.
const (
	VAT      TaxKind = "VAT"
	GST      TaxKind = "GST"
	SalesTax TaxKind = "SALES_TAX"
	Company  TaxKind = "COMPANY" // of the company itself: income tax, register
)

// TaxNumber is under what a tax authority knows a company.
type TaxNumber struct {
	CountryCode string  `json:"country_code"` // ISO 3166-1 alpha-2
	Kind        TaxKind `json:"kind"`
	Number      string  `json:"number"` // capital letters and digits alone
}

// written is what a document calls a company: at a path of the call.
type written struct {
	at      string // "postal_address" is beneath it; empty: the call's own
	address *Address
	numbers []TaxNumber
}

// check returns the tax numbers as they are kept. Refused with FIELD_REQUIRED, COUNTRY_UNKNOWN, TAX_NUMBER_INVALID, and ENTRY_TWICE.
func (w written) check() ([]TaxNumber, error) {
	if w.address != nil {
		if err := w.address.check(w.at + "postal_address"); err != nil {
			return nil, err
		}
	}
	kept := slices.Clone(w.numbers)
	for i := range kept {
		at := fmt.Sprintf("%stax_numbers[%d]", w.at, i)
		if err := kept[i].check(at); err != nil {
			return nil, err
		}
		same := func(n TaxNumber) bool { return n.CountryCode == kept[i].CountryCode && n.Kind == kept[i].Kind }
		if slices.ContainsFunc(kept[:i], same) {
			return nil, entryTwice(at, "one number a country and kind")
		}
	}
	return kept, nil
}

func (a *Address) check(at string) error {
	err := required(
		field{path: at + ".country_code", given: a.CountryCode != ""},
		field{path: at + ".locality", given: a.Locality != ""},
		field{path: at + ".address_lines", given: len(a.Lines) > 0},
	)
	if err != nil {
		return err
	}
	return countryKnown(at+".country_code", a.CountryCode)
}

// countryKnown refuses with COUNTRY_UNKNOWN what ISO 3166-1 does not have, or does not have any more: "UK" is reserved for who means GB.
func countryKnown(at, code string) error {
	if region, err := language.ParseRegion(code); err == nil && region.IsCountry() && region.Canonicalize().String() == code {
		return nil
	}
	return errs.InvalidField(at, ReasonCountryUnknown, "ISO 3166-1 has no country %q", code).
		WithRemedy(errs.Remedy{Who: "CUSTOMER", Text: text.New("remedy.correct_country")})
}

// check normalizes a number. What no form is known of must be letters and digits, four to twenty.
func (n *TaxNumber) check(at string) error {
	err := required(
		field{path: at + ".country_code", given: n.CountryCode != ""},
		field{path: at + ".kind", given: n.Kind != ""},
		field{path: at + ".number", given: n.Number != ""},
	)
	if err != nil {
		return err
	}
	if err := countryKnown(at+".country_code", n.CountryCode); err != nil {
		return err
	}
	n.Number = strings.ToUpper(strings.NewReplacer(" ", "", ".", "", "-", "", "/", "").Replace(n.Number))
	if !n.form().MatchString(n.Number) {
		return errs.InvalidField(at+".number", ReasonTaxNumberInvalid, "%s writes its numbers of this kind in another form", n.CountryCode).
			WithRemedy(errs.Remedy{Who: "CUSTOMER", Text: text.New("remedy.correct_tax_number")})
	}
	return nil
}

func (n *TaxNumber) form() *regexp.Regexp {
	form := "[0-9A-Z]{4,20}"
	if known := vatForm(n.CountryCode); n.Kind == VAT && known != "" {
		form = known
	}
	return regexp.MustCompile("^(" + form + ")$")
}

// vatForm is the form of a country's VAT numbers with the prefix, as VIES of the European Commission and the authorities of the others
// publish them; empty: not known. The check digits are left to the authorities' own registers: many of their rules have exceptions.
func vatForm(country string) string {
	forms := map[string]string{
		"AT": "ATU[0-9]{8}", "BE": "BE[01][0-9]{9}", "BG": "BG[0-9]{9,10}", "CH": "CHE[0-9]{9}(MWST|TVA|IVA)?", "CY": "CY[0-9]{8}[A-Z]",
		"CZ": "CZ[0-9]{8,10}", "DE": "DE[0-9]{9}", "DK": "DK[0-9]{8}", "EE": "EE[0-9]{9}", "ES": "ES[0-9A-Z][0-9]{7}[0-9A-Z]",
		"FI": "FI[0-9]{8}", "FR": "FR[0-9A-HJ-NP-Z]{2}[0-9]{9}", "GB": "(GB|XI)([0-9]{9}|[0-9]{12}|(GD|HA)[0-9]{3})", "GR": "EL[0-9]{9}",
		"HR": "HR[0-9]{11}", "HU": "HU[0-9]{8}", "IE": "IE([0-9]{7}[A-W][A-I]?|[0-9][A-Z+*][0-9]{5}[A-W])", "IT": "IT[0-9]{11}",
		"LI": "CHE[0-9]{9}(MWST|TVA|IVA)?", "LT": "LT([0-9]{9}|[0-9]{12})", "LU": "LU[0-9]{8}", "LV": "LV[0-9]{11}", "MT": "MT[0-9]{8}",
		"NL": "NL[0-9]{9}B[0-9]{2}", "NO": "(NO)?[0-9]{9}(MVA)?", "PL": "PL[0-9]{10}", "PT": "PT[0-9]{9}", "RO": "RO[0-9]{2,10}",
		"SE": "SE[0-9]{12}", "SI": "SI[0-9]{8}", "SK": "SK[0-9]{10}",
	}
	return forms[country]
}

// languageKnown refuses with LANGUAGE_UNKNOWN a tag of a language that does not exist. Empty: not said.
func languageKnown(at, tag string) error {
	if _, err := language.Parse(tag); tag == "" || err == nil {
		return nil
	}
	return errs.InvalidField(at, ReasonLanguageUnknown, "there is no language %q", tag).
		WithRemedy(errs.Remedy{Who: "CUSTOMER", Text: text.New("remedy.correct_language")})
}

// zoneKnown refuses with TIME_ZONE_UNKNOWN what the IANA database does not have. Empty: not said.
func zoneKnown(at, name string) error {
	if _, err := time.LoadLocation(name); name == "" || err == nil && name != "Local" {
		return nil
	}
	return errs.InvalidField(at, ReasonTimeZoneUnknown, "the IANA database has no time zone %q", name).
		WithRemedy(errs.Remedy{Who: "CUSTOMER", Text: text.New("remedy.correct_time_zone")})
}

func entryTwice(at, rule string) error {
	return errs.InvalidField(at, ReasonEntryTwice, "is there twice: %s", rule).
		WithRemedy(errs.Remedy{Who: "CUSTOMER", Text: text.New("remedy.leave_one_out")})
}
