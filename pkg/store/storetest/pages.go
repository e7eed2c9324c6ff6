package storetest

import (
	"fmt"
	"strings"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
)

func pageCases() []testCase {
	return []testCase{
		{"pages go through a list once, either way", pagesOnce},
		{"conditions select", conditions},
		{"a page token is bound to filter, order and caller", tokenBound},
		{"a list shows the scope's rows only", listScope},
		{"a column that does not exist is refused", unknownColumn},
		{"events are paged by correlation, audience and scope", eventPages},
	}
}

func (b *bench) labels(scope call.Scope, q store.Query) string {
	b.Helper()
	var labels []string
	for {
		page, err := b.parcels.List(b.Context(), scope, q)
		b.must(err)
		for _, row := range page.Rows {
			labels = append(labels, string(row.Doc.Label))
		}
		if q.Token = page.Next; q.Token == "" {
			return strings.Join(labels, "")
		}
	}
}

func pagesOnce(b *bench) {
	for i, label := range strings.Split("abcdefg", "") {
		b.create(Parcel{Label: Label(label), Weight: i / 3, Customer: "cus_a"}) // weights 0001112: ties across pages
	}
	for size := range 9 {
		b.equal("by id", b.labels(everyone(), store.Query{Size: size}), "abcdefg")
		b.equal("by id, descending", b.labels(everyone(), store.Query{Size: size, Desc: true}), "gfedcba")
		b.equal("by weight", b.labels(everyone(), store.Query{Size: size, OrderBy: "weight"}), "abcdefg")
		b.equal("by label, descending", b.labels(everyone(), store.Query{Size: size, OrderBy: "label", Desc: true}), "gfedcba")
		b.equal("by time", b.labels(call.Customers("cus_a"), store.Query{Size: size, OrderBy: "created_at"}), "abcdefg")
	}
}

func conditions(b *bench) {
	b.create(Parcel{Label: "a", Weight: 1, Due: noon()})
	b.create(Parcel{Label: "b", Weight: 2, Due: noon().Add(time.Hour), Fragile: true})
	b.create(Parcel{Label: "c", Weight: 3})
	b.equal("case and wildcards", b.labels(everyone(), store.Query{Where: []store.Cond{store.Has("label", "C")}})+
		b.labels(everyone(), store.Query{Where: []store.Cond{store.Has("label", "%")}}), "")
	for want, where := range map[string][]store.Cond{
		"b":   {store.Eq("label", Label("b"))},
		"ac":  {store.In("label", Label("a"), Label("c"), Label("d"))},
		"":    {store.In[string]("label")},
		"ab":  {store.Before("due", noon().Add(2*time.Hour))},
		"a":   {store.Before("due", noon().Add(time.Hour)), store.Eq("fragile", false)},
		"abc": {store.Eq("created_at", noon())},
		"c":   {store.Has("label", "c")},
	} {
		b.equal(fmt.Sprint(where), b.labels(everyone(), store.Query{Where: where}), want)
		b.tx(func(tx *store.Tx) error {
			n, err := b.parcels.CountTx(tx, everyone(), where...)
			b.equal(fmt.Sprint("count of ", where), n, len(want))
			return err
		})
	}
}

func tokenBound(b *bench) {
	for range 3 {
		b.create(Parcel{Weight: 1})
	}
	asked := store.Query{Where: []store.Cond{store.Eq("weight", 1)}, OrderBy: "weight", Size: 1, Caller: "ann"}
	page, err := b.parcels.List(b.Context(), everyone(), asked)
	b.must(err)
	asked.Token = page.Next
	_, err = b.parcels.List(b.Context(), everyone(), asked)
	b.must(err)
	for name, change := range map[string]func(*store.Query){
		"filter": func(q *store.Query) { q.Where = []store.Cond{store.Eq("weight", 2)} },
		"order":  func(q *store.Query) { q.OrderBy = "created_at" },
		"way":    func(q *store.Query) { q.Desc = true },
		"caller": func(q *store.Query) { q.Caller = "bob" },
		"text":   func(q *store.Query) { q.Token = "made up" },
	} {
		q := asked
		change(&q)
		if _, err := b.parcels.List(b.Context(), everyone(), q); errs.ReasonOf(err) != "PAGE_TOKEN_INVALID" {
			b.Errorf("with another %s: %v", name, err)
		}
	}
	asked.Size = 2 // the size may change from page to page
	_, err = b.parcels.List(b.Context(), everyone(), asked)
	b.must(err)
}

func listScope(b *bench) {
	for i, customer := range []string{"cus_a", "cus_b", "", "cus_a", "cus_c"} {
		b.create(Parcel{Customer: customer, Label: Label(fmt.Sprint(i))})
	}
	b.equal("two customers", b.labels(call.Customers("cus_a", "cus_c"), store.Query{Size: 1}), "034")
	b.equal("everyone", b.labels(everyone(), store.Query{Size: 2}), "01234")
	var inside int
	b.tx(func(tx *store.Tx) error {
		page, err := b.parcels.ListTx(tx, call.Customers("cus_b"), store.Query{})
		inside = len(page.Rows)
		return err
	})
	b.equal("rows inside a transaction", inside, 1)
}

func unknownColumn(b *bench) {
	_, err := b.parcels.List(b.Context(), everyone(), store.Query{OrderBy: "doc; DROP TABLE parcels"})
	b.refused(err, errs.Internal, "INTERNAL")
	_, err = b.parcels.List(b.Context(), everyone(), store.Query{Where: []store.Cond{store.Eq("nothing", 1)}})
	b.refused(err, errs.Internal, "INTERNAL")
}

func eventPages(b *bench) {
	for _, p := range []Parcel{{Customer: "cus_a", Order: "ord_1"}, {Customer: "cus_b", Order: "ord_1"}, {Order: "ord_2"}} {
		row := b.create(p)                                 // for customers: "packed"
		b.update(row.ID, func(p *Parcel) { p.Weight = 1 }) // internal: "changed"
	}
	count := func(q store.EventQuery) (n int) {
		b.Helper()
		q.Size = 1
		for {
			events, next, err := b.db.Events(b.Context(), q)
			b.must(err)
			n += len(events)
			if q.Token = next; next == "" {
				return n
			}
		}
	}
	b.equal("all", count(store.EventQuery{Customers: everyone()}), 6)
	b.equal("none", count(store.EventQuery{}), 0)
	b.equal("of an order", count(store.EventQuery{Customers: everyone(), Correlation: "ord_1"}), 4)
	b.equal("of a customer", count(store.EventQuery{Customers: call.Customers("cus_a"), Correlation: "ord_1"}), 2)
	b.equal("for customers", count(store.EventQuery{Customers: everyone(), Audiences: []fact.Audience{fact.Customer}}), 3)

	asked := store.EventQuery{Customers: everyone(), Size: 1, Caller: "ann"}
	_, asked.Token, _ = b.db.Events(b.Context(), asked)
	asked.Caller = "bob"
	_, _, err := b.db.Events(b.Context(), asked)
	b.refused(err, errs.Invalid, "PAGE_TOKEN_INVALID")
}
