package store_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/store"
)

// scratch is a SQLite database with one table of the test's own.
func scratch(t *testing.T) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{
		DSN: "sqlite:" + filepath.Join(t.TempDir(), "scratch.db"), Service: "scratch", Business: clock.NewLive(),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	inTx(t, db, func(tx *store.Tx) error {
		_, err := tx.Exec("CREATE TABLE numbers (n BIGINT NOT NULL PRIMARY KEY)")
		return err
	})
	return db
}

func inTx(t *testing.T, db *store.DB, do func(*store.Tx) error) {
	t.Helper()
	if err := db.InTx(t.Context(), do); err != nil {
		t.Fatal(err)
	}
}

const (
	insertNumber  = "INSERT INTO numbers (n) VALUES ($1)"
	selectNumbers = "SELECT n FROM numbers WHERE n >= $1 ORDER BY n"
)

// TestAStatementIsLentToOneUserAtATime reads with a text while the rows of the same text are still open.
func TestAStatementIsLentToOneUserAtATime(t *testing.T) {
	db := scratch(t)
	var pairs []string
	inTx(t, db, func(tx *store.Tx) error {
		for n := range 2 {
			if _, err := tx.Exec(insertNumber, n); err != nil {
				return err
			}
		}
		return eachNumber(tx, 0, func(outer int) error {
			return eachNumber(tx, 1, func(inner int) error {
				pairs = append(pairs, fmt.Sprint(outer, inner))
				return nil
			})
		})
	})
	if got := fmt.Sprint(pairs); got != "[0 1 1 1]" {
		t.Errorf("got %s", got)
	}
}

func eachNumber(tx *store.Tx, from int, do func(int) error) error {
	rows, err := tx.Query(selectNumbers, from)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var n int
		if err := rows.Scan(&n); err != nil {
			return err
		}
		if err := do(n); err != nil {
			return err
		}
	}
	return rows.Err()
}

// TestAStatementThatFailedIsUsableAgain: the text, the connection and the transactions after it.
func TestAStatementThatFailedIsUsableAgain(t *testing.T) {
	db := scratch(t)
	insert := func(n int) error {
		return db.InTx(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Exec(insertNumber, n)
			return err
		})
	}
	for n, wanted := range []bool{true, false, true} {
		if err := insert(n / 2 * 2); (err == nil) != wanted {
			t.Errorf("insert %d: %v", n, err)
		}
	}
}

// TestStatementsOutliveAChangeOfTheTable, of which there is one at every migration, and are bounded in number.
func TestStatementsOutliveAChangeOfTheTable(t *testing.T) {
	db := scratch(t)
	count := func() (n int) {
		inTx(t, db, func(tx *store.Tx) error {
			n = 0
			return eachNumber(tx, 0, func(int) error { n++; return nil })
		})
		return n
	}
	if n := count(); n != 0 {
		t.Fatalf("%d numbers in a new table", n)
	}
	inTx(t, db, func(tx *store.Tx) error {
		for _, text := range []string{"DROP TABLE numbers", "CREATE TABLE numbers (other TEXT, n BIGINT)", "INSERT INTO numbers (n) VALUES (7)"} {
			if _, err := tx.Exec(text); err != nil {
				return err
			}
		}
		for i := range 500 {
			if _, err := tx.Exec(fmt.Sprintf("UPDATE numbers SET other = 'text %d'", i)); err != nil {
				return err
			}
		}
		return nil
	})
	if n := count(); n != 1 {
		t.Errorf("%d numbers, want 1", n)
	}
}
