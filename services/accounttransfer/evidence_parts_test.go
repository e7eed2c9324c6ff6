package accounttransfer_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"google.golang.org/grpc/codes"

	"example.com/handover/pkg/kit/kittest"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	"example.com/handover/services/accounttransfer"
)

// filing is the service alone, with a transfer that evidence is attached to.
type filing struct {
	*alone
	files    accounttransferv1.EvidenceServiceClient
	transfer *accounttransferv1.Transfer
	folder   string // of the blobs
}

func newFiling(t *testing.T) filing {
	t.Helper()
	folder := t.TempDir()
	s := kittest.Start(t, kittest.Options{Config: nobody + "    blobs: {folder: '" + folder + "'}\n"}, accounttransfer.Service())
	a := &alone{s, accounttransferv1.NewPayerServiceClient(s.Conn()), accounttransferv1.NewTransferServiceClient(s.Conn())}
	tr, err := a.transfer(t, a.payer(t), "123456789012", func(r *accounttransferv1.CreateTransferRequest) {
		r.TemplateKey, r.PublicSector = "spam-used", true
	})
	if err != nil {
		t.Fatal(err)
	}
	return filing{a, accounttransferv1.NewEvidenceServiceClient(s.Conn()), tr, folder}
}

// announce says that a file is to come.
func (f filing) announce(t *testing.T, name string, content []byte) string {
	t.Helper()
	sum := sha256.Sum256(content)
	resp, err := f.files.CreateAttachment(f.operator(t), &accounttransferv1.CreateAttachmentRequest{
		TransferId: f.transfer.GetTransferId(), StepKey: "request-consent", FileName: name, Size: int64(len(content)),
		Sha256: hex.EncodeToString(sum[:]),
	})
	if err != nil {
		t.Fatalf("announce %s: %v", name, err)
	}
	return resp.GetAttachment().GetAttachmentId()
}

func (f filing) send(t *testing.T, id string, offset int, content []byte) error {
	t.Helper()
	_, err := f.files.UploadAttachmentPart(f.operator(t), &accounttransferv1.UploadAttachmentPartRequest{
		AttachmentId: id, Offset: int64(offset), Content: content,
	})
	return err
}

// read returns the content of every file of a folder by its path.
func read(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	err := fs.WalkDir(os.DirFS(folder), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		all[path], err = os.ReadFile(filepath.Join(folder, path))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestReplacedParts: whoever sends another part again and again stores no more than was announced, and a part whose place another one
// took is asked for again.
func TestReplacedParts(t *testing.T) {
	t.Parallel()
	f := newFiling(t)
	part := append([]byte("%PDF-1.7\n"), make([]byte, 512<<10-9)...)
	content := append(bytes.Clone(part), part...)
	id := f.announce(t, "a.pdf", content)
	for i := range 10 {
		other := bytes.Clone(part)
		other[len(other)-1] = byte(i)
		if err := f.send(t, id, 0, other); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(read(t, f.folder)); n != 1 {
		t.Errorf("%d blobs lie below the attachment", n)
	}
	refused(t, f.send(t, id, len(part), part), codes.InvalidArgument, "ATTACHMENT_HASH_WRONG")
	for path, was := range read(t, f.folder) { // as another call leaves it that came at the same time
		was[len(was)-1]++
		if err := os.WriteFile(filepath.Join(f.folder, path), was, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	refused(t, f.send(t, id, len(part), part), codes.InvalidArgument, "ATTACHMENT_PART_WRONG")
	for at := range 2 {
		if err := f.send(t, id, at*len(part), part); err != nil {
			t.Fatal(err)
		}
	}
}
