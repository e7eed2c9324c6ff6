// Package state is what the simulated AWS knows: accounts, organizations, roles, handshakes, responsibility transfers,
// billing groups and usage, and what partners have agreed with customers. It is changed in transactions and kept in a
// journal.
//
// It owns no rule of AWS (the service packages refuse and decide) and no wire format.
package state

import (
	"context"
	"fmt"
	"sync"
	"time"

	"example.com/handover/pkg/sim/journal"
)

// State is everything that is committed. All methods are safe for concurrent use; changes happen one after another.
type State struct {
	now     func() time.Time
	journal Journal
	post    func(Letter) // nil: nobody takes letters

	mu            sync.RWMutex
	accounts      *table[Account]
	organizations *table[Organization]
	roles         *table[Role]
	handshakes    *table[Handshake]
	transfers     *table[Transfer]
	creations     *table[Creation]
	billingGroups *table[BillingGroup]
	usage         *table[Usage]
	closings      *table[Closing]
	currencies    *table[PaymentCurrency]
	adjustments   *table[Adjustment]
	programs      *table[ProgramAccount]
	relationships *table[Relationship]
	proposals     *table[ChannelHandshake]
	fulfilled     *table[Fulfilled]
}

// Open reads the journal; no journal keeps the state in memory only. The time that now returns is business time,
// and all that the state holds is dated by it.
func Open(now func() time.Time, kept Journal) (*State, error) {
	s := &State{
		now:           now,
		journal:       kept,
		accounts:      newTable[Account]("account"),
		organizations: newTable[Organization]("organization"),
		roles:         newTable[Role]("role"),
		handshakes:    newTable[Handshake]("handshake"),
		transfers:     newTable[Transfer]("transfer"),
		creations:     newTable[Creation]("creation"),
		billingGroups: newTable[BillingGroup]("billing-group"),
		usage:         newTable[Usage]("usage"),
		closings:      newTable[Closing]("closing"),
		currencies:    newTable[PaymentCurrency]("payment-currency"),
		adjustments:   newTable[Adjustment]("adjustment"),
		programs:      newTable[ProgramAccount]("program-account"),
		relationships: newTable[Relationship]("relationship"),
		proposals:     newTable[ChannelHandshake]("channel-handshake"),
		fulfilled:     newTable[Fulfilled]("fulfilled"),
	}
	if kept == nil {
		return s, nil
	}
	records, err := kept.Load()
	if err != nil {
		return nil, err
	}
	loaders := map[string]func(journal.Record) error{}
	for _, t := range []loader{
		s.accounts, s.organizations, s.roles, s.handshakes, s.transfers, s.creations,
		s.billingGroups, s.usage, s.closings, s.currencies, s.adjustments,
		s.programs, s.relationships, s.proposals, s.fulfilled,
	} {
		loaders[t.kindName()] = t.load
	}
	for _, r := range records {
		load, ok := loaders[r.Kind]
		if !ok {
			return nil, fmt.Errorf("state: the journal holds a %q, which this version does not know", r.Kind)
		}
		if err := load(r); err != nil {
			return nil, err
		}
	}
	return s, nil
}

type loader interface {
	kindName() string
	load(journal.Record) error
}

// Close closes the journal.
func (s *State) Close() error {
	if s.journal == nil {
		return nil
	}
	s.mu.Lock() // a commit under way is finished first
	defer s.mu.Unlock()
	return s.journal.Close()
}

// View lets read look at one consistent state. What it puts is dropped.
func (s *State) View(read func(*Tx) error) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return read(s.begin())
}

// Update commits what change puts, all or nothing: an error of change or of the journal leaves everything as it was.
// A commit that changed something is noted in the context's Effect, and its letters are sent.
func (s *State) Update(ctx context.Context, change func(*Tx) error) error {
	letters, err := s.commit(ctx, change)
	if err != nil || s.post == nil {
		return err
	}
	for _, l := range letters { // unlocked, so that whoever takes it may look at the state
		s.post(l)
	}
	return nil
}

func (s *State) commit(ctx context.Context, change func(*Tx) error) ([]Letter, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	tx := s.begin()
	if err := change(tx); err != nil {
		return nil, err
	}
	if !tx.changed() {
		return nil, nil
	}
	noteFulfilled(ctx, tx)
	records, err := tx.records()
	if err != nil {
		return nil, err
	}
	if s.journal != nil {
		if err := s.journal.Append(records); err != nil {
			return nil, err
		}
	}
	tx.apply()
	NoteEffect(ctx)
	return tx.letters, nil
}
