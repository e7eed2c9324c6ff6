package orders_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"example.com/handover/pkg/wire"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/orders"
)

// TestPlansOfListOrders: whatever orders are filtered and ordered by, SQLite reads a page in the order of an index, or sorts the few that
// the filter finds by one. PostgreSQL, which decides by what is in the table, is measured: deploy/bench, figure lists.
func TestPlansOfListOrders(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	state := func(s ...ordersv1.OrderState) []ordersv1.OrderState { return s }
	const querying, draft = ordersv1.OrderState_ORDER_STATE_QUERYING, ordersv1.OrderState_ORDER_STATE_DRAFT
	resells := []typev1.Party{typev1.Party_PARTY_RESELLER}
	for name, tt := range map[string]struct {
		req    *ordersv1.ListOrdersRequest
		sorted bool // few are found, and are sorted
	}{
		"all":                     {req: &ordersv1.ListOrdersRequest{}},
		"in a state":              {req: &ordersv1.ListOrdersRequest{States: state(querying)}},
		"of a seller":             {req: &ordersv1.ListOrdersRequest{SellerId: a.seller}},
		"of a seller, in a state": {req: &ordersv1.ListOrdersRequest{SellerId: a.seller, States: state(draft)}},
		"waiting":                 {req: &ordersv1.ListOrdersRequest{WaitingOwners: resells}},
		"waiting, in a state":     {req: &ordersv1.ListOrdersRequest{WaitingOwners: resells, States: state(querying)}},
		"of a customer":           {req: &ordersv1.ListOrdersRequest{CustomerId: a.customer}, sorted: true},
		"of an account":           {req: &ordersv1.ListOrdersRequest{ManagementAccountId: "123456789012"}, sorted: true},
		"with an external id":     {req: &ordersv1.ListOrdersRequest{ExternalId: "erp-1"}, sorted: true},
		"escalated":               {req: &ordersv1.ListOrdersRequest{Escalated: true}, sorted: true},
		"parked":                  {req: &ordersv1.ListOrdersRequest{Parked: true}, sorted: true},
		"of named customers":      {req: &ordersv1.ListOrdersRequest{CustomerNamePrefix: "exa"}, sorted: true},
		"in two states":           {req: &ordersv1.ListOrdersRequest{States: state(querying, draft)}},
	} {
		for order := range typev1.SortOrder_name {
			tt.req.OrderBy = typev1.SortOrder(order)
			t.Run(fmt.Sprint(name, " by ", tt.req.GetOrderBy()), func(t *testing.T) {
				plan, err := orders.PlanOrders(a.operator(t), a.db, wire.Query(t.Context(), tt.req), tt.req)
				if err != nil {
					t.Fatal(err)
				}
				read := slices.ContainsFunc(plan, func(line string) bool {
					return strings.Contains(line, "orders") && !strings.Contains(line, "USING INDEX")
				})
				sorts := slices.ContainsFunc(plan, func(line string) bool { return strings.Contains(line, "TEMP B-TREE") })
				if read || sorts && !tt.sorted && len(tt.req.GetStates()) < 2 {
					t.Errorf("the plan is\n%s", strings.Join(plan, "\n"))
				}
			})
		}
	}
}
