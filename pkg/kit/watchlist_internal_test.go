package kit

import (
	"testing"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/store"
)

// TestCustomersOf: a watch is woken by what its list may show, and by nobody else's changes.
func TestCustomersOf(t *testing.T) {
	everyone, own := call.Everyone("test"), call.Customers("cus_1", "cus_2")
	for _, c := range []struct {
		name    string
		where   []store.Cond
		scope   call.Scope
		wakes   []string
		unwoken []string
	}{
		{"all", nil, everyone, []string{"cus_1", "cus_3", ""}, nil},
		{"all of a customer", []store.Cond{store.Eq("customer", "cus_1")}, everyone, []string{"cus_1"}, []string{"cus_2", ""}},
		{"all of some", []store.Cond{store.In("customer", "cus_1", "cus_2")}, everyone, []string{"cus_1", "cus_2"}, []string{"cus_3"}},
		{"by another column", []store.Cond{store.Eq("state", "DRAFT")}, own, []string{"cus_1", "cus_2"}, []string{"cus_3", ""}},
		{"own", nil, own, []string{"cus_1", "cus_2"}, []string{"cus_3", ""}},
		{"one of the own", []store.Cond{store.Eq("customer", "cus_1")}, own, []string{"cus_1"}, []string{"cus_2", "cus_3"}},
		{"a foreign one", []store.Cond{store.Eq("customer", "cus_3")}, own, nil, []string{"cus_1", "cus_3"}},
		{"a partner's", nil, call.Partner("par_1"), []string{"cus_1", "cus_3"}, nil},
		{"customers by name", []store.Cond{store.Among("customer", "customers")}, everyone, []string{"cus_1", "cus_3"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			mine := customersOf(c.where, c.scope)
			for _, customer := range c.wakes {
				if !mine(customer) {
					t.Errorf("a change of %q wakes nobody", customer)
				}
			}
			for _, customer := range c.unwoken {
				if mine(customer) {
					t.Errorf("a change of %q wakes the watch", customer)
				}
			}
		})
	}
}
