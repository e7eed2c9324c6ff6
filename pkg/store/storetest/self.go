package storetest

import (
	"strings"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/store"
)

func selfCases() []testCase {
	return []testCase{
		{"a database keeps its identity, and another one is refused", identityKept},
		{"a database that cannot be written says so", checkFails},
		{"the oldest event that waits is known", oldestWaits},
	}
}

func identityKept(b *bench) {
	identity := b.db.Identity()
	b.equal("is an identity", strings.HasPrefix(identity, "dbs_"), true)
	b.equal("identity when opened again", b.open().Identity(), identity)
	o := store.Options{DSN: b.dsn, Service: b.service, Migrations: Migrations(), Business: b.business, Identity: identity}
	db, err := store.Open(b.Context(), o)
	b.must(err)
	b.must(db.Close())
	o.Identity = "dbs_other"
	_, err = store.Open(b.Context(), o)
	b.refused(err, errs.Precondition, "DATABASE_FOREIGN")
}

func checkFails(b *bench) {
	b.must(b.db.Check(b.ctx()))
	b.must(b.db.Verify(b.ctx()))
	b.exec("ALTER TABLE self RENAME TO gone")
	b.equal("can be written", b.db.Check(b.ctx()) == nil, false)
	b.exec("ALTER TABLE gone RENAME TO self")
	b.must(b.db.Check(b.ctx()))
}

func oldestWaits(b *bench) {
	waits := func() time.Duration {
		b.Helper()
		d, err := b.db.OldestUnpublished(b.Context())
		b.must(err)
		return d.Round(time.Minute)
	}
	b.equal("with nothing to publish", waits(), time.Duration(0))
	b.create(Parcel{})
	b.set(time.Hour)
	b.create(Parcel{})
	b.equal("of two", waits(), time.Hour)
	b.set(-time.Hour)
	b.equal("when the clock was set back", waits(), time.Duration(0))
}
