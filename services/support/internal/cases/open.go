package cases

import (
	"cmp"
	"maps"
	"strings"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
)

// Opening is what somebody wants a case about.
type Opening struct {
	ID          string
	CustomerID  string // may be empty for an issue of the reseller
	Kind        Kind
	Audience    Audience // empty: as By says
	Title       string
	Description string
	Priority    Priority // empty: P3
	Correlation string   // id of the order that began the journey; may be empty
	SubjectID   string   // may be empty
	ExternalID  string   // the opener's own, unique per customer; may be empty
	Labels      map[string]string
}

// OpenCase is the wish of a person or service. Refused with KIND_DENIED, AUDIENCE_DENIED and FIELD_REQUIRED.
func OpenCase(o Opening, by call.Actor, now time.Time) (*Case, []fact.Fact, error) {
	o = o.By(by)
	if o.Kind.ofChannel() {
		return nil, nil, errs.InvalidField("kind", ReasonKindDenied, "a channel opens its case itself").
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.set_up_channel")})
	}
	if outside(by) && !o.Kind.customersOwn() {
		return nil, nil, errs.New(errs.Denied, ReasonKindDenied, "customers open cases of the kinds %s and %s only", Question, TransferProblem)
	}
	if outside(by) && o.Audience != ForCustomer {
		return nil, nil, errs.New(errs.Denied, ReasonAudienceDenied, "customers open cases that they see themselves")
	}
	if err := o.required(); err != nil {
		return nil, nil, err
	}
	c, facts := newCase(o, by, now)
	return c, facts, nil
}

// OpenChannelSetup is the case in which people set a channel up, and in which the customer may ask about it. About names
// the customer by id, and nobody.
func OpenChannelSetup(o Opening, about text.Text, by call.Actor, now time.Time) (*Case, []fact.Fact) {
	o.Kind, o.Audience = ChannelSetup, ForCustomer
	c, facts := newCase(o, by, now)
	c.About = about
	return c, facts
}

// OpenChannelRemoval is the case in which people of the reseller take a channel away.
func OpenChannelRemoval(o Opening, about text.Text, by call.Actor, now time.Time) (*Case, []fact.Fact) {
	o.Kind, o.Audience = ChannelRemoval, ForOperations
	c, facts := newCase(o, by, now)
	c.About = about
	return c, facts
}

func newCase(o Opening, by call.Actor, now time.Time) (*Case, []fact.Fact) {
	c := &Case{
		ID: o.ID, CustomerID: o.CustomerID, Kind: o.Kind, Audience: o.Audience, Title: o.Title, Description: o.Description,
		Priority: cmp.Or(o.Priority, P3), Correlation: o.Correlation, SubjectID: o.SubjectID,
		ExternalID: o.ExternalID, Labels: o.Labels, OpenedBy: by, State: New, ChangedAt: now,
	}
	return c, []fact.Fact{c.tell(FactOpened, "kind", string(c.Kind), "priority", string(c.Priority), "title", c.Title)}
}

// required refuses with one violation per mandatory field that is missing (SUP-013).
func (o Opening) required() error {
	err := errs.New(errs.Invalid, ReasonFieldRequired, "fields are missing")
	missing := func(path, value string) {
		if strings.TrimSpace(value) == "" {
			err = err.WithField(path, ReasonFieldRequired, "is missing")
		}
	}
	missing("title", o.Title)
	if o.Kind.customersOwn() || o.Audience == ForCustomer {
		missing("customer_id", o.CustomerID)
	}
	if o.Kind.customersOwn() {
		missing("description", o.Description)
	}
	if len(err.Fields) == 0 {
		return nil
	}
	return err
}

// OpenedAs reports whether the case is what this opening made: none of it changes afterwards.
func (c *Case) OpenedAs(o Opening) bool {
	return o.ID == c.ID && o.CustomerID == c.CustomerID && o.Kind == c.Kind && o.Audience == c.Audience &&
		o.Title == c.Title && o.Description == c.Description && cmp.Or(o.Priority, P3) == c.Priority &&
		o.Correlation == c.Correlation && o.SubjectID == c.SubjectID &&
		o.ExternalID == c.ExternalID && maps.Equal(o.Labels, c.Labels)
}

// outside reports whether somebody who is not of the reseller acts.
func outside(by call.Actor) bool { return by.Role == "CUSTOMER" || by.Role == "PARTNER" }
