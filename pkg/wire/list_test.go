package wire_test

import (
	"testing"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// list is a list request with what every one has.
type list struct {
	order typev1.SortOrder
	size  int32
	token string
}

func (l list) GetOrderBy() typev1.SortOrder { return l.order }
func (l list) GetPageSize() int32           { return l.size }
func (l list) GetPageToken() string         { return l.token }

// A page token works for its caller alone, so the query says who that is.
func TestAQueryIsBoundToItsCaller(t *testing.T) {
	ctx := call.With(t.Context(), call.Call{KeyOwner: "anna@orders"})
	q := wire.Query(ctx, list{typev1.SortOrder_SORT_ORDER_UPDATE_TIME, 20, "next"})
	if q.Caller != "anna@orders" || q.Size != 20 || q.Token != "next" || q.OrderBy != "updated_at" || q.Desc {
		t.Errorf("%+v", q)
	}
	if q := wire.Query(ctx, list{}); q.Size != wire.DefaultPageSize || q.OrderBy != "created_at" || !q.Desc {
		t.Errorf("nothing was asked for, so the newest come first: %+v", q)
	}
}

// Every order of the contract is decided.
func TestSortOrders(t *testing.T) {
	type order struct {
		column string
		desc   bool
	}
	want := map[typev1.SortOrder]order{
		typev1.SortOrder_SORT_ORDER_UNSPECIFIED:      {"created_at", true},
		typev1.SortOrder_SORT_ORDER_CREATE_TIME:      {"created_at", false},
		typev1.SortOrder_SORT_ORDER_CREATE_TIME_DESC: {"created_at", true},
		typev1.SortOrder_SORT_ORDER_UPDATE_TIME:      {"updated_at", false},
		typev1.SortOrder_SORT_ORDER_UPDATE_TIME_DESC: {"updated_at", true},
		typev1.SortOrder_SORT_ORDER_URGENCY:          {store.OrderUrgency, false},
	}
	for number := range typev1.SortOrder_name {
		o := typev1.SortOrder(number)
		column, desc := wire.Sort(o)
		if expected, decided := want[o]; !decided || expected != (order{column, desc}) {
			t.Errorf("%s sorts by %s, descending %v", o, column, desc)
		}
	}
}

func TestFiltersAddOnlyWhatIsAsked(t *testing.T) {
	everyone := call.With(t.Context(), call.Call{Scope: call.Everyone("test")})
	limited := call.With(t.Context(), call.Call{Scope: call.Customers("cus_1")})
	q := wire.Filter(wire.Filter(store.Query{}, "state", "DRAFT"), "seller", "")
	if len(q.Where) != 1 {
		t.Errorf("%d conditions", len(q.Where))
	}
	for name, tt := range map[string]struct {
		attention wire.Attention
		narrower  bool
	}{
		"nothing":   {wire.Attention{}, false},
		"owners":    {wire.Attention{WaitingOwners: []string{"CUSTOMER", "AWS"}}, true},
		"escalated": {wire.Attention{Escalated: true}, true},
		"parked":    {wire.Attention{Parked: true}, true},
	} {
		narrowed, err := tt.attention.Add(everyone, store.Query{})
		if got := len(narrowed.Where) > 0; got != tt.narrower || err != nil {
			t.Errorf("%s: narrower %v, %v", name, got, err)
		}
		_, err = tt.attention.Add(limited, store.Query{})
		if denied := tt.attention.Escalated || tt.attention.Parked; (errs.ReasonOf(err) == "FILTER_DENIED") != denied {
			t.Errorf("%s, asked by a customer: %v", name, err)
		}
	}
	all, err := wire.Attention{WaitingOwners: []string{"AWS"}, Escalated: true, Parked: true}.Add(everyone, q)
	if err != nil || len(all.Where) < 4 || len(q.Where) != 1 {
		t.Errorf("%d conditions, and the query that was narrowed has %d", len(all.Where), len(q.Where))
	}
}

func TestRowsAreNeverNil(t *testing.T) {
	name := func(r store.Row[string]) string { return *r.Doc }
	if got := wire.Rows(nil, name); got == nil || len(got) != 0 {
		t.Errorf("got %v", got)
	}
	a, b := "a", "b"
	if got := wire.Rows([]store.Row[string]{{Doc: &a}, {Doc: &b}}, name); len(got) != 2 || got[0] != "a" || got[1] != "b" {
		t.Errorf("got %v", got)
	}
}
