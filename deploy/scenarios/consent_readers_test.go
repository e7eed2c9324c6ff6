package scenarios_test

import (
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/encoding/protojson"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/kit/kittest"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

const assignor = accounttransferv1.ConsentSide_CONSENT_SIDE_ASSIGNOR

// TestWhoReadsAConsent: the people of both sides see how it stands, each enters what is its own, and personal data is shown to who
// may see it, nowhere else, and is gone when it was erased.
func TestWhoReadsAConsent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, stranger := newAssigned(t, w), w.newCustomer(t)
	a.moveTo(t, "par-1")
	a.submits(t)
	t.Run("XFR-CTA-05 AWS answers by mail, and Operations records it", a.isAnsweredByMail)
	t.Run("the customer reads no word of the reseller's people", func(t *testing.T) {
		mine, err := w.Consents.GetConsent(a.person(t), &accounttransferv1.GetConsentRequest{ConsentId: a.consentID})
		if err != nil || mine.GetConsent().GetDecision().GetOutcome() != granted {
			t.Fatalf("the customer reads %v, %v", mine, err)
		}
		if said := protojson.Format(mine); strings.Contains(said, "4712") || strings.Contains(said, "operator-1") {
			t.Errorf("the customer reads %s", said)
		}
	})
	t.Run("its partner says who signs for it, and nobody else does", func(t *testing.T) {
		partner := actors.Person{Deployment: w.Deployment, Bearer: w.Bearer(t, kittest.Partner("partner-1", "par-1"))}
		a.did(t, "the partner says who signs", partner.Signs(t.Context(), a.consentID, assignor, "robin@example.com"))
		refused(t, stranger.hands(t).Signs(t.Context(), a.consentID, assignor, "eve@example.com"), codes.NotFound, "NOT_FOUND")
	})
	t.Run("who signs is told by its id, and read where it is kept", a.namesNobody)
	t.Run("what was erased is gone, and the agreement waits for somebody else", a.isErased)
}

func (a assigned) isAnsweredByMail(t *testing.T) {
	err := a.w.aws(t).AnswerConsent(t.Context(), operationsAddress, "CTA-0815", granted, "Both must sign within 90 days.")
	if err != nil {
		t.Fatal(err)
	}
	came := a.w.mailed(t, &sandboxv1.ListMailRequest{To: operationsAddress, Subject: "CTA-0815", WithText: true})
	if len(came) != 1 || came[0].GetSource() != "AWS" || !strings.Contains(came[0].GetText(), "AWS consents") {
		t.Fatalf("AWS's mail is %v", came)
	}
	a.did(t, "record it", a.w.op(t).DecideConsent(t.Context(), &accounttransferv1.ConsentServiceRecordDecisionRequest{
		ConsentId: a.consentID, Outcome: granted, AwsReference: "CTA-0815",
	}))
	if c := a.consent(t); c.GetAwsReference() != "CTA-0815" {
		t.Errorf("AWS's number is %q", c.GetAwsReference())
	}
}

func (a assigned) namesNobody(t *testing.T) {
	resp, err := a.w.Consents.SetSignatory(a.w.operator(t), &accounttransferv1.SetSignatoryRequest{
		ConsentId: a.consentID, Side: assignor,
		Signatory: &accounttransferv1.Signatory{GivenName: "Robin", FamilyName: "Example", Email: "robin@example.com"},
	})
	if err != nil || strings.Contains(protojson.Format(resp), "obin") {
		t.Errorf("the answer is %v, %v", resp, err)
	}
	whole, err := a.w.Consents.GetConsent(a.w.operator(t), &accounttransferv1.GetConsentRequest{ConsentId: a.consentID})
	if err != nil {
		t.Fatal(err)
	}
	reader := auth.Principal{Subject: "reader-1", Role: auth.SupportReader}
	supports, err := a.w.Consents.GetConsent(a.w.As(t, reader), &accounttransferv1.GetConsentRequest{ConsentId: a.consentID})
	if err != nil || supports.GetConsent().GetAssignor().GetSignatoryId() == "" || len(supports.GetSignatories()) != 0 {
		t.Errorf("support reads %v, %v", supports, err)
	}
	named := false
	for _, s := range whole.GetSignatories() {
		named = named || s.GetPersonId() == whole.GetConsent().GetAssignor().GetSignatoryId() && s.GetEmail() == "robin@example.com"
	}
	if !named {
		t.Errorf("who signs is %v", whole.GetSignatories())
	}
}

func (a assigned) isErased(t *testing.T) {
	op := a.w.op(t)
	a.did(t, "send the agreement", op.SendAgreement(t.Context(), a.consentID))
	before, err := a.w.Consents.GetConsent(a.w.operator(t), &accounttransferv1.GetConsentRequest{ConsentId: a.consentID})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range before.GetSignatories() {
		if s.GetSide() != assignor {
			continue
		}
		_, err := a.w.Consents.ErasePerson(a.w.operator(t), &accounttransferv1.ErasePersonRequest{
			ConsentId: a.consentID, PersonId: s.GetPersonId(), Reason: "Asked to.",
		})
		a.did(t, "erase", err)
		_, err = a.w.Consents.ErasePerson(a.w.operator(t), &accounttransferv1.ErasePersonRequest{
			ConsentId: a.consentID, PersonId: s.GetPersonId(), Reason: "Asked to.",
		})
		refused(t, err, codes.NotFound, "PERSON_UNKNOWN")
	}
	after, err := a.w.Consents.GetConsent(a.w.operator(t), &accounttransferv1.GetConsentRequest{ConsentId: a.consentID})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range after.GetSignatories() {
		if s.GetSide() == assignor && (!s.GetErased() || s.GetGivenName()+s.GetFamilyName()+s.GetPosition()+s.GetEmail() != "") {
			t.Errorf("left is %v", s)
		}
	}
	refused(t, op.ExecuteConsent(t.Context(), a.consentID, nil), codes.InvalidArgument, "FIELD_REQUIRED")
	a.did(t, "somebody else signs", a.hands(t).Signs(t.Context(), a.consentID, assignor, "lou@example.com"))
	a.did(t, "execute", op.ExecuteConsent(t.Context(), a.consentID, nil))
	if c := a.consent(t); c.GetState() != executed {
		t.Errorf("the consent is %s", c.GetState())
	}
}
