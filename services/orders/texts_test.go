package orders_test

import (
	"os"
	"strings"
	"testing"

	"example.com/handover/pkg/text"
	"example.com/handover/pkg/text/catalog"
	"example.com/handover/pkg/text/texttest"
	"example.com/handover/pkg/wire/wiretest"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/orders/internal/catalogue"
)

// TestTexts holds everything that the service says against its words.
func TestTexts(t *testing.T) {
	folders := []string{".", "internal/order", "internal/agreement", "internal/party", "internal/catalogue"}
	book := texttest.Read(t, os.DirFS("."), folders, "where")
	book.Texts(t)
	texttest.Facts[ordersv1.OrderFact](t, book, "order", "internal/order")
	texttest.Facts[ordersv1.AgreementFact](t, book, "agreement", "internal/agreement")
}

// TestComputedTexts are those whose keys are made of a value: of each failure and of each rule.
func TestComputedTexts(t *testing.T) {
	words, err := catalog.Load(os.DirFS("."), nil)
	if err != nil {
		t.Fatal(err)
	}
	var wanted []string
	for _, code := range wiretest.Read(t, "internal/order").Named("Code") {
		wanted = append(wanted, "failure."+strings.ToLower(code), "failed."+code)
	}
	for _, r := range catalogue.StandardRules() {
		wanted = append(wanted, r.Requirement().Key, r.Instruct().Key+".what", r.Instruct().Key+".where")
	}
	for _, key := range wanted {
		if !words.In("").Knows(key) || words.In("").Say(text.New(key)) == key {
			t.Errorf("no words for %s", key)
		}
	}
}
