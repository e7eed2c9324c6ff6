package search_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"example.com/handover/pkg/errs"
	"example.com/handover/services/orders/internal/search"
)

const order = "ord_0dm3k1c9s1v2f3g4h5j6k7l8m9"

// spelled are what a text is looked for as.
func spelled(tokens []search.Token) (all []string) {
	for _, t := range tokens {
		all = append(all, fmt.Sprintf("%s %s", t.By, t.Value))
	}
	return all
}

// TestRead: what people read out and paste is what they mean.
func TestRead(t *testing.T) {
	t.Parallel()
	account := []string{"ACCOUNT_ID 111122223333"}
	dashed := []string{"ACCOUNT_ID 111122223333", "EXTERNAL_ID 1111-2222-3333"}
	digits := []string{"ACCOUNT_ID 111122223333", "VENDOR_INVOICE_ID 111122223333", "EXTERNAL_ID 111122223333"}
	address := []string{"MAIL_ADDRESS pat.o'neil+aws@example.com"}
	transfer := []string{"AWS_ID rt-1a2b3c4d5e"}
	for pasted, want := range map[string][]string{
		"1111-2222-3333":     dashed,
		" 1111 2222 3333 ":   account,
		"“1111–2222–3333”":   dashed,
		"１１１１　２２２２　３３３３":     account,
		"11112222\u200b3333": digits,
		"111122223333":       digits,
		"111 122 223 333":    account,
		"Case 12345 of 111122223333, 4444 5555 6666": {
			"ACCOUNT_ID 111122223333", "ACCOUNT_ID 444455556666", "CASE_NUMBER CASE12345", "VENDOR_INVOICE_ID 111122223333",
			"COMPANY_NAME Case 12345 of 111122223333, 4444 5555 6666",
		},
		"073217983971677": {"VENDOR_INVOICE_ID 073217983971677", "EXTERNAL_ID 073217983971677"},
		"202612345678": {
			"ACCOUNT_ID 202612345678", "INVOICE_NUMBER 2026-12345678", "VENDOR_INVOICE_ID 202612345678", "EXTERNAL_ID 202612345678",
		},
		"Pat.O'Neil+AWS@Example.COM":                    address,
		"mailto:pat.o'neil+aws@example.com?subject=a":   address,
		"\"O'Neil, Pat\" <Pat.O'Neil+AWS@example.com>;": address,
		"ｐａｔ＠ｅｘａｍｐｌｅ．ｃｏｍ":                               {"MAIL_ADDRESS pat@example.com"},
		"'pat@example.com',":                            {"MAIL_ADDRESS pat@example.com"},
		"RT-1A2B3C4D5E.":                                transfer,
		"arn:aws:organizations::111111111111:transfer/o-aaaaaaaaaa/billing/inbound/rt-1a2b3c4d5e": transfer,
		"(h‑examplehandshake1)":            {"AWS_ID h-examplehandshake1"},
		"case cs0001234":                   {"CASE_NUMBER CS0001234", "COMPANY_NAME case cs0001234"},
		"INC 0010002":                      {"CASE_NUMBER INC0010002", "VENDOR_INVOICE_ID 0010002", "COMPANY_NAME INC 0010002"},
		"0123456789ABCDEF0123456789abcdef": {"RECORD_ID 0123456789abcdef0123456789abcdef"},
		"2026-000001":                      {"INVOICE_NUMBER 2026-000001", "VENDOR_INVOICE_ID 000001", "EXTERNAL_ID 2026-000001"},
		"Rechnung 2026 000001":             {"INVOICE_NUMBER 2026-000001", "VENDOR_INVOICE_ID 000001", "COMPANY_NAME Rechnung 2026 000001"},
		"2026000001":                       {"INVOICE_NUMBER 2026-000001", "VENDOR_INVOICE_ID 2026000001", "EXTERNAL_ID 2026000001"},
		"euinch26-12345678": {
			"VENDOR_INVOICE_ID EUINCH26-12345678", "PRODUCT_ID euinch26-12345678", "EXTERNAL_ID euinch26-12345678",
			"EXTERNAL_ID EUINCH26-12345678", "COMPANY_NAME euinch26-12345678",
		},
		strings.ToUpper(order):                         {"ID " + order},
		"see " + order + " and " + order:               {"ID " + order},
		"<ntf_0dm3k1c9s1v2f3g4h5j6k7l8m9@example.com>": {"ID ntf_0dm3k1c9s1v2f3g4h5j6k7l8m9"},
		"AWS-Billing-Transfer-Essentials": {
			"PRODUCT_ID aws-billing-transfer-essentials", "EXTERNAL_ID AWS-Billing-Transfer-Essentials",
			"EXTERNAL_ID aws-billing-transfer-essentials", "EXTERNAL_ID AWS-BILLING-TRANSFER-ESSENTIALS",
			"COMPANY_NAME AWS-Billing-Transfer-Essentials",
		},
		"H-Immobilien AG":     {"AWS_ID h-immobilien", "PRODUCT_ID h-immobilien", "COMPANY_NAME H-Immobilien AG"},
		" Müller   & Söhne ":  {"COMPANY_NAME Müller & Söhne"},
		"Ｅｘａ Gmbｈ":            {"COMPANY_NAME Exa Gmbh", "COMPANY_NAME Ｅｘａ Gmbｈ"},
		"(Zürich) Example AG": {"COMPANY_NAME Zürich) Example AG", "COMPANY_NAME (Zürich) Example AG"},
		"東京":                  {"COMPANY_NAME 東京"},
	} {
		got, err := search.Read(pasted)
		if err != nil || !slices.Equal(spelled(got), want) {
			t.Errorf("%q is %q, want %q: %v", pasted, spelled(got), want, err)
		}
	}
	for _, short := range []string{"ab", " … ", "<>", "42", "4 2", "東", strings.Repeat("x ", 101)} {
		got, err := search.Read(short)
		if refusal, ok := errs.As(err); !ok || refusal.Reason != "NAME_TOO_SHORT" || refusal.Remedy.Text.IsZero() {
			t.Errorf("%q is %q: %v", short, spelled(got), err)
		}
	}
}

// TestReadAnything: whatever is pasted is read, or refused, and asks for no more than a service takes.
func TestReadAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pasted := rapid.OneOf(rapid.String(), rapid.StringMatching(`([0-9a-z@._-]{1,8}[ -]?){1,60}`)).Draw(t, "pasted")
		got, err := search.Read(pasted)
		if (err == nil) != (len(got) > 0) || len(got) > 20 {
			t.Fatalf("%q is %q: %v", pasted, spelled(got), err)
		}
		for _, token := range got {
			if token.Value == "" {
				t.Fatalf("%q is looked for as an empty %s", pasted, token.By)
			}
		}
	})
}

// TestEverythingIsAsked: what a text may be is asked of somebody.
func TestEverythingIsAsked(t *testing.T) {
	t.Parallel()
	asked := func(token search.Token) (of []string) {
		for _, service := range []string{"orders", "accounttransfer", "support", "billing", "notifications"} {
			if search.Asks(service, token) {
				of = append(of, service)
			}
		}
		return of
	}
	for _, by := range search.All() {
		if by != search.ID && by != search.ProductID && len(asked(search.Token{By: by, Value: "x"})) == 0 {
			t.Errorf("%s is asked of nobody", by)
		}
	}
	for prefix, want := range map[string]string{
		"ord": "orders", "trf": "accounttransfer", "per": "orders accounttransfer", "cas": "support", "inv": "billing",
		"ntf": "notifications", "xyz": "",
	} {
		got := strings.Join(asked(search.Token{By: search.ID, Value: prefix + order[3:]}), " ")
		if got != want {
			t.Errorf("%s is asked of %q, want %q", prefix, got, want)
		}
	}
}
