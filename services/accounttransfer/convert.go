package accounttransfer

import (
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/guidance"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	"example.com/handover/pkg/wire"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/accounttransfer/internal/consent"
	"example.com/handover/services/accounttransfer/internal/journey"
	"example.com/handover/services/accounttransfer/internal/process"
)

func toTransfer(words text.Words, r store.Row[journey.Transfer]) *accounttransferv1.Transfer {
	t := r.Doc
	if t == nil {
		return nil
	}
	out := &accounttransferv1.Transfer{
		TransferId: r.ID, OrderId: t.OrderID, CustomerId: t.CustomerID, PayerId: t.PayerID, ConnectionId: t.ConnectionID,
		Kind:            wire.Value[accounttransferv1.TransferKind](string(t.Kind)),
		Template:        &accounttransferv1.TemplateRef{Key: t.Template.Key, Version: int32(t.Template.Version)},
		SourceAccountId: t.AccountID, State: wire.Value[accounttransferv1.TransferState](string(t.State)),
		Waiting: toWaiting(words, t.Waiting()), Failure: toFailure(words, t.Failure), Decision: toDecision(words, t.Decision),
		Etag: r.ETag(), CreateTime: wire.Time(r.CreatedAt), UpdateTime: wire.Time(r.UpdatedAt), EndTime: wire.Time(t.EndedAt),
		LinkedAccountIds: t.Linked, PublicSector: t.PublicSector,
		AgreementId: t.AgreementID, ConsentId: t.ConsentID, SupportModel: wire.Value[accounttransferv1.SupportModel](string(t.SupportModel)),
	}
	for i := range t.Steps {
		out.Steps = append(out.Steps, toStep(words, &t.Steps[i]))
	}
	for _, i := range t.Issues {
		out.Flags = append(out.Flags, wire.Value[accounttransferv1.TransferFlag](string(i)))
	}
	if e := t.Ending; e != nil {
		out.Ending = &accounttransferv1.TransferEnding{
			Reason: e.Reason, RequestedBy: wire.Actor(e.RequestedBy), RequestTime: wire.Time(e.RequestedAt),
		}
		if e.Failure != nil {
			out.Ending.Reason = words.Say(e.Failure.Text)
		}
	}
	if t.Channel != nil {
		out.ChannelId = t.Channel.ID
	}
	return out
}

func toStep(words text.Words, s *process.Step) *accounttransferv1.Step {
	what, where := words.Instruct(s.Instruction())
	return &accounttransferv1.Step{
		Key: s.Key, Title: words.Say(s.Title()), Owner: wire.Value[typev1.Party](string(s.Owner)),
		State: wire.Value[accounttransferv1.StepState](string(s.State)), Requires: s.Requires,
		CompletedBy: wire.Value[accounttransferv1.StepCompletion](string(s.CompletedBy)), Condition: string(s.Condition),
		OpenTime: wire.Time(s.OpenedAt), DoneTime: wire.Time(s.DoneAt), DoneBy: wire.Actor(s.DoneBy),
		EscalateTime: wire.Time(s.EscalateAt), DueTime: wire.Time(s.DueAt), What: what, Where: where,
		Evidence: s.Evidence, Reason: s.Reason, Failure: toFailure(words, s.Failure),
		Asks: wire.Value[accounttransferv1.StepAsk](string(s.Asks)), PayerId: s.PayerID, AccountIds: s.Accounts, Sessions: toSessions(s.Sessions),
		OnlyFor: wire.Value[accounttransferv1.TransferTrait](string(s.OnlyFor)), AsksPayer: s.AsksPayer,
		AttachmentIds: s.Attached,
	}
}

func toSessions(all []process.Session) []*accounttransferv1.OwnershipSession {
	var out []*accounttransferv1.OwnershipSession
	for _, s := range all {
		out = append(out, &accounttransferv1.OwnershipSession{
			StartTime: wire.Time(s.At), AttendeeIds: slices.Clone(s.Attendees),
			Target:  wire.Value[accounttransferv1.SessionTarget](string(s.Target)),
			Outcome: wire.Value[accounttransferv1.SessionOutcome](string(s.Outcome)),
		})
	}
	return out
}

func toFailure(words text.Words, f *process.Failure) *accounttransferv1.Failure {
	if f == nil {
		return nil
	}
	return &accounttransferv1.Failure{Code: wire.Value[accounttransferv1.FailureCode](f.Code), Message: words.Say(f.Text)}
}

func toWaiting(words text.Words, w *process.Waiting) *typev1.Waiting {
	if w == nil {
		return nil
	}
	what, where := words.Instruct(w.Text)
	return &typev1.Waiting{
		Owner: wire.Value[typev1.Party](string(w.Owner)), What: what, Where: where, UntilTime: wire.Time(w.Until), StepKey: w.StepKey,
		Escalated: w.Escalated, EscalateTime: escalates(w),
	}
}

// escalates is when Operations will be told of a wait; nil when it was, or never is.
func escalates(w *process.Waiting) *timestamppb.Timestamp {
	if w.Escalated {
		return nil
	}
	return wire.Time(w.EscalateAt)
}

func toDecision(words text.Words, d *journey.Decision) *accounttransferv1.TransferDecision {
	if d == nil {
		return nil
	}
	return &accounttransferv1.TransferDecision{
		Question: words.Say(d.Question), NeedTime: wire.Time(d.NeededAt),
		Outcome:       wire.Value[accounttransferv1.DecisionOutcome](string(d.Outcome)),
		ChargesPaidBy: wire.Value[accounttransferv1.ChargesPayer](string(d.ChargesPaidBy)),
		Reason:        d.Reason, DecidedBy: wire.Actor(d.DecidedBy), DecideTime: wire.Time(d.DecidedAt),
	}
}

// toConsent shows a consent; internally also what the reseller's people said.
func toConsent(words text.Words, r store.Row[consent.Consent], internally bool) *accounttransferv1.Consent {
	k := r.Doc
	if k == nil {
		return nil
	}
	out := &accounttransferv1.Consent{
		ConsentId: r.ID, TransferId: k.TransferID, OrderId: k.OrderID, CustomerId: k.CustomerID,
		State:     wire.Value[accounttransferv1.ConsentState](string(k.State)),
		Requester: wire.Value[typev1.Party](string(k.Requester)), Preparer: wire.Value[typev1.Party](string(k.Preparer)),
		Assignor: toConsentParty(k.Assignor), Assignee: toConsentParty(k.Assignee), ProposedTerms: k.Terms, AwsReference: k.Reference,
		Answer: k.Answer, Waiting: toWaiting(words, k.Waiting()), ExpireTime: wire.Time(k.ExpiresAt), Etag: r.ETag(),
		CreateTime: wire.Time(r.CreatedAt), UpdateTime: wire.Time(r.UpdatedAt), EndTime: wire.Time(k.EndedAt),
		Statement: toStatement(k.Statement, internally),
	}
	if out.Waiting != nil {
		out.WaitTime = wire.Time(k.Since)
	}
	for i := range k.Submissions {
		out.Submissions = append(out.Submissions, &accounttransferv1.ConsentSubmission{
			Attempt: int32(i + 1), Statement: toStatement(&k.Submissions[i], internally),
		})
	}
	if q := k.Question; q != nil {
		out.Question = &accounttransferv1.ConsentQuestion{
			Text: q.Text, AnsweredBy: wire.Value[typev1.Party](string(q.Owner)), AskTime: wire.Time(q.AskedAt),
		}
	}
	if d := k.Decision; d != nil {
		out.Decision = &accounttransferv1.ConsentDecision{
			Outcome: wire.Value[accounttransferv1.ConsentOutcome](string(d.Outcome)), DecideTime: wire.Time(d.At), Reason: d.Reason,
			Statement: toStatement(&d.Statement, internally),
		}
	}
	if a := k.Agreement; a != nil {
		out.Agreement = toAssignment(a, internally)
	}
	return out
}

func toConsentParty(p consent.Party) *accounttransferv1.ConsentParty {
	return &accounttransferv1.ConsentParty{PartyId: p.PartyID, LegalName: p.LegalName, Address: p.Address, SignatoryId: p.Signatory}
}

// toStatement leaves out to others than the reseller's people what one of them said and who it was.
func toStatement(s *consent.Statement, internally bool) *accounttransferv1.ConsentStatement {
	switch {
	case s == nil:
		return nil
	case !internally:
		return &accounttransferv1.ConsentStatement{RecordTime: wire.Time(s.At)}
	}
	return &accounttransferv1.ConsentStatement{Text: s.Text, RecordedBy: wire.Actor(s.By), RecordTime: wire.Time(s.At)}
}

func toAssignment(a *consent.Agreement, internally bool) *accounttransferv1.AssignmentAgreement {
	out := &accounttransferv1.AssignmentAgreement{
		Scope: a.Scope, Fees: a.Fees, Warranties: a.Warranties, Representations: a.Representations,
		Sent: toStatement(&a.Sent, internally), ExecuteTime: wire.Time(a.ExecutedAt), Executed: toStatement(a.Executed, internally),
		AttachmentIds: a.Attached,
	}
	for _, g := range a.Signatures {
		out.Signatures = append(out.Signatures, &accounttransferv1.ConsentSignature{
			Side: wire.Value[accounttransferv1.ConsentSide](string(g.Side)), PersonId: g.PersonID, SignTime: wire.Time(g.At),
		})
	}
	return out
}

func toSignatory(r store.Row[consent.Person]) *accounttransferv1.Signatory {
	return &accounttransferv1.Signatory{
		PersonId: r.ID, Side: wire.Value[accounttransferv1.ConsentSide](string(r.Doc.Side)), GivenName: r.Doc.GivenName,
		FamilyName: r.Doc.FamilyName, Position: r.Doc.Position, Email: r.Doc.Email, Erased: r.Doc.Erased,
	}
}

func fromSignatory(s *accounttransferv1.Signatory) consent.Person {
	return consent.Person{GivenName: s.GetGivenName(), FamilyName: s.GetFamilyName(), Position: s.GetPosition(), Email: s.GetEmail()}
}

// The years in which a transfer can be spoken of. Far outside them the arithmetic of dates leaves what a timestamp holds.
const (
	firstYear = 2000
	lastYear  = 2200
)

// moment reads a time that a caller chose; zero for none. Refused with REQUEST_INVALID when it is no time, or none that
// a transfer can have.
func moment(field string, t *timestamppb.Timestamp) (time.Time, error) {
	at := wire.FromTime(t)
	if t != nil && (!t.IsValid() || at.Year() < firstYear || at.Year() > lastYear) {
		return time.Time{}, errs.InvalidField(field, "REQUEST_INVALID", "is no time between the years %d and %d", firstYear, lastYear)
	}
	return at, nil
}

func fromPage(p *ordersv1.GuidancePage) guidance.Page {
	out := guidance.Page{
		Key: p.GetPageKey(), ProductID: p.GetProductId(), TemplateKey: p.GetTemplateKey(), StepKey: p.GetStepKey(), MailKeys: p.GetMailKeys(),
		Audience: guidance.Audience(wire.Name(p.GetAudience())),
		From:     wire.FromTime(p.GetValidFromTime()), Until: wire.FromTime(p.GetValidUntilTime()),
	}
	for _, t := range p.GetTexts() {
		out.Texts = append(out.Texts, guidance.Text{Language: t.GetLanguage(), Title: t.GetTitle(), URI: t.GetUri()})
	}
	return out
}

func toLinks(links []guidance.Link) []*accounttransferv1.GuidanceLink {
	var out []*accounttransferv1.GuidanceLink
	for _, l := range links {
		out = append(out, &accounttransferv1.GuidanceLink{Title: l.Title, Uri: l.URI, PageKey: l.Key, Language: l.Language})
	}
	return out
}
