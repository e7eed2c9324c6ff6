package rpc

import "strings"

// domainOf names the service that refuses, from the method: "/handover.orders.v1.OrderService/GetOrder" is refused by
// "orders.handover". One server hosts several services, so it cannot be a constant of the process.
func domainOf(method string) string {
	if service := serviceOf(method); service != "" {
		return service + ".handover"
	}
	return "handover"
}

// serviceOf is empty for a method that is not part of the suite's contract.
func serviceOf(method string) string {
	rest, ok := strings.CutPrefix(method, "/handover.")
	service, _, found := strings.Cut(rest, ".")
	if !ok || !found {
		return ""
	}
	return service
}
