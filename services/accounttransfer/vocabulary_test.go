package accounttransfer

import (
	"testing"

	"example.com/handover/pkg/text/texttest"
	"example.com/handover/pkg/wire/wiretest"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/accounttransfer/internal/journey/templates"
)

// TestVocabulary holds every term of the domain against the contract.
func TestVocabulary(t *testing.T) {
	process, journey := wiretest.Read(t, "internal/process"), wiretest.Read(t, "internal/journey")
	connection, payer := wiretest.Read(t, "internal/connection"), wiretest.Read(t, "internal/payer")
	consent := wiretest.Read(t, "internal/consent")
	request, evidence := wiretest.Read(t, "internal/accountrequest"), wiretest.Read(t, "internal/evidence")
	contract, access := wiretest.Read(t, "internal/contract"), wiretest.Read(t, "internal/access")

	for _, words := range []wiretest.Words{process, journey} {
		wiretest.Known[accounttransferv1.TransferFact](t, words.Named("Fact"))
	}
	wiretest.Known[accounttransferv1.ConnectionFact](t, connection.Named("Fact"))
	wiretest.Known[accounttransferv1.PayerFact](t, payer.Named("Fact"))
	wiretest.Known[accounttransferv1.ConsentFact](t, consent.Named("Fact"))
	wiretest.Known[accounttransferv1.AccountRequestFact](t, request.Named("Fact"))
	wiretest.Known[accounttransferv1.AttachmentFact](t, evidence.Named("Fact"))
	wiretest.Known[accounttransferv1.AttachmentState](t, evidence.Typed("State"))
	wiretest.Known[accounttransferv1.AttachmentDeletion](t, evidence.Typed("Deletion"))
	for _, domain := range []wiretest.Words{process, journey, connection, payer, consent, request, evidence} {
		wiretest.KnownReasons[accounttransferv1.Reason](t, domain.Named("Reason"))
	}
	for _, domain := range []wiretest.Words{journey, connection, consent} {
		wiretest.Known[accounttransferv1.FailureCode](t, domain.Named("Code"))
	}
	wiretest.Known[typev1.Party](t, process.Typed("Party"))
	wiretest.Known[accounttransferv1.StepState](t, process.Typed("StepState"))
	wiretest.Known[accounttransferv1.StepCompletion](t, process.Typed("Completion"))
	wiretest.Known[accounttransferv1.TransferTrait](t, process.Typed("Trait"))
	wiretest.Known[accounttransferv1.StepAsk](t, process.Typed("Ask"))
	wiretest.Known[accounttransferv1.SessionTarget](t, process.Typed("Target"))
	wiretest.Known[accounttransferv1.SessionOutcome](t, process.Typed("SessionOutcome"))
	wiretest.Known[accounttransferv1.MemberState](t, connection.Typed("MemberState"))
	wiretest.Known[accounttransferv1.TransferState](t, journey.Typed("State"))
	wiretest.Known[accounttransferv1.TransferFlag](t, journey.Typed("Issue"))
	wiretest.Known[accounttransferv1.SupportModel](t, journey.Typed("SupportModel"))
	wiretest.Known[accounttransferv1.DecisionOutcome](t, journey.Typed("Outcome"))
	wiretest.Known[accounttransferv1.TransferKind](t, wiretest.Read(t, "internal/journey/templates").Typed("Kind"))
	wiretest.Known[accounttransferv1.ConnectionState](t, connection.Typed("State"))
	wiretest.Known[accounttransferv1.ConnectionBasis](t, connection.Typed("Basis"))
	wiretest.Known[accounttransferv1.ConnectionEndReason](t, connection.Typed("EndReason"))
	wiretest.Known[accounttransferv1.ChargesPayer](t, connection.Typed("ChargesPayer"))
	wiretest.Known[accounttransferv1.InvitationState](t, connection.Typed("InvitationState"))
	wiretest.Known[accounttransferv1.ServiceTermState](t, contract.Typed("State"))
	wiretest.Known[accounttransferv1.BootstrapRoleState](t, access.Typed("State"))
	wiretest.Known[accounttransferv1.ConsentState](t, consent.Typed("State"))
	wiretest.Known[accounttransferv1.ConsentSide](t, consent.Typed("Side"))
	wiretest.Known[accounttransferv1.ConsentOutcome](t, consent.Typed("Outcome"))
	wiretest.Known[accounttransferv1.PayerState](t, payer.Typed("State"))
	wiretest.Known[accounttransferv1.AccountRequestState](t, request.Typed("State"))
	wiretest.Known[accounttransferv1.AccountRoleState](t, request.Typed("RoleState"))
	wiretest.Known[accounttransferv1.AccountPlacement](t, request.Typed("Placement"))
	wiretest.Known[accounttransferv1.SupportType](t, request.Typed("Plan"))
	wiretest.Known[accounttransferv1.SupportPlanGroup](t, request.Typed("Group"))
}

// TestTexts holds what the source says against the service's words.
func TestTexts(t *testing.T) {
	folders := []string{
		".", "internal/process", "internal/journey", "internal/connection", "internal/payer", "internal/consent", "internal/accountrequest",
		"internal/evidence",
	}
	book := texttest.Read(t, texts, folders)
	book.Texts(t)
	book.German(t, "wait", "step", "remedy", "title", "party", "decision", "failure", "refusal", "member-refusal", "account-refusal")
	texttest.Facts[accounttransferv1.TransferFact](t, book, "transfer", "internal/journey")
	texttest.Facts[accounttransferv1.ConnectionFact](t, book, "connection", "internal/connection")
	texttest.Facts[accounttransferv1.PayerFact](t, book, "payer", "internal/payer")
	texttest.Facts[accounttransferv1.AccountRequestFact](t, book, "account_request", "internal/accountrequest")
	texttest.Facts[accounttransferv1.ConsentFact](t, book, "consent", "internal/consent")
	texttest.Facts[accounttransferv1.AttachmentFact](t, book, "attachment", "internal/evidence")
	for _, wait := range []string{
		"assignor", "question", "answer", "complete", "submit", "submitted", "review", "agree", "sign", "countersign", "refused", "expired",
	} {
		book.Computed(t, "wait.consent-"+wait+".*")
	}
	for _, turn := range []string{"answer", "complete", "submit", "agree", "countersign", "refused", "expired"} {
		book.Computed(t, "mail.consent."+turn)
	}
	for _, code := range []string{"CONSENT_REFUSED", "CONSENT_EXPIRED", "CONSENT_CANCELLED"} {
		book.Computed(t, "failure."+code)
	}
	for _, template := range templates.All() {
		book.Computed(t, "template."+template.Key)
		for _, step := range template.Steps {
			book.Computed(t, "title."+step.Key, "step."+step.Key+".*")
		}
	}
}
