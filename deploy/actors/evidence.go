package actors

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
)

// partSize is how much of a file one call brings.
const partSize = 512 << 10

// File is a file that somebody has at hand.
type File struct {
	Name    string
	Content []byte
	Shared  bool // with the customer
}

// Attach announces a file for a step and sends it.
func (p Person) Attach(ctx context.Context, transferID, stepKey string, f File) (attachmentID string, err error) {
	attachmentID, err = p.Announce(ctx, transferID, stepKey, f)
	for at := 0; at < len(f.Content) && err == nil; at += partSize {
		err = p.SendPart(ctx, attachmentID, int64(at), f.Content[at:min(at+partSize, len(f.Content))])
	}
	return attachmentID, err
}

// Announce says that a file is to come.
func (p Person) Announce(ctx context.Context, transferID, stepKey string, f File) (attachmentID string, err error) {
	sum := sha256.Sum256(f.Content)
	resp, err := p.Evidence.CreateAttachment(p.Once(ctx), &accounttransferv1.CreateAttachmentRequest{
		TransferId: transferID, StepKey: stepKey, FileName: f.Name, Size: int64(len(f.Content)), Sha256: hex.EncodeToString(sum[:]),
		Shared: f.Shared,
	})
	return resp.GetAttachment().GetAttachmentId(), err
}

// SendPart sends a part of a file.
func (p Person) SendPart(ctx context.Context, attachmentID string, offset int64, content []byte) error {
	_, err := p.Evidence.UploadAttachmentPart(p.Once(ctx), &accounttransferv1.UploadAttachmentPartRequest{
		AttachmentId: attachmentID, Offset: offset, Content: content,
	})
	return err
}

// Attachment reads an attachment.
func (p Person) Attachment(ctx context.Context, attachmentID string) (*accounttransferv1.Attachment, error) {
	resp, err := p.Evidence.GetAttachment(p.In(ctx), &accounttransferv1.GetAttachmentRequest{AttachmentId: attachmentID})
	return resp.GetAttachment(), err
}

// Download reads the content of an attachment.
func (p Person) Download(ctx context.Context, attachmentID string) ([]byte, error) {
	resp, err := p.Evidence.GetAttachmentContent(p.In(ctx), &accounttransferv1.GetAttachmentContentRequest{AttachmentId: attachmentID})
	return resp.GetContent(), err
}
