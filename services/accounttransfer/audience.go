package accounttransfer

import (
	"context"
	"slices"
	"strings"
	"time"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/call"
	"example.com/handover/pkg/guidance"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	"example.com/handover/pkg/wire"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	"example.com/handover/services/accounttransfer/internal/consent"
	"example.com/handover/services/accounttransfer/internal/journey"
	"example.com/handover/services/accounttransfer/internal/process"
)

// shown is a transfer with its connection as a caller may read them. What Operations was asked, what it has decided and what it
// said is between the reseller's people and the services: customers and partners see that the reseller decides, and then how it
// goes on.
func (s *transferServer) shown(ctx context.Context, caller call.Call, p pair) *accounttransferv1.Transfer {
	words := s.env.Words(ctx)
	out := toTransfer(words, p.transfer)
	if out == nil {
		return nil
	}
	out.Connection = toConnection(words, p.connection)
	if caller.Scope.All() {
		withReasons(out.Connection, p.connection.Doc)
		return out
	}
	hideStatements(out, p.transfer.Doc)
	hideInternal(words, out.Connection, p.connection.Doc)
	if p.transfer.Doc.Decision == nil {
		return out
	}
	if w := p.transfer.Doc.Waiting(); w != nil && p.transfer.Doc.Decision.Phase == journey.Asked {
		out.Waiting = toWaiting(words, &process.Waiting{Owner: w.Owner, Text: text.New("wait.reseller-decides")})
	}
	out.Decision = nil
	return out
}

// hideStatements takes out what the reseller's people said, and which of them attend a session. The reasons of a rule, and the customer's
// own, stay.
func hideStatements(out *accounttransferv1.Transfer, t *journey.Transfer) {
	if out.GetEnding() != nil && process.OfReseller(t.Ending.RequestedBy) {
		out.Ending.Reason, out.Ending.RequestedBy = "", nil
	}
	for i, s := range out.GetSteps() {
		by := t.Steps[i].DoneBy
		if process.OfReseller(by) {
			s.Evidence, s.DoneBy, s.PayerId, s.AttachmentIds = "", nil, "", nil
		}
		for _, held := range s.GetSessions() {
			held.AttendeeIds = slices.DeleteFunc(held.GetAttendeeIds(), func(id string) bool { return !strings.HasPrefix(id, prefixPerson+"_") })
		}
		if process.OfReseller(by) || t.Steps[i].State != process.Skipped {
			s.Reason = "" // only Operations skips and reopens, but for the rule that skips without an actor
		}
	}
}

// told is a transfer as its events carry it: other services act on what was decided, and have no use for what was said.
func told(english text.Words, r store.Row[journey.Transfer]) *accounttransferv1.Transfer {
	out := toTransfer(english, r)
	if out.GetDecision() != nil {
		out.Decision.Reason = ""
	}
	for _, s := range out.GetSteps() { // what people are to do is read at the service; events carry what is decided
		s.Title, s.What, s.Where, s.Evidence, s.Reason, s.Requires = "", "", "", "", "", nil
		s.Sessions, s.AttachmentIds = nil, nil
	}
	return out
}

// toldConsent is a consent as its events carry it: how far it is, and what AWS decided. What people wrote is read at the service,
// where it can be erased.
func toldConsent(english text.Words, r store.Row[consent.Consent]) *accounttransferv1.Consent {
	out := toConsent(english, r, false)
	if out == nil {
		return nil
	}
	out.ProposedTerms, out.Answer = "", ""
	for _, p := range []*accounttransferv1.ConsentParty{out.GetAssignor(), out.GetAssignee()} {
		p.LegalName, p.Address = "", ""
	}
	if q := out.GetQuestion(); q != nil {
		q.Text = ""
	}
	if d := out.GetDecision(); d != nil {
		d.Reason = ""
	}
	if a := out.GetAgreement(); a != nil {
		a.Scope, a.Fees, a.Warranties, a.Representations = "", "", "", ""
	}
	return out
}

// guides finds the links to pages that help the caller, by place.
func (t *tables) guides(ctx context.Context, now time.Time) (func(guidance.Place) []*accounttransferv1.GuidanceLink, error) {
	const most = 500 // pages; Orders keeps fewer
	found, err := t.guidance.List(ctx, pagesBelongToNobody(), store.Query{Size: most})
	if err != nil {
		return nil, err
	}
	pages := wire.Rows(found.Rows, func(r store.Row[guidance.Page]) *guidance.Page { return r.Doc })
	reader := guidance.Everybody
	if p, _ := auth.From(ctx); p.Role == auth.Partner {
		reader = guidance.Partners
	} else if call.From(ctx).Scope.All() {
		reader = guidance.Operators
	}
	return func(at guidance.Place) []*accounttransferv1.GuidanceLink {
		return toLinks(guidance.Links(pages, at, reader, call.From(ctx).Language, now))
	}, nil
}
