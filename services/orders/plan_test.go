package orders_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/store"
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
	const (
		all        = "orders_created orders_updated orders_urgency"
		ofCustomer = "orders_customer|orders_customer_external_id"

		ofState  = "orders_state orders_state_updated orders_state_urgency"
		ofSeller = "orders_seller orders_seller_updated orders_seller_urgency"
		ofWait   = "orders_waiting_created orders_waiting_updated orders_waiting_owner"
	)
	resells := []typev1.Party{typev1.Party_PARTY_RESELLER}
	for name, tt := range map[string]struct {
		req     *ordersv1.ListOrdersRequest
		indexes string // one for each order in which a list comes (created, updated, urgency), or some of which any serves all, between "|"
		scan    bool   // all of the index is asked for
		sorted  bool   // few are found, and are sorted
	}{
		"all":                     {req: &ordersv1.ListOrdersRequest{}, indexes: all, scan: true},
		"in a state":              {req: &ordersv1.ListOrdersRequest{States: state(querying)}, indexes: ofState},
		"in two states":           {req: &ordersv1.ListOrdersRequest{States: state(querying, draft)}, indexes: ofState},
		"of a seller":             {req: &ordersv1.ListOrdersRequest{SellerId: a.seller}, indexes: ofSeller},
		"of a seller, in a state": {req: &ordersv1.ListOrdersRequest{SellerId: a.seller, States: state(draft)}, indexes: ofSeller},
		"waiting":                 {req: &ordersv1.ListOrdersRequest{WaitingOwners: resells}, indexes: ofWait},
		"waiting, in a state": {
			req:     &ordersv1.ListOrdersRequest{WaitingOwners: resells, States: state(querying)},
			indexes: "orders_waiting_created orders_waiting_updated orders_state_urgency",
		},
		"of a customer": {req: &ordersv1.ListOrdersRequest{CustomerId: a.customer}, indexes: ofCustomer, sorted: true},
		"of an account": {
			req: &ordersv1.ListOrdersRequest{ManagementAccountId: "123456789012"}, indexes: "orders_management_account", sorted: true,
		},
		"with an external id": {req: &ordersv1.ListOrdersRequest{ExternalId: "erp-1"}, indexes: "orders_external", sorted: true},
		"escalated":           {req: &ordersv1.ListOrdersRequest{Escalated: true}, indexes: "orders_urgency", sorted: true},
		"parked":              {req: &ordersv1.ListOrdersRequest{Parked: true}, indexes: "orders_parked", scan: true, sorted: true},
		"escalated, in two states": {
			req: &ordersv1.ListOrdersRequest{Escalated: true, States: state(querying, draft)}, indexes: "orders_state_urgency", sorted: true,
		},
		"of named customers": {req: &ordersv1.ListOrdersRequest{CustomerNamePrefix: "exa"}, indexes: ofCustomer, sorted: true},
	} {
		for order := range typev1.SortOrder_name {
			req := proto.CloneOf(tt.req)
			req.OrderBy = typev1.SortOrder(order)
			t.Run(fmt.Sprint(name, " by ", req.GetOrderBy()), func(t *testing.T) {
				q := wire.Query(t.Context(), req)
				plan, err := orders.PlanOrders(a.operator(t), a.db, q, req)
				if err != nil {
					t.Fatal(err)
				}
				index := strings.Fields(tt.indexes)
				if len(index) > 1 {
					index = index[slices.Index([]string{"created_at", "updated_at", store.OrderUrgency}, q.OrderBy):][:1]
				}
				if why := badly(plan, index[0], max(1, len(req.GetStates())), tt.scan, tt.sorted); why != "" {
					t.Errorf("%s; the plan is\n%s", why, strings.Join(plan, "\n"))
				}
			})
		}
	}
}

// badly says what is wrong with a plan: it reads orders otherwise than by one of these indexes, or sorts more than the pages of its
// branches.
func badly(plan []string, index string, branches int, scan, sorted bool) string {
	read, of := 0, strings.Split(index, "|")
	for i, line := range plan {
		by := strings.Fields(line)
		switch {
		case len(by) > 1 && by[1] == "orders":
			read++
			if by[0] != "SEARCH" && !scan || !slices.ContainsFunc(of, func(i string) bool { return slices.Contains(by, i) }) {
				return "orders are read by " + line + " and not by " + index
			}
		case strings.Contains(line, "TEMP B-TREE") && !sorted && !strings.HasPrefix(plan[i-1], "SCAN b"):
			return "all that is found is sorted"
		}
	}
	if read != branches {
		return fmt.Sprintf("orders are read %d times instead of %d", read, branches)
	}
	return ""
}
