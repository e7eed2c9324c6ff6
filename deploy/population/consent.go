package main

import (
	"context"
	"fmt"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/deploy/actors"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// The states of a consent in which somebody may act.
const (
	gathering   = accounttransferv1.ConsentState_CONSENT_STATE_INFO_GATHERING
	submitted   = accounttransferv1.ConsentState_CONSENT_STATE_SUBMITTED
	underReview = accounttransferv1.ConsentState_CONSENT_STATE_UNDER_REVIEW
	granted     = accounttransferv1.ConsentState_CONSENT_STATE_GRANTED
	unsigned    = accounttransferv1.ConsentState_CONSENT_STATE_AGREEMENT_PENDING
	turnedDown  = accounttransferv1.ConsentState_CONSENT_STATE_REFUSED
	outdated    = accounttransferv1.ConsentState_CONSENT_STATE_EXPIRED
)

// What AWS may say first to a request for its consent.
const (
	grants, refuses, asks = "grant", "refuse", "ask"
)

// consents does what the customer and AWS do about AWS's consent to assignment.
func (m *member) consents(ctx context.Context, p *population, person actors.Customer, consentID string, today time.Time) error {
	if consentID == "" {
		return nil
	}
	c, err := p.consent(ctx, consentID)
	if err != nil {
		return err
	}
	switch c.GetState() {
	case submitted, underReview:
		return m.awsConsents(ctx, p, c, today)
	case gathering:
	default:
		return nil
	}
	if m.meets("assignor", m.draw("assignor", 10, 100, "", ""), today) {
		return refusable(person.EnterAssignor(ctx, consentID))
	}
	asked := c.GetQuestion() != nil && c.GetQuestion().GetAnsweredBy() == typev1.Party_PARTY_CUSTOMER && c.GetAnswer() == ""
	if asked && m.meets("answer AWS", m.draw("answer AWS", 8, 100, "", ""), today) {
		return refusable(person.AnswerAws(ctx, consentID, "All of them."))
	}
	return nil
}

// workConsent does what an operator does about it, who also writes down what AWS says.
func (m *member) workConsent(ctx context.Context, p *population, consentID string, today time.Time) error {
	if consentID == "" {
		return nil
	}
	c, err := p.consent(ctx, consentID)
	if err != nil {
		return err
	}
	sent := len(c.GetSubmissions())
	switch c.GetState() {
	case gathering:
		if m.meets("assignee", answer{}, today) {
			if err := refusable(p.operator.EnterAssignee(ctx, consentID)); err != nil {
				return err
			}
		}
		return refusable(p.operator.SubmitConsent(ctx, consentID))
	case turnedDown, outdated:
		return m.beginsAgain(ctx, p, c)
	case granted:
		return refusable(p.operator.SendAgreement(ctx, consentID))
	case unsigned:
		if key := fmt.Sprint("sign ", sent); m.meets(key, m.draw(key, 12, 100, "", ""), today) {
			return refusable(p.operator.ExecuteConsent(ctx, consentID, timestamppb.New(today)))
		}
	default: // AWS has it, or it has ended
	}
	return nil
}

func (m *member) beginsAgain(ctx context.Context, p *population, c *accounttransferv1.Consent) error {
	if m.draw("begin again", 1, 60, "again", "no").what == "no" || len(c.GetSubmissions()) > 1 {
		_, err := p.operator.Consents.CancelConsent(p.operator.Once(ctx), &accounttransferv1.CancelConsentRequest{
			ConsentId: c.GetConsentId(), Reason: "AWS will not consent.",
		})
		return refusable(err)
	}
	_, err := p.operator.Consents.ReopenConsent(p.operator.Once(ctx), &accounttransferv1.ReopenConsentRequest{
		ConsentId: c.GetConsentId(), Reason: "AWS told us what is missing.",
	})
	return refusable(err)
}

// awsConsents has AWS answer, by a mail that an operator writes down the same day.
func (m *member) awsConsents(ctx context.Context, p *population, c *accounttransferv1.Consent, today time.Time) error {
	key := fmt.Sprint("AWS ", len(c.GetSubmissions()))
	if !m.meets(key, m.draw(key, 35, 100, "", ""), today) {
		return nil
	}
	said := grants
	if len(c.GetSubmissions()) == 1 { // once it knows more it consents
		said = []string{grants, grants, refuses, asks}[m.chance("AWS says").IntN(4)]
	}
	decision := &accounttransferv1.ConsentServiceRecordDecisionRequest{ConsentId: c.GetConsentId()}
	switch said {
	case grants:
		decision.Outcome = accounttransferv1.ConsentOutcome_CONSENT_OUTCOME_GRANTED
		decision.ExpireTime = timestamppb.New(today.AddDate(0, 0, 30))
	case refuses:
		decision.Outcome, decision.Reason = accounttransferv1.ConsentOutcome_CONSENT_OUTCOME_REFUSED, "The assignee is not known to us."
	default:
		decision.Outcome = accounttransferv1.ConsentOutcome_CONSENT_OUTCOME_INFORMATION_REQUESTED
		decision.Reason, decision.AnsweredBy = "Which accounts?", typev1.Party_PARTY_CUSTOMER
	}
	return refusable(p.operator.DecideConsent(ctx, decision))
}

func (p *population) consent(ctx context.Context, consentID string) (*accounttransferv1.Consent, error) {
	resp, err := p.operator.Consents.GetConsent(p.operator.In(ctx), &accounttransferv1.GetConsentRequest{ConsentId: consentID})
	return resp.GetConsent(), err
}
