package actors

import (
	"context"

	"google.golang.org/protobuf/types/known/fieldmaskpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// EnterAssignor tells AWS's consent to assignment who the customer is and who signs for it.
func (p Person) EnterAssignor(ctx context.Context, consentID string) error {
	_, err := p.Consents.UpdateConsent(p.Once(ctx), &accounttransferv1.UpdateConsentRequest{
		ConsentId: consentID, UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"assignor.legal_name", "assignor.address"}},
		Consent: &accounttransferv1.Consent{Assignor: &accounttransferv1.ConsentParty{
			LegalName: "Example City", Address: "Town Hall 1, 8000 Zurich",
		}},
	})
	if err != nil {
		return err
	}
	return p.Signs(ctx, consentID, accounttransferv1.ConsentSide_CONSENT_SIDE_ASSIGNOR, "pat@example.com")
}

// Signs says who signs for a side.
func (p Person) Signs(ctx context.Context, consentID string, side accounttransferv1.ConsentSide, email string) error {
	_, err := p.Consents.SetSignatory(p.Once(ctx), &accounttransferv1.SetSignatoryRequest{
		ConsentId: consentID, Side: side,
		Signatory: &accounttransferv1.Signatory{GivenName: "Sam", FamilyName: "Example", Position: "Head of procurement", Email: email},
	})
	return err
}

// AnswerAws answers what AWS wants to know before it consents.
func (p Person) AnswerAws(ctx context.Context, consentID, answer string) error {
	_, err := p.Consents.UpdateConsent(p.Once(ctx), &accounttransferv1.UpdateConsentRequest{
		ConsentId: consentID, UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"answer"}},
		Consent: &accounttransferv1.Consent{Answer: answer},
	})
	return err
}

// EnterAssignee tells AWS's consent to assignment who takes the agreement over, who signs for it, and on which terms.
func (o Operator) EnterAssignee(ctx context.Context, consentID string) error {
	_, err := o.Consents.UpdateConsent(o.Once(ctx), &accounttransferv1.UpdateConsentRequest{
		ConsentId: consentID,
		UpdateMask: &fieldmaskpb.FieldMask{
			Paths: []string{"assignee.legal_name", "assignee.address", "proposed_terms"},
		},
		Consent: &accounttransferv1.Consent{
			Assignee:      &accounttransferv1.ConsentParty{LegalName: "Example Reseller AG", Address: "Example Street 1, 8000 Zurich"},
			ProposedTerms: "All rights and duties under the AWS agreement, unchanged.",
		},
	})
	if err != nil {
		return err
	}
	return o.Signs(ctx, consentID, accounttransferv1.ConsentSide_CONSENT_SIDE_ASSIGNEE, "kim@example.com")
}

// SubmitConsent records that AWS was sent the request.
func (o Operator) SubmitConsent(ctx context.Context, consentID string) error {
	_, err := o.Consents.SubmitConsent(o.Once(ctx), &accounttransferv1.SubmitConsentRequest{
		ConsentId: consentID, Evidence: "Mail to the account manager of AWS, ticket 4712.",
	})
	return err
}

// ReviewConsent records that AWS reviews the request.
func (o Operator) ReviewConsent(ctx context.Context, consentID, reference string) error {
	_, err := o.Consents.RecordReview(o.Once(ctx), &accounttransferv1.RecordReviewRequest{
		ConsentId: consentID, AwsReference: reference, Evidence: "Mail of AWS, ticket 4712.",
	})
	return err
}

// DecideConsent records what AWS decided.
func (o Operator) DecideConsent(ctx context.Context, req *accounttransferv1.ConsentServiceRecordDecisionRequest) error {
	req.Evidence = "Mail of AWS, ticket 4712."
	_, err := o.Consents.RecordDecision(o.Once(ctx), req)
	return err
}

// SendAgreement records that the assignment agreement was sent for signature.
func (o Operator) SendAgreement(ctx context.Context, consentID string) error {
	_, err := o.Consents.SendAgreement(o.Once(ctx), &accounttransferv1.SendAgreementRequest{
		ConsentId: consentID, Scope: "The AWS agreement of the customer with its accounts.", Fees: "None for the assignment.",
		Warranties:      "Neither side is in breach of the AWS agreement.",
		Representations: "Who signs may do so.", Evidence: "Sent for signature, ticket 4712.",
	})
	return err
}

// ExecuteConsent records that both sides have signed the assignment agreement.
func (o Operator) ExecuteConsent(ctx context.Context, consentID string, at *timestamppb.Timestamp) error {
	_, err := o.Consents.RecordExecution(o.Once(ctx), &accounttransferv1.RecordExecutionRequest{
		ConsentId: consentID, Evidence: "Signed copy, ticket 4712.", Signatures: []*accounttransferv1.ConsentSignature{
			{Side: accounttransferv1.ConsentSide_CONSENT_SIDE_ASSIGNOR, SignTime: at},
			{Side: accounttransferv1.ConsentSide_CONSENT_SIDE_ASSIGNEE, SignTime: at},
		},
	})
	return err
}

// AnswerConsent has AWS answer a request for consent to assignment by mail to whoever sent it.
func (a AWS) AnswerConsent(ctx context.Context, to, reference string, outcome accounttransferv1.ConsentOutcome, text string) error {
	_, err := a.Sandbox.AnswerConsent(a.Once(ctx), &sandboxv1.AnswerConsentRequest{
		To: to, AwsReference: reference, Outcome: outcome, Text: text,
	})
	return err
}
