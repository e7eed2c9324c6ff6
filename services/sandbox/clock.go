package sandbox

import (
	"context"
	"database/sql"
	"time"

	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/store"
)

// keeper keeps the business clock of the deployment: what NATS has of it may be lost with its files.
func keeper() *kit.ClockKeeper { return &kit.ClockKeeper{Read: keptTime, Keep: keepTime} }

func keptTime(ctx context.Context, db *store.DB) (time.Time, error) {
	rows, err := db.Query(ctx, "SELECT max(instant) FROM business_clock")
	if err != nil {
		return time.Time{}, err
	}
	defer func() { _ = rows.Close() }()
	var instant sql.NullInt64
	for rows.Next() {
		if err := rows.Scan(&instant); err != nil {
			return time.Time{}, err
		}
	}
	if !instant.Valid {
		return time.Time{}, rows.Err()
	}
	return time.UnixMicro(instant.Int64).UTC(), rows.Err()
}

func keepTime(ctx context.Context, db *store.DB, t time.Time) error {
	return db.InTx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("INSERT INTO business_clock (one, instant) VALUES (1, $1) "+
			"ON CONFLICT (one) DO UPDATE SET instant = excluded.instant WHERE business_clock.instant < excluded.instant", t.UnixMicro())
		return err
	})
}
