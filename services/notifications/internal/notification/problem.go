package notification

import (
	"slices"
	"strings"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/services/notifications/internal/people"
)

// ProblemKind is what a provider says of a mail that it had taken.
type ProblemKind string

// The kinds.
const (
	Bounced    ProblemKind = "BOUNCED"    // it did not arrive
	Complained ProblemKind = "COMPLAINED" // who got it has called it spam
)

// Problem is what the mail provider said later of a mail that it had taken.
type Problem struct {
	Kind     ProblemKind `json:"kind"`
	PersonID string      `json:"person_id,omitempty"` // whose address it is; empty: not known, or Operations
	Provider string      `json:"provider,omitempty"`  // the mail provider's own code
	At       time.Time   `json:"at"`
}

// Report notes what the provider said of a mail later. Somebody must see to it until the address is replaced, or the mail is sent again
// or settled. The same report again changes nothing. Refused with STATE_REFUSES unless the provider may have taken the mail.
func (n *Notification) Report(p Problem) ([]fact.Fact, error) {
	if n.State != Sent && n.State != Uncertain {
		return nil, errs.New(errs.Precondition, ReasonStateRefuses, "the provider has not taken the mail, which is %s", n.Standing())
	}
	if known := n.Problem; known != nil && known.Kind == p.Kind && known.PersonID == p.PersonID && known.Provider == p.Provider {
		return nil, nil
	}
	n.Problem, n.Settlement, n.LookAt = &p, nil, time.Time{}
	return []fact.Fact{n.tell(FactUndelivered, "problem", string(p.Kind), "provider_code", p.Provider, "person_id", p.PersonID)}, nil
}

// addressReplaced reports whether nobody whom the mail went to, or whose address is the one in question, still has the address that it
// went to. Found are the people who would get it now; when there are none, or it never went to the one in question, nobody knows.
func (p Problem) addressReplaced(to []string, found []people.Person) bool {
	if p.PersonID != "" {
		if !slices.Contains(to, p.PersonID) {
			return false
		}
		to = []string{p.PersonID}
	}
	return len(to) > 0 && len(found) > 0 && !slices.ContainsFunc(found, func(f people.Person) bool {
		return slices.Contains(to, f.ID) && !f.AddressSince.After(p.At)
	})
}

// kindOf is the prefix of an id, which says what it is of.
func kindOf(id string) string {
	kind, _, _ := strings.Cut(id, "_")
	return kind
}
