package accounttransfer_test

import (
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
)

// TestConsentByCalls: a stale etag and a try without keeping it change nothing, and who watches sees each change until its end.
func TestConsentByCalls(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	consents := accounttransferv1.NewConsentServiceClient(a.Conn())
	tr, err := a.transfer(t, a.payer(t), "123456789012", func(r *accounttransferv1.CreateTransferRequest) {
		r.TemplateKey, r.PublicSector = "spam-used", true
	})
	if err != nil {
		t.Fatal(err)
	}
	read := func() *accounttransferv1.GetConsentResponse {
		t.Helper()
		resp, err := consents.GetConsent(a.operator(t), &accounttransferv1.GetConsentRequest{ConsentId: tr.GetConsentId()})
		if err != nil {
			t.Fatal(err)
		}
		return resp
	}
	before := read().GetConsent()
	watched, err := consents.WatchConsent(a.operator(t), &accounttransferv1.WatchConsentRequest{ConsentId: tr.GetConsentId()})
	if err != nil {
		t.Fatal(err)
	}
	req := &accounttransferv1.UpdateConsentRequest{
		ConsentId: tr.GetConsentId(), Consent: &accounttransferv1.Consent{ProposedTerms: "All of it."},
		UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"proposed_terms"}}, ValidateOnly: true,
	}
	tried, err := consents.UpdateConsent(a.operator(t), req)
	if err != nil || tried.GetConsent().GetProposedTerms() == "" || len(tried.GetEvents()) != 1 ||
		read().GetConsent().GetProposedTerms() != "" {
		t.Errorf("tried: %v, %v", tried, err)
	}
	named, err := consents.SetSignatory(a.operator(t), &accounttransferv1.SetSignatoryRequest{
		ConsentId: tr.GetConsentId(), Side: accounttransferv1.ConsentSide_CONSENT_SIDE_ASSIGNEE, ValidateOnly: true,
		Signatory: &accounttransferv1.Signatory{GivenName: "Kim", FamilyName: "Example", Email: "kim@example.com"},
	})
	if err != nil || named.GetConsent().GetAssignee().GetSignatoryId() == "" || len(read().GetSignatories()) != 0 {
		t.Errorf("named: %v, %v; kept are %v", named, err, read().GetSignatories())
	}
	req.ValidateOnly, req.Etag = false, before.GetEtag()
	if _, err := consents.UpdateConsent(a.operator(t), req); err != nil {
		t.Fatal(err)
	}
	req.Consent.ProposedTerms = "Half of it."
	_, err = consents.UpdateConsent(a.operator(t), req)
	refused(t, err, codes.Aborted, "ETAG_MISMATCH")
	req.UpdateMask.Paths = []string{"state"}
	req.Etag = ""
	_, err = consents.UpdateConsent(a.operator(t), req)
	refused(t, err, codes.InvalidArgument, "FIELD_IMMUTABLE")
	if _, err := consents.CancelConsent(a.operator(t), &accounttransferv1.CancelConsentRequest{
		ConsentId: tr.GetConsentId(), Reason: "No need.",
	}); err != nil {
		t.Fatal(err)
	}
	var last *accounttransferv1.WatchConsentResponse
	for m, err := watched.Recv(); err == nil; m, err = watched.Recv() {
		last = m
	}
	if last.GetConsent().GetState() != accounttransferv1.ConsentState_CONSENT_STATE_CANCELLED {
		t.Errorf("last seen is %v", last)
	}
	tr, err = a.read(t, tr.GetTransferId())
	if err != nil || tr.GetFailure().GetCode() != accounttransferv1.FailureCode_FAILURE_CODE_CONSENT_CANCELLED {
		t.Errorf("the transfer is %v, %v", tr, err)
	}
}

func (a *alone) read(t *testing.T, transferID string) (*accounttransferv1.Transfer, error) {
	t.Helper()
	resp, err := a.transfers.GetTransfer(a.operator(t), &accounttransferv1.GetTransferRequest{TransferId: transferID})
	return resp.GetTransfer(), err
}

// TestReplacedSignatory: nothing is kept of somebody who was to sign and does not.
func TestReplacedSignatory(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	consents := accounttransferv1.NewConsentServiceClient(a.Conn())
	tr, err := a.transfer(t, a.payer(t), "123456789012", func(r *accounttransferv1.CreateTransferRequest) {
		r.TemplateKey, r.PublicSector = "spam-used", true
	})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, name := range []string{"Kim", "Robin"} {
		named, err := consents.SetSignatory(a.operator(t), &accounttransferv1.SetSignatoryRequest{
			ConsentId: tr.GetConsentId(), Side: accounttransferv1.ConsentSide_CONSENT_SIDE_ASSIGNOR,
			Signatory: &accounttransferv1.Signatory{GivenName: name, FamilyName: "Example", Email: "signs@example.com"},
		})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, named.GetConsent().GetAssignor().GetSignatoryId())
	}
	read, err := consents.GetConsent(a.operator(t), &accounttransferv1.GetConsentRequest{ConsentId: tr.GetConsentId()})
	if err != nil || len(read.GetSignatories()) != 1 || read.GetSignatories()[0].GetGivenName() != "Robin" {
		t.Errorf("it shows %v, %v", read.GetSignatories(), err)
	}
	for i, want := range []codes.Code{codes.NotFound, codes.OK} { // Kim's data is gone already
		_, err := consents.ErasePerson(a.operator(t), &accounttransferv1.ErasePersonRequest{
			ConsentId: tr.GetConsentId(), PersonId: ids[i], Reason: "Asked for by the person.",
		})
		if status.Code(err) != want {
			t.Errorf("erase %d: %v, want %s", i, err, want)
		}
	}
}
