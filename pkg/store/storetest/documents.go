package storetest

import (
	"strconv"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/store"
)

func documentCases() []testCase {
	return []testCase{
		{"an older document is upgraded when read and written anew", olderDocument},
		{"a newer document is read, not claimed and not changed", newerDocument},
		{"an undecodable document is parked and others go on", undecodable},
		{"a reindex computes columns anew and goes on where it was", reindexed},
	}
}

// asWritten puts a document into a row as another release would have written it.
func (b *bench) asWritten(id string, version int, doc string) {
	b.Helper()
	b.exec("UPDATE parcels SET doc = $1, doc_version = $2 WHERE id = $3", doc, version, id)
}

func olderDocument(b *bench) {
	row := b.create(due())
	b.asWritten(row.ID, 1, `{"name": "old", "weight": 3, "due": "1970-01-01T00:00:00Z"}`)
	b.equal("label", b.get(row.ID).Doc.Label, Label("old"))
	c := b.claim(1)[0]
	b.equal("label of the claim", c.Doc.Label, Label("old"))
	b.must(c.Finish(b.ctx(), nil)) // writes it in the new version, though nothing has changed
	b.equal("version", b.text("SELECT doc_version FROM parcels"), "2")
	b.equal("label", b.get(row.ID).Doc.Label, Label("old"))
	b.equal("revision", b.get(row.ID).Revision, int64(1))
	b.equal("column", b.text("SELECT label FROM parcels"), "old")
}

func newerDocument(b *bench) {
	newer, ours := b.create(due()), b.create(due())
	b.asWritten(newer.ID, 3, `{"label": "new", "colour": "red", "due": "1970-01-01T00:00:00Z"}`)
	b.equal("label", b.get(newer.ID).Doc.Label, Label("new"))
	claims := b.claim(5)
	b.equal("claims", len(claims), 1)
	b.equal("claimed", claims[0].ID, ours.ID)
	_, err := b.tryUpdate(newer.ID, "", func(p *Parcel) { p.Weight = 1 })
	b.refused(err, errs.Unavailable, "UNAVAILABLE")
	pending, err := b.db.Pending(b.Context())
	b.must(err)
	b.equal("due for this release", pending.Due, 0)
}

func undecodable(b *bench) {
	bad, good := b.create(due()), b.create(due())
	b.asWritten(bad.ID, 2, `{"label": [`)
	_, err := b.parcels.Get(b.Context(), everyone(), bad.ID)
	b.refused(err, errs.Internal, "INTERNAL")
	page, err := b.parcels.List(b.Context(), everyone(), store.Query{})
	b.must(err)
	b.equal("listed", len(page.Rows), 1)
	claims := b.claim(5)
	b.equal("claims", len(claims), 1)
	b.equal("claimed", claims[0].ID, good.ID)
	parked, _, err := b.db.Parked(b.Context(), 5, "")
	b.must(err)
	b.equal("parked", len(parked), 1)
	b.equal("parked row", parked[0].ID, bad.ID)
	b.equal("says why", parked[0].LastError != "", true)
}

func reindexed(b *bench) {
	var last store.Row[Parcel]
	for i := range 7 {
		last = b.create(Parcel{Label: Label(strconv.Itoa(i)), Weight: 5, Due: noon()})
	}
	b.asWritten(last.ID, 2, `no JSON`)
	b.exec("UPDATE parcels SET weight = 0, wake_at = NULL")

	// As if it had been interrupted after the third row.
	third := b.text("SELECT id FROM parcels ORDER BY id LIMIT 1 OFFSET 2")
	b.exec("INSERT INTO reindexes (name, position, finished) VALUES ('parcels weight', $1, 0)", third)
	n, err := b.parcels.Reindex(b.ctx(), "weight", 2)
	b.must(err)
	b.equal("written", n, 3)
	b.equal("with weight", b.text("SELECT count(*) FROM parcels WHERE weight = 5"), "3")
	b.equal("due", len(b.claim(9)), 3)
	n, err = b.parcels.Reindex(b.ctx(), "weight", 2)
	b.must(err)
	b.equal("written by a finished run", n, 0)

	n, err = b.parcels.Reindex(b.ctx(), "again", 2)
	b.must(err)
	b.equal("written by a new run", n, 6)
	b.equal("still claimed", len(b.claim(9)), 3)
	b.equal("revisions", b.text("SELECT max(revision) FROM parcels"), "1")
}
