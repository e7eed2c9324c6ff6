package billing_test

import (
	"os"
	"testing"

	"example.com/handover/pkg/text/texttest"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
)

// TestTexts holds everything that the service says against its words.
func TestTexts(t *testing.T) {
	folders := []string{".", "internal/pricebook", "internal/relationship", "internal/period", "internal/statement", "internal/invoice"}
	book := texttest.Read(t, os.DirFS("."), folders)
	book.Texts(t)
	book.German(t, "wait", "remedy")
	texttest.Facts[billingv1.PricebookFact](t, book, "pricebook", "internal/pricebook")
	texttest.Facts[billingv1.RelationshipFact](t, book, "relationship", "internal/relationship")
	texttest.Facts[billingv1.PeriodFact](t, book, "period", "internal/period")
	texttest.Facts[billingv1.InvoiceFact](t, book, "invoice", "internal/invoice")
}
