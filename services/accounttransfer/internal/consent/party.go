package consent

import (
	"slices"
	"strings"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/optional"
	"example.com/handover/pkg/text"
	"example.com/handover/services/accounttransfer/internal/process"
)

// Side is a side of the assignment.
type Side string

// The sides.
const (
	Assignor Side = "ASSIGNOR" // gives its rights and duties away: the customer
	Assignee Side = "ASSIGNEE" // takes them over
)

// Party is who is on a side.
type Party struct {
	PartyID   string `json:"party_id,omitempty"` // "cus_…" or "sel_…"; empty: somebody whom the suite does not know
	LegalName string `json:"legal_name,omitempty"`
	Address   string `json:"address,omitempty"`
	Signatory string `json:"signatory,omitempty"` // "per_…"
	Erased    bool   `json:"erased,omitempty"`    // the signatory's data is gone
}

// missing names what AWS wants to know of a side and is not there.
func (p Party) missing(side string) (paths []string) {
	if p.LegalName == "" {
		paths = append(paths, side+".legal_name")
	}
	if p.Address == "" {
		paths = append(paths, side+".address")
	}
	if p.Signatory == "" || p.Erased {
		paths = append(paths, side+".signatory_id")
	}
	return paths
}

func (c *Consent) party(s Side) *Party {
	if s == Assignor {
		return &c.Assignor
	}
	return &c.Assignee
}

// People are those who sign, or are to sign, each once.
func (c *Consent) People() (ids []string) {
	add := func(id string) {
		if id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	add(c.Assignor.Signatory)
	add(c.Assignee.Signatory)
	if c.Agreement != nil {
		for _, g := range c.Agreement.Signatures {
			add(g.PersonID)
		}
	}
	return ids
}

// SignatoryOf is who signs for a side; empty: nobody yet.
func (c *Consent) SignatoryOf(s Side) string { return c.party(s).Signatory }

// Edit holds the new values of a change; nil leaves a field as it is.
type Edit struct {
	Requester, Preparer         *process.Party
	AssignorName, AssignorWhere *string
	AssigneeID                  *string
	AssigneeName, AssigneeWhere *string
	Terms, Answer               *string
}

// ofReseller names the fields of an edit that customers do not enter.
func (e Edit) ofReseller() (paths []string) {
	for _, f := range []struct {
		path  string
		given bool
	}{
		{"requester", e.Requester != nil},
		{"preparer", e.Preparer != nil},
		{"assignee.party_id", e.AssigneeID != nil},
		{"assignee.legal_name", e.AssigneeName != nil},
		{"assignee.address", e.AssigneeWhere != nil},
		{"proposed_terms", e.Terms != nil},
	} {
		if f.given {
			paths = append(paths, f.path)
		}
	}
	return paths
}

// Revise changes what AWS is told. Customers and partners enter what is the customer's. Refused with STATE_REFUSES,
// FIELD_NOT_YOURS and FIELD_REQUIRED.
func (c *Consent) Revise(e Edit, fields []string, by call.Actor, now time.Time) ([]fact.Fact, error) {
	if err := c.accepts("changed", Draft, InfoGathering); err != nil {
		return nil, err
	}
	if theirs := e.ofReseller(); by.Role != "OPERATOR" && len(theirs) > 0 {
		return nil, notYours(theirs[0])
	}
	next := *c
	optional.Set(&next.Requester, e.Requester)
	optional.Set(&next.Preparer, e.Preparer)
	optional.Set(&next.Assignor.LegalName, e.AssignorName)
	optional.Set(&next.Assignor.Address, e.AssignorWhere)
	optional.Set(&next.Assignee.PartyID, e.AssigneeID)
	optional.Set(&next.Assignee.LegalName, e.AssigneeName)
	optional.Set(&next.Assignee.Address, e.AssigneeWhere)
	optional.Set(&next.Terms, e.Terms)
	optional.Set(&next.Answer, e.Answer)
	if next.Requester == "" || next.Preparer == "" {
		return nil, required([]string{"requester", "preparer"})
	}
	if next.Assignor == c.Assignor && next.Assignee == c.Assignee && next.Terms == c.Terms && next.Answer == c.Answer &&
		next.Requester == c.Requester && next.Preparer == c.Preparer {
		return nil, nil
	}
	return c.become(next, tell(FactUpdated, "fields", strings.Join(fields, " ")), now), nil
}

// become takes over what was entered. Who has the next turn may be another one, whose wait begins.
func (c *Consent) become(next Consent, f fact.Fact, now time.Time) []fact.Fact {
	before := c.turn()
	*c = next
	if c.turn() != before {
		c.Since = now
	}
	return []fact.Fact{f}
}

// SetSignatory says who signs for a side. Refused with STATE_REFUSES, also when the side has signed, and with FIELD_NOT_YOURS.
func (c *Consent) SetSignatory(s Side, personID string, by call.Actor, now time.Time) ([]fact.Fact, error) {
	if err := c.accepts("signed by somebody else", Draft, InfoGathering, Granted, AgreementPending); err != nil {
		return nil, err
	}
	switch {
	case by.Role != "OPERATOR" && s != Assignor:
		return nil, notYours("side")
	case c.Agreement.signed(s):
		return nil, errs.New(errs.Precondition, ReasonStateRefuses, "the %s has signed", strings.ToLower(string(s)))
	}
	next := *c
	next.party(s).Signatory, next.party(s).Erased = personID, false
	return c.become(next, tell(FactSignatorySet, "side", string(s), "person_id", personID), now), nil
}

// ErasePerson notes that the personal data of somebody who signs, or was to, is gone. Refused with PERSON_UNKNOWN, also when it is
// gone already.
func (c *Consent) ErasePerson(who Person, reason string, now time.Time) ([]fact.Fact, error) {
	if who.ConsentID != c.ID || who.Erased {
		return nil, PersonUnknown(who.ID)
	}
	next := *c
	for _, s := range []Side{Assignor, Assignee} {
		if p := next.party(s); p.Signatory == who.ID {
			p.Erased = true
		}
	}
	next.Superseded = nil
	if c.Agreement != nil && c.State != Executed {
		bare := *c.Agreement
		bare.Attached, next.Agreement = nil, &bare
	}
	f := fact.Internally(tell(FactPersonErased, "person_id", who.ID))
	f.Reason = reason
	return c.become(next, f, now), nil
}

// PersonUnknown is the refusal of somebody who is not there.
func PersonUnknown(id string) error {
	return errs.New(errs.NotFound, ReasonPersonUnknown, "the consent has no person %s", id)
}

func notYours(path string) error {
	return errs.New(errs.Denied, ReasonFieldNotYours, "Operations enters %s", path).WithField(path, ReasonFieldNotYours, "is not yours").
		WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.consent-field")})
}
