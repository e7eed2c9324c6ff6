package mail

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"example.com/handover/pkg/sim/journal"
)

const kind = "mail" // of the journal's records

var errClosed = errors.New("mail: the inbox is closed")

// store keeps the mails, in the order in which they arrive.
type store struct {
	max     int
	keep    time.Duration
	journal *journal.File // nil: in memory only

	mu      sync.RWMutex
	entries []entry
	closed  bool
}

func openStore(path string, size int, keep time.Duration) (*store, error) {
	s := &store{max: size, keep: keep}
	if path == "" {
		return s, nil
	}
	s.journal = journal.Open(path)
	records, err := s.journal.Load()
	if err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	for _, r := range records {
		e, err := decode(r)
		if err != nil {
			return nil, errors.Join(err, s.journal.Close())
		}
		s.insert(e)
	}
	s.entries = s.entries[max(0, len(s.entries)-s.max):]
	return s, nil
}

func decode(r journal.Record) (entry, error) {
	var p parcel
	if err := json.Unmarshal(r.Doc, &p); err != nil {
		return entry{}, fmt.Errorf("mail: journal: %s: %w", r.ID, err)
	}
	return open(p)
}

// add opens a parcel and keeps it, and gives up what is too old, and the oldest when there are too many. It is on disk before it is seen.
// It returns errs.Invalid for one that is no mail.
func (s *store) add(p parcel) error {
	e, err := open(p)
	if err != nil {
		return err
	}
	doc, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return errClosed
	}
	dropped := max(0, len(s.entries)+1-s.max)
	for dropped < len(s.entries) && s.entries[dropped].At.Before(p.At.Add(-s.keep)) {
		dropped++
	}
	if err := s.commit(journal.Record{Kind: kind, ID: p.ID, Doc: doc}, s.entries[:dropped]); err != nil {
		return err
	}
	s.entries = slices.Delete(s.entries, 0, dropped)
	s.insert(e)
	return nil
}

func (s *store) commit(added journal.Record, dropped []entry) error {
	if s.journal == nil {
		return nil
	}
	records := []journal.Record{added}
	for _, e := range dropped {
		records = append(records, journal.Record{Kind: kind, ID: e.ID})
	}
	return s.journal.Append(records)
}

// insert puts a mail behind those of the same instant.
func (s *store) insert(e entry) {
	i, _ := slices.BinarySearchFunc(s.entries, e.At, func(other entry, at time.Time) int {
		if other.At.After(at) {
			return 1
		}
		return -1
	})
	s.entries = slices.Insert(s.entries, i, e)
}

// arrived returns the mails that are there at an instant, oldest first. Nobody may change them.
func (s *store) arrived(now time.Time) []entry {
	s.mu.RLock()
	defer s.mu.RUnlock()
	n := len(s.entries)
	for n > 0 && s.entries[n-1].At.After(now) {
		n--
	}
	return slices.Clone(s.entries[:n])
}

func (s *store) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	if s.journal == nil {
		return nil
	}
	return s.journal.Close()
}
