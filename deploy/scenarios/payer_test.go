package scenarios_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/aws"
)

// payerConsole is AWS Organizations in the payer's account, for what people there do without the suite.
func (w *world) payerConsole(t *testing.T) *organizations.Client {
	t.Helper()
	clients, err := aws.New(t.Context(), aws.Config{Endpoint: "http://" + w.listeners.AWS, AccessKeyID: "AKIARESELLER00000000", SecretAccessKey: "sandbox"})
	if err != nil {
		t.Fatal(err)
	}
	api, err := clients.Organizations(aws.Payer{
		AccountID: actors.PayerAccount, RoleARN: actors.PayerRole, ExternalID: actors.PayerExternalID,
	})
	if err != nil {
		t.Fatal(err)
	}
	return api
}

// inviteAtAWS sends an invitation that the suite knows nothing of, and returns its handshake.
func (w *world) inviteAtAWS(t *testing.T, account string, start time.Time) string {
	t.Helper()
	name := "by-hand"
	out, err := w.payerConsole(t).InviteOrganizationToTransferResponsibility(t.Context(), &organizations.InviteOrganizationToTransferResponsibilityInput{
		Type: types.ResponsibilityTransferTypeBilling, SourceName: &name, StartTimestamp: &start,
		Target: &types.HandshakeParty{Id: &account, Type: types.HandshakePartyTypeAccount},
	})
	if err != nil {
		t.Fatalf("invite at AWS: %v", err)
	}
	return *out.Handshake.Id
}

func (w *world) cancelAtAWS(t *testing.T, handshake string) {
	t.Helper()
	if _, err := w.payerConsole(t).CancelHandshake(t.Context(), &organizations.CancelHandshakeInput{HandshakeId: &handshake}); err != nil {
		t.Fatalf("cancel at AWS: %v", err)
	}
}

// withdrawAtAWS ends an accepted transfer with this month.
func (w *world) withdrawAtAWS(t *testing.T, awsTransferID string) {
	t.Helper()
	_, err := w.payerConsole(t).TerminateResponsibilityTransfer(t.Context(), &organizations.TerminateResponsibilityTransferInput{Id: &awsTransferID})
	if err != nil {
		t.Fatalf("withdraw at AWS: %v", err)
	}
}
