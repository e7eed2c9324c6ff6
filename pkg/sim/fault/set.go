package fault

import (
	"slices"
	"sync"

	"example.com/handover/pkg/errs"
)

// Set holds the faults that are set for one simulator, oldest first. It is safe for concurrent use.
type Set struct {
	known func(service string) bool

	mu     sync.Mutex
	faults []Fault
}

// NewSet returns an empty set for the services that are known.
func NewSet(known func(service string) bool) *Set { return &Set{known: known} }

// Add adds a fault. A call meets the oldest fault that fits it, and only that one. It returns errs.Invalid for a fault
// that makes no sense.
func (s *Set) Add(f Fault) error {
	if err := f.check(); err != nil {
		return err
	}
	if f.Service != "" && !s.known(f.Service) {
		return errs.InvalidField("service", "SERVICE_UNKNOWN", "the service %q is not simulated", f.Service)
	}
	f, err := f.aimed()
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, f)
	return nil
}

// Clear removes every fault. Calls that have met one already are not helped.
func (s *Set) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// All returns the faults that are still set, with the times that are left.
func (s *Set) All() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.faults)
}

// Take returns the fault that a call meets and counts it; false and a fault of no kind when it meets none.
func (s *Set) Take(service, operation, account string) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.faults, func(f Fault) bool { return f.meets(service, operation, account) })
	if i < 0 {
		return Fault{}, false
	}
	met := s.faults[i]
	switch met.Times {
	case 0: // until cleared
	case 1:
		s.faults = slices.Delete(s.faults, i, i+1)
	default:
		s.faults[i].Times--
	}
	return met, true
}
