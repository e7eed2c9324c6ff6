package orders_test

import (
	"os"
	"strings"
	"testing"

	"example.com/handover/pkg/text/texttest"
	"example.com/handover/pkg/wire/wiretest"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/orders/internal/catalogue"
)

// TestTexts holds everything that the service says against its words.
func TestTexts(t *testing.T) {
	folders := []string{
		".", "internal/order", "internal/agreement", "internal/party", "internal/catalogue", "internal/termination", "internal/change",
	}
	book := texttest.Read(t, os.DirFS("."), folders, "where")
	book.Texts(t)
	book.German(t, "wait", "party")
	texttest.Facts[ordersv1.OrderFact](t, book, "order", "internal/order")
	texttest.Facts[ordersv1.AgreementFact](t, book, "agreement", "internal/agreement")
	for _, code := range wiretest.Read(t, "internal/order").Named("Code") {
		book.Computed(t, "failure."+strings.ToLower(code), "failed."+code)
	}
	for _, r := range catalogue.StandardRules() {
		book.Computed(t, r.Requirement().Key, r.Instruct().Key+".*")
	}
}
