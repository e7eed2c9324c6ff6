package invoicepdf_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/money"
	"example.com/handover/services/billing/internal/invoice"
	"example.com/handover/services/billing/internal/invoicepdf"
	"example.com/handover/services/billing/internal/statement"
)

func amount(t *testing.T, s string) money.Money {
	t.Helper()
	m, err := money.Parse("EUR", s)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func issued(t *testing.T, lines int) *invoice.Invoice {
	t.Helper()
	rate, err := money.ParseRate("0.9215")
	if err != nil {
		t.Fatal(err)
	}
	i := &invoice.Invoice{
		Number: "2026-000001", Month: calendar.Month{Year: 2026, Month: time.March},
		Issuer:    invoice.Party{Name: "Example Reseller AG", CountryCode: "CH"},
		BillTo:    invoice.Party{Name: "Zażółć gęślą jaźń S.A.", CountryCode: "PL", Attention: "Ольга Пример"},
		Total:     amount(t, "1234567.80"),
		Exchanges: []statement.Exchange{{From: "USD", To: "EUR", Rate: rate, Source: statement.FromAWS}},
		IssuedAt:  time.Date(2026, 4, 5, 0, 0, 0, 0, time.UTC), DueAt: time.Date(2026, 5, 5, 0, 0, 0, 0, time.UTC),
	}
	for n := range lines {
		i.Lines = append(i.Lines, statement.Line{Description: fmt.Sprintf(
			"Other charges: a kind of charge that has quite a long name, longer than the column of names is wide, and number %d", n,
		), Price: amount(t, "12.50")})
	}
	return i
}

func make1(t *testing.T, i *invoice.Invoice) []byte {
	t.Helper()
	document, err := invoicepdf.Make(i)
	if err != nil {
		t.Fatal(err)
	}
	return document
}

// TestSameBytes: what is hashed once can be made again; another amount is another document.
func TestSameBytes(t *testing.T) {
	first := make1(t, issued(t, 5))
	for range 5 {
		if !bytes.Equal(first, make1(t, issued(t, 5))) {
			t.Fatal("the same invoice gave other bytes")
		}
	}
	other := issued(t, 5)
	other.Total = amount(t, "1234567.81")
	if bytes.Equal(first, make1(t, other)) {
		t.Error("another total gave the same bytes")
	}
	final := issued(t, 5)
	final.Final = true
	if bytes.Equal(first, make1(t, final)) {
		t.Error("the final invoice looks like any other")
	}
}

// TestPages: what does not fit goes on, and every page says how many there are.
func TestPages(t *testing.T) {
	for lines, want := range map[int]int{0: 1, 3: 1, 60: 4} {
		document := make1(t, issued(t, lines))
		if !bytes.HasPrefix(document, []byte("%PDF-")) || !bytes.HasSuffix(bytes.TrimSpace(document), []byte("%%EOF")) {
			t.Fatalf("%d lines: no PDF", lines)
		}
		if got := bytes.Count(document, []byte("/Type /Page\n")); got != want {
			t.Errorf("%d lines are on %d pages, want %d", lines, got, want)
		}
	}
}
