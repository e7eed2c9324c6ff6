package main

import "testing"

func TestAloneness(t *testing.T) {
	c := tree(t, map[string]string{
		"services/orders/a.go": source(
			"orders", 0, "pkg/store", "services/orders/internal/order", "proto/gen/handover/billing/v1",
		),
		"services/orders/internal/order/a.go": source("order", 0, "services/ordersarchive"),
		"services/orders/cmd/orders/main.go":  source("main", 0, "services/orders"),
		"services/orders/a_test.go":           source("orders_test", 0, "services/orders", "services/billing", "deploy/config"),
		"services/billing/a.go":               source("billing", 0, "services/orders/internal/order"),
		"services/new/a.go":                   source("new", 0, "deploy"),            // a new service needs no new rule
		"pkg/store/a.go":                      source("store", 0, "services/orders"), // the linter's business
		"deploy/suite/main.go":                source("main", 0, "services/orders", "services/billing"),
	})
	wantPlaces(t, aloneness(c), "services/billing/a.go:2", "services/new/a.go:2", "services/orders/a_test.go:3",
		"services/orders/a_test.go:4", "services/orders/internal/order/a.go:2")
}
