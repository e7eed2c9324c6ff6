package storetest

import (
	"errors"
	"strings"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/store"
)

func waitingCases() []testCase {
	return []testCase{
		{"the most urgent rows come first", urgentFirst},
		{"rows are found by who must act, escalated and parked", foundByOwner},
		{"who must act follows the document", ownerFollows},
		{"what somebody must see to is one list over all kinds, by pages", agendaPaged},
	}
}

// waits creates a parcel that waits, late so many hours from noon; 0: without a date.
func (b *bench) waits(label Label, owner string, hours int, told bool) {
	b.Helper()
	p := Parcel{Label: label, Waits: owner, Told: told}
	if hours != 0 {
		p.Late = noon().Add(time.Duration(hours) * time.Hour)
	}
	b.create(p)
}

func (b *bench) waitingParcels() {
	b.Helper()
	b.waits("nobody", "", 1, true)
	b.waits("undated", "OPERATOR", 0, false)
	b.waits("later", "CUSTOMER", 2, false)
	b.waits("soon", "OPERATOR", 1, false)
	b.waits("told undated", "CUSTOMER", 0, true)
	b.waits("told", "CUSTOMER", 3, true)
}

// listed are the labels of a list in the order of urgency, by pages of two.
func (b *bench) listed(where ...store.Cond) string {
	b.Helper()
	var labels []string
	q := store.Query{Where: where, OrderBy: store.OrderUrgency, Size: 2}
	for {
		page, err := b.parcels.List(b.Context(), everyone(), q)
		b.must(err)
		for _, row := range page.Rows {
			labels = append(labels, string(row.Doc.Label))
		}
		if q.Token = page.Next; q.Token == "" {
			return strings.Join(labels, ", ")
		}
	}
}

func urgentFirst(b *bench) {
	b.waitingParcels()
	b.equal("all", b.listed(), "told, told undated, soon, later, undated, nobody")
}

func foundByOwner(b *bench) {
	b.waitingParcels()
	b.equal("for somebody", b.listed(store.WaitingFor()...), "told, told undated, soon, later, undated")
	b.equal("for the operator", b.listed(store.WaitingFor("OPERATOR")...), "soon, undated")
	b.equal("for two", b.listed(store.WaitingFor("OPERATOR", "CUSTOMER")...), "told, told undated, soon, later, undated")
	b.equal("escalated", b.listed(store.Escalated()), "told, told undated")
	b.equal("escalated, for the operator", b.listed(append(store.WaitingFor("OPERATOR"), store.Escalated())...), "")
	b.equal("parked", b.listed(store.Parked()), "")
	b.create(Parcel{Label: "broken", Due: store.Immediately})
	b.must(b.claim(1)[0].Fail(b.ctx(), errors.New("broken"), 0, 1))
	b.equal("parked", b.listed(store.Parked()), "broken")
}

func ownerFollows(b *bench) {
	row := b.create(Parcel{Label: "x", Waits: "AWS", Late: noon(), Told: true})
	waiting := "SELECT waiting_owner || ' ' || coalesce(waiting_until, 0) || ' ' || escalated FROM parcels"
	b.equal("waits", b.text(waiting), "AWS 1772366400000000 1")
	b.update(row.ID, func(p *Parcel) { p.Waits = "" })
	b.equal("waits for nobody", b.text(waiting), " 0 0")
	b.update(row.ID, func(p *Parcel) { p.Waits = "CUSTOMER" })
	b.exec("UPDATE parcels SET waiting_owner = '', waiting_until = NULL, escalated = 0, urgency = 0")
	_, err := b.parcels.Reindex(b.ctx(), "waiting", 5)
	b.must(err)
	b.equal("waits after a reindex", b.text(waiting), "CUSTOMER 1772366400000000 1")
	b.equal("in order", b.listed(store.WaitingFor("CUSTOMER")...), "x")
}

// agenda are the labels of what somebody must see to, by pages of two.
func (b *bench) agenda(q store.Agenda) string {
	b.Helper()
	var labels []string
	for q.Size = 2; ; {
		page, next, err := b.db.Agenda(b.Context(), everyone(), q)
		b.must(err)
		for _, e := range page {
			label := string(b.get(e.ID).Doc.Label)
			if e.Parked {
				label += " (parked)"
			}
			labels = append(labels, label)
		}
		if q.Token = next; q.Token == "" {
			return strings.Join(labels, ", ")
		}
	}
}

func agendaPaged(b *bench) {
	b.waitingParcels()
	for _, label := range []Label{"broken", "broken too"} {
		b.create(Parcel{Label: label, Due: store.Immediately})
	}
	for _, c := range b.claim(2) {
		b.must(c.Fail(b.ctx(), errors.New("broken"), 0, 1))
	}
	parcels, operator := []store.AgendaOf{{Noun: "parcel"}}, []string{"OPERATOR"}
	all := store.Agenda{Of: parcels, Owners: operator, Others: true, Parked: true, Waits: true}
	with := func(change func(*store.Agenda)) string {
		q := all
		change(&q)
		return b.agenda(q)
	}
	b.equal("for the operator", b.agenda(all), "broken (parked), broken too (parked), told, told undated, soon, undated")
	b.equal("for both", with(func(q *store.Agenda) { q.Owners = []string{"OPERATOR", "CUSTOMER"} }),
		"broken (parked), broken too (parked), told, told undated, soon, later, undated")
	b.equal("for the operator alone", with(func(q *store.Agenda) { q.Others = false }), "broken (parked), broken too (parked), soon, undated")
	b.equal("what holds of a wait", with(func(q *store.Agenda) {
		q.Of = []store.AgendaOf{{Noun: "parcel", Alone: []store.Cond{store.Eq("label", "soon")}}}
	}), "broken (parked), broken too (parked), soon")
	b.equal("what holds of all", with(func(q *store.Agenda) {
		q.Of = []store.AgendaOf{{Noun: "parcel", Is: []store.Cond{store.In("label", "broken", "told")}}}
	}), "broken (parked), told")
	b.equal("what waits for the operator besides", with(func(q *store.Agenda) {
		q.Of = []store.AgendaOf{{Noun: "parcel", Besides: []store.Cond{store.Eq("label", "later")}}}
	}), "broken (parked), broken too (parked), told, told undated, soon, later, undated")
	b.equal("what is listed besides only, whoever has its wait", with(func(q *store.Agenda) {
		q.Of = []store.AgendaOf{{
			Noun: "parcel", Alone: []store.Cond{store.Eq("label", "told undated")},
			Besides: []store.Cond{store.In("label", "later", "told", "soon")},
		}}
	}), "broken (parked), broken too (parked), told, told undated, soon, later")
	b.equal("parked", with(func(q *store.Agenda) { q.Waits = false }), "broken (parked), broken too (parked)")
	b.equal("escalated", with(func(q *store.Agenda) { q.Escalated = true }), "broken (parked), broken too (parked), told, told undated")
	b.equal("late", with(func(q *store.Agenda) { q.Before, q.Parked = noon().Add(90*time.Minute), false }), "told, told undated, soon")
	b.equal("another kind", with(func(q *store.Agenda) { q.Of = []store.AgendaOf{{Noun: "box"}} }), "")
	first, _, err := b.db.Agenda(b.Context(), everyone(), all)
	b.must(err)
	all.Token = first[3].Token
	rest, _, err := b.db.Agenda(b.Context(), everyone(), all)
	b.must(err)
	b.equal("after the fourth", string(b.get(rest[0].ID).Doc.Label), "soon")
	all.Others = false
	_, _, err = b.db.Agenda(b.Context(), everyone(), all)
	b.equal("with the token of another filter", errs.ReasonOf(err), "PAGE_TOKEN_INVALID")
	b.equal("overdue", b.listed(store.Overdue(noon().Add(90*time.Minute))), "told, told undated, soon")
}
