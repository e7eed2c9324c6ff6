package party

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/text"
)

// BankAccount is one that a seller is paid to.
type BankAccount struct {
	CurrencyCode  string `json:"currency_code,omitempty"` // ISO 4217; empty: any
	BankName      string `json:"bank_name,omitempty"`
	IBAN          string `json:"iban,omitempty"` // without spaces
	BIC           string `json:"bic,omitempty"`
	AccountNumber string `json:"account_number,omitempty"`
	RoutingNumber string `json:"routing_number,omitempty"`
}

// Brand is how a seller shows itself to its customers.
type Brand struct {
	DisplayName  string `json:"display_name,omitempty"`
	LogoURI      string `json:"logo_uri,omitempty"`
	Color        string `json:"color,omitempty"`
	SupportEmail string `json:"support_email,omitempty"`
}

// InvoiceText is what stands on a seller's invoices in one language.
type InvoiceText struct {
	Language     string `json:"language"`
	PaymentTerms string `json:"payment_terms,omitempty"`
	Footer       string `json:"footer,omitempty"`
}

// Details are what a seller's documents say of it.
type Details struct {
	Address      *Address      `json:"address,omitempty"`
	TaxNumbers   []TaxNumber   `json:"tax_numbers,omitempty"`
	BankAccounts []BankAccount `json:"bank_accounts,omitempty"`
	Brand        *Brand        `json:"brand,omitempty"`
	InvoiceTexts []InvoiceText `json:"invoice_texts,omitempty"`
}

// check returns details as they are kept.
func (d Details) check(sells func(currency string) bool) (Details, error) {
	var err error
	if d.TaxNumbers, err = (written{address: d.Address, numbers: d.TaxNumbers}).check(); err != nil {
		return d, err
	}
	d.BankAccounts = slices.Clone(d.BankAccounts)
	for i := range d.BankAccounts {
		a, at := &d.BankAccounts[i], fmt.Sprintf("bank_accounts[%d]", i)
		if err := a.check(at, sells); err != nil {
			return d, err
		}
		if slices.ContainsFunc(d.BankAccounts[:i], func(b BankAccount) bool { return b.CurrencyCode == a.CurrencyCode }) {
			return d, entryTwice(at+".currency_code", "one account a currency")
		}
	}
	for i, t := range d.InvoiceTexts {
		at := fmt.Sprintf("invoice_texts[%d].language", i)
		if err := required(field{path: at, given: t.Language != ""}); err != nil {
			return d, err
		}
		if err := languageKnown(at, t.Language); err != nil {
			return d, err
		}
		if slices.ContainsFunc(d.InvoiceTexts[:i], func(b InvoiceText) bool { return strings.EqualFold(b.Language, t.Language) }) {
			return d, entryTwice(at, "one text a language")
		}
	}
	return d, nil
}

// check refuses with BANK_ACCOUNT_INVALID an account that nobody could pay to, and with CURRENCY_NOT_SERVED one for a currency in which the
// seller issues no invoices.
func (a *BankAccount) check(at string, sells func(currency string) bool) error {
	a.IBAN = strings.ToUpper(strings.ReplaceAll(a.IBAN, " ", ""))
	wrong := func(path, why string) error {
		return errs.InvalidField(at+path, ReasonBankAccountInvalid, "%s", why).
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.correct_bank_account")})
	}
	switch {
	case a.CurrencyCode != "" && !sells(a.CurrencyCode):
		return errs.InvalidField(at+".currency_code", ReasonCurrencyNotServed, "the seller does not sell in %s", a.CurrencyCode).
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.add_currency")})
	case a.IBAN == "" && (a.AccountNumber == "" || a.RoutingNumber == ""):
		return wrong("", "an account has an IBAN, or a number and a routing number")
	case a.IBAN != "" && a.AccountNumber+a.RoutingNumber != "":
		return wrong(".iban", "an account has an IBAN, or a number and a routing number, not both")
	case a.IBAN != "" && !ibanRight(a.IBAN):
		return wrong(".iban", "the check digits of the IBAN are wrong")
	case a.IBAN != "" && countryKnown(at, a.IBAN[:2]) != nil:
		return wrong(".iban", "the IBAN begins with no country")
	}
	return nil
}

// ibanForm is what all IBANs have in common, whatever the country.
var ibanForm = regexp.MustCompile(`^[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}$`)

// ibanRight reports whether an IBAN has the form and the check digits of ISO 13616: with its first four characters at the end, and letters
// as 10 to 35, it leaves 1 when it is divided by 97. How long those of a country are is left to the bank.
func ibanRight(iban string) bool {
	if !ibanForm.MatchString(iban) {
		return false
	}
	rest := 0
	for _, c := range iban[4:] + iban[:4] {
		if c >= 'A' {
			rest = (rest*100 + int(c-'A') + 10) % 97
		} else {
			rest = (rest*10 + int(c-'0')) % 97
		}
	}
	return rest == 1
}
