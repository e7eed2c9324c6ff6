package state_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/sim/aws/state"
	"example.com/handover/pkg/sim/journal"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func open(t *testing.T, j state.Journal) *state.State {
	t.Helper()
	s, err := state.Open(func() time.Time { return noon }, j)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func put(t *testing.T, s *state.State, accounts ...state.Account) {
	t.Helper()
	err := s.Update(t.Context(), func(tx *state.Tx) error {
		for _, a := range accounts {
			tx.Accounts.Put(a)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func view(t *testing.T, s *state.State, read func(*state.Tx)) {
	t.Helper()
	if err := s.View(func(tx *state.Tx) error { read(tx); return nil }); err != nil {
		t.Fatal(err)
	}
}

func TestFailedChangeLeavesNothing(t *testing.T) {
	s := open(t, nil)
	put(t, s, state.Account{ID: "1", Email: "a@b.c", Name: "old"})
	ctx, effect := state.Watch(t.Context())
	refusal := errors.New("refused")
	err := s.Update(ctx, func(tx *state.Tx) error {
		tx.Accounts.Put(state.Account{ID: "1", Name: "new"})
		tx.Accounts.Put(state.Account{ID: "2"})
		return refusal
	})
	if !errors.Is(err, refusal) || effect.Committed() {
		t.Fatalf("error %v, effect %v", err, effect.Committed())
	}
	view(t, s, func(tx *state.Tx) {
		if a, _ := tx.Accounts.Get("1"); a.Name != "old" || len(tx.Accounts.All()) != 1 {
			t.Errorf("accounts are %+v", tx.Accounts.All())
		}
	})
}

// failing is a disk that is full.
type failing struct{ state.Journal }

var errFull = errors.New("disk full")

func (failing) Load() ([]journal.Record, error) { return nil, nil }
func (failing) Append([]journal.Record) error   { return errFull }

func TestWhatTheJournalDoesNotKeepDidNotHappen(t *testing.T) {
	s := open(t, failing{})
	ctx, effect := state.Watch(t.Context())
	err := s.Update(ctx, func(tx *state.Tx) error {
		tx.Accounts.Put(state.Account{ID: "1"})
		return nil
	})
	if !errors.Is(err, errFull) || effect.Committed() {
		t.Fatalf("error %v, effect %v", err, effect.Committed())
	}
	view(t, s, func(tx *state.Tx) {
		if len(tx.Accounts.All()) != 0 {
			t.Error("the account is there")
		}
	})
}

func TestTransactionSeesItsOwnChanges(t *testing.T) {
	s := open(t, nil)
	put(t, s, state.Account{ID: "1", Email: "one@x.org"}, state.Account{ID: "2", Email: "two@x.org"})
	err := s.Update(t.Context(), func(tx *state.Tx) error {
		tx.Accounts.Put(state.Account{ID: "1", Email: "NEW@x.org"})
		tx.Accounts.Delete("2")
		if _, ok := tx.AccountByEmail("one@x.org"); ok {
			t.Error("found by its old address")
		}
		if a, _ := tx.AccountByEmail(" new@X.org"); a.ID != "1" {
			t.Errorf("by its new address: %+v", a)
		}
		if _, ok := tx.Accounts.Get("2"); ok || len(tx.Accounts.All()) != 1 {
			t.Error("the deleted account is there")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	view(t, s, func(tx *state.Tx) {
		if _, ok := tx.AccountByEmail("one@x.org"); ok {
			t.Error("the index still has the old address")
		}
		if _, ok := tx.AccountByEmail("new@x.org"); !ok || len(tx.Accounts.All()) != 1 {
			t.Errorf("accounts are %+v", tx.Accounts.All())
		}
	})
}

func TestCommitWithoutChangeIsNoEffect(t *testing.T) {
	s := open(t, nil)
	ctx, effect := state.Watch(t.Context())
	if err := s.Update(ctx, func(*state.Tx) error { return nil }); err != nil || effect.Committed() {
		t.Errorf("error %v, effect %v", err, effect.Committed())
	}
	put := func(tx *state.Tx) error { tx.Accounts.Put(state.Account{ID: "1"}); return nil }
	if err := s.Update(context.WithoutCancel(ctx), put); err != nil || !effect.Committed() {
		t.Errorf("error %v, effect %v", err, effect.Committed())
	}
}

func TestHandshakeEndsAndVanishesByItself(t *testing.T) {
	h := state.Handshake{ID: "h-1", State: types.HandshakeStateRequested, ExpiresAt: noon}
	month := 30 * 24 * time.Hour
	for _, c := range []struct {
		at      time.Time
		state   types.HandshakeState
		visible bool
	}{
		{noon.Add(-time.Millisecond), types.HandshakeStateRequested, true},
		{noon, types.HandshakeStateExpired, true},
		{noon.Add(month - time.Millisecond), types.HandshakeStateExpired, true},
		{noon.Add(month), types.HandshakeStateExpired, false},
	} {
		if got := h.At(c.at); got.State != c.state || got.Visible(c.at) != c.visible {
			t.Errorf("at %s: %s, visible %v", c.at, got.State, got.Visible(c.at))
		}
	}
}

func TestJournalOfANewerVersionIsRefused(t *testing.T) {
	_, err := state.Open(func() time.Time { return noon }, newer{})
	if err == nil {
		t.Error("an unknown kind was dropped in silence")
	}
}

type newer struct{ failing }

func (newer) Load() ([]journal.Record, error) {
	return []journal.Record{{Kind: "invoice", ID: "1"}}, nil
}
