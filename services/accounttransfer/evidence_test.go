package accounttransfer_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"

	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit/kittest"
	"example.com/handover/pkg/rpc"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/accounttransfer"
)

// TestErasedFileThatStays: what the blob store does not delete is not forgotten; Operations has it in its list until it is gone.
func TestErasedFileThatStays(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	config := strings.Replace(nobody, "  accounttransfer:\n", "  accounttransfer:\n    blobs: {folder: '"+folder+"'}\n", 1)
	s := kittest.Start(t, kittest.Options{Config: strings.Replace(config, "platform:\n", "platform:\n  work: {max_attempts: 1}\n", 1)},
		accounttransfer.Service())
	a := &alone{s, accounttransferv1.NewPayerServiceClient(s.Conn()), accounttransferv1.NewTransferServiceClient(s.Conn())}
	files := accounttransferv1.NewEvidenceServiceClient(s.Conn())
	tr, err := a.transfer(t, a.payer(t), "123456789012", func(r *accounttransferv1.CreateTransferRequest) { r.TemplateKey = "spam-used" })
	if err != nil {
		t.Fatal(err)
	}
	content := []byte("Done by phone.\n")
	sum := sha256.Sum256(content)
	made, err := files.CreateAttachment(a.operator(t), &accounttransferv1.CreateAttachmentRequest{
		TransferId: tr.GetTransferId(), StepKey: "deploy-essentials", FileName: "note.txt", Size: int64(len(content)),
		Sha256: hex.EncodeToString(sum[:]),
	})
	if err != nil {
		t.Fatal(err)
	}
	of := made.GetAttachment().GetAttachmentId()
	part := &accounttransferv1.UploadAttachmentPartRequest{AttachmentId: of, Content: content}
	once := rpc.WithKey(a.operator(t), id.New("key"))
	for range 2 { // the second gets the stored answer
		got, err := files.UploadAttachmentPart(once, part)
		if err != nil || got.GetAttachment().GetState() != accounttransferv1.AttachmentState_ATTACHMENT_STATE_STORED {
			t.Fatalf("sent: %v, %v", got, err)
		}
	}
	_, err = files.UploadAttachmentPart(a.operator(t), part)
	refused(t, err, codes.FailedPrecondition, "ATTACHMENT_NOT_UPLOADING")

	broken := filepath.Join(folder, "evidence", of, "broken~")
	if err := os.WriteFile(broken, nil, 0o600); err != nil { // no blob has no content type
		t.Fatal(err)
	}
	erase := &accounttransferv1.EraseAttachmentRequest{AttachmentId: of, Reason: "A slip."}
	if _, err := files.EraseAttachment(a.operator(t), erase); err != nil {
		t.Fatal(err)
	}
	listed := func() (actions []*opsv1.ListedAction) {
		resp, err := opsv1.NewOperationsServiceClient(s.Conn()).ListActions(a.operator(t), &opsv1.ListActionsRequest{
			Service: "accounttransfer", Kinds: []typev1.ActionKind{typev1.ActionKind_ACTION_KIND_ATTACHMENT},
		})
		if err != nil {
			t.Fatal(err)
		}
		return resp.GetActions()
	}
	kittest.Until(t, "Operations has it in its list", func() bool { return len(listed()) == 1 })
	if got := listed()[0].GetAction(); !got.GetParked() || got.GetResourceId() != of || got.GetWaiting().GetWhat() == "" {
		t.Errorf("the action is %v", got)
	}
	if err := os.Remove(broken); err != nil {
		t.Fatal(err)
	}
	_, err = opsv1.NewOperationsServiceClient(s.Conn()).ReleaseParked(a.operator(t), &opsv1.ReleaseParkedRequest{
		Service: "accounttransfer", Kind: "attachment", Id: of,
	})
	if err != nil {
		t.Fatal(err)
	}
	kittest.Until(t, "it is gone", func() bool {
		left, err := os.ReadDir(filepath.Join(folder, "evidence", of))
		return err == nil && len(left) == 0
	})
}
