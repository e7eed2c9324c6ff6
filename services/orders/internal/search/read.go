// Package search reads what somebody types or pastes to find something: what it may be, and which services may know that.
//
// It owns the spellings, and no row: what is found is asked of the services.
package search

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/text"
)

// By is what a text may be.
type By string

// What a text may be.
const (
	ID              By = "ID" // of the suite
	AccountID       By = "ACCOUNT_ID"
	MailAddress     By = "MAIL_ADDRESS"
	AWSID           By = "AWS_ID"
	CaseNumber      By = "CASE_NUMBER"
	RecordID        By = "RECORD_ID"
	InvoiceNumber   By = "INVOICE_NUMBER"
	VendorInvoiceID By = "VENDOR_INVOICE_ID"
	ExternalID      By = "EXTERNAL_ID"
	CompanyName     By = "COMPANY_NAME"
	ProductID       By = "PRODUCT_ID"
)

// All returns everything that a text may be, for exhaustive tables.
func All() []By {
	return []By{
		ID, AccountID, MailAddress, AWSID, CaseNumber, RecordID, InvoiceNumber, VendorInvoiceID, ExternalID, CompanyName, ProductID,
	}
}

// Token is one thing that a text may be, as the services spell it.
type Token struct {
	By    By
	Value string
}

// most is how many things one text is looked for as: a whole mail that is pasted asks no more.
const most = 20

// Read returns what a text may be. Several are possible: twelve digits are an account, and may be the number of an invoice. A text that
// can only be one thing, such as a mail address, is looked for as nothing else. Refused with NAME_TOO_SHORT.
func Read(pasted string) ([]Token, error) {
	r := &reader{text: tidy(pasted)}
	r.surely()
	if len(r.tokens) == 0 {
		r.perhaps()
		r.named(pasted)
	}
	if len(r.tokens) == 0 {
		return nil, errs.InvalidField("query", "NAME_TOO_SHORT",
			"this is no number or id that the suite knows, and no %d characters of a company's name", shortest).
			WithRemedy(errs.Remedy{Who: "CUSTOMER", Text: text.New("remedy.write_more")})
	}
	return r.tokens[:min(len(r.tokens), most)], nil
}

// reader collects what a text may be.
type reader struct {
	text   string
	tokens []Token
}

func (r *reader) add(by By, value string) {
	if t := (Token{by, value}); value != "" && !slices.Contains(r.tokens, t) {
		r.tokens = append(r.tokens, t)
	}
}

// What can be nothing else, wherever it stands in a text. A Message-ID holds the id of its mail.
var (
	ownID  = regexp.MustCompile(`(?i)\b([a-z]{3}_[0-9a-v]{26})(?:@[0-9a-z.-]+)?\b`)
	mail   = regexp.MustCompile(`[^\s<>"(),:;\[\]]+@[^\s<>"'(),:;\[\]?]+\.[^\s<>"'(),:;\[\]?]*[0-9\pL]`)
	awsID  = regexp.MustCompile(`(?i)\b(?:rt|h|ch|rs|car|pma)-[0-9a-z]{8,64}\b`)
	record = regexp.MustCompile(`(?i)\b[0-9a-f]{32}\b`)
)

func (r *reader) surely() {
	for _, found := range ownID.FindAllStringSubmatch(r.text, -1) {
		r.add(ID, strings.ToLower(found[1]))
	}
	for _, found := range mail.FindAllString(ownID.ReplaceAllString(r.text, " "), -1) {
		r.add(MailAddress, strings.ToLower(strings.Trim(found, "'")))
	}
	for _, found := range awsID.FindAllString(mail.ReplaceAllString(r.text, " "), -1) {
		if strings.ContainsAny(found, "0123456789") {
			r.add(AWSID, strings.ToLower(found))
		}
	}
	for _, found := range record.FindAllString(r.text, -1) {
		r.add(RecordID, strings.ToLower(found))
	}
}

// What may be something else besides.
var (
	account       = regexp.MustCompile(`\b[0-9]{12}\b|\b[0-9]{4}[ -]{1,3}[0-9]{4}[ -]{1,3}[0-9]{4}\b`)
	digits        = regexp.MustCompile(`[0-9](?:[ -]{0,3}[0-9])*`)
	caseNumber    = regexp.MustCompile(`(?i)\b[a-z]{2,6} ?[0-9]{5,10}\b`)
	invoice       = regexp.MustCompile(`\b(20[0-9]{2}) ?[-/.] ?([0-9]{6,8})\b`)
	together      = regexp.MustCompile(`^(20[0-9]{2})([0-9]{6}|[1-9][0-9]{6,7})$`)
	vendorInvoice = regexp.MustCompile(`(?i)\b(?:[a-z]{2,12}[0-9]{2}-)?[0-9]{6,20}\b`)
	external      = regexp.MustCompile(`^[0-9A-Za-z._:/@+-]{3,128}$`)
	product       = regexp.MustCompile(`(?i)\b[a-z][0-9a-z]*(?:-[0-9a-z]+)+\b`)
)

func (r *reader) perhaps() {
	for _, run := range append(account.FindAllString(r.text, -1), digits.FindAllString(r.text, -1)...) {
		if run = strings.NewReplacer(" ", "", "-", "").Replace(run); len(run) == 12 {
			r.add(AccountID, run)
		}
		if found := together.FindStringSubmatch(run); found != nil {
			r.add(InvoiceNumber, found[1]+"-"+found[2])
		}
	}
	for _, found := range invoice.FindAllStringSubmatch(r.text, -1) {
		r.add(InvoiceNumber, found[1]+"-"+found[2])
	}
	for _, found := range awsID.FindAllString(r.text, -1) {
		r.add(AWSID, strings.ToLower(found))
	}
	for _, found := range caseNumber.FindAllString(r.text, -1) {
		r.add(CaseNumber, strings.ToUpper(strings.ReplaceAll(found, " ", "")))
	}
	for _, found := range vendorInvoice.FindAllString(r.text, -1) {
		r.add(VendorInvoiceID, strings.ToUpper(found))
	}
	for _, found := range product.FindAllString(r.text, -1) {
		r.add(ProductID, strings.ToLower(found))
	}
	if external.MatchString(r.text) {
		for _, spelled := range []string{r.text, strings.ToLower(r.text), strings.ToUpper(r.text)} {
			r.add(ExternalID, spelled)
		}
	}
}

// shortest is how many characters of a company's name must be given, where they are letters of an alphabet.
const shortest = 3

// named adds the beginning of a company's name, as it was pasted and as it is tidied: a name may hold full-width characters, or end in a
// bracket. Without a letter it is no name.
func (r *reader) named(pasted string) {
	for _, name := range []string{r.text, strings.Join(strings.Fields(pasted), " ")} {
		letters, needed := 0, shortest
		for _, c := range name {
			if unicode.IsLetter(c) {
				letters++
			}
			if unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) {
				needed = 2
			}
		}
		if n := len([]rune(name)); letters > 0 && n >= needed && n <= longest {
			r.add(CompanyName, name)
		}
	}
}

// longest is how long a company's name may be.
const longest = 200

// tidy takes out what pasting brings along: characters that nobody sees, full-width forms, every kind of space and dash, "mailto:" with
// what follows an address, and punctuation around the text.
func tidy(pasted string) string {
	s := strings.Map(func(c rune) rune {
		switch {
		case unicode.IsSpace(c):
			return ' '
		case unicode.Is(unicode.Pd, c), c == '−':
			return '-'
		case unicode.Is(unicode.Cf, c), unicode.IsControl(c):
			return -1
		}
		return c
	}, norm.NFKC.String(pasted))
	s = strings.Join(strings.Fields(s), " ")
	return strings.TrimFunc(s, func(c rune) bool { return c == ' ' || unicode.IsPunct(c) || unicode.IsSymbol(c) })
}
