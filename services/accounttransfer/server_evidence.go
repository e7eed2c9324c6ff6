package accounttransfer

import (
	"bytes"
	"context"
	"io"
	"strings"
	"time"

	"example.com/handover/pkg/blob"
	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	"example.com/handover/services/accounttransfer/internal/evidence"
	"example.com/handover/services/accounttransfer/internal/journey"
)

// classEvidence is the class of the blobs that attachments have.
const classEvidence = "evidence"

// mostAttachments is how many files one transfer has at once.
const mostAttachments = 100

type evidenceServer struct {
	accounttransferv1.UnimplementedEvidenceServiceServer
	tables  *tables
	blobs   blob.Store
	largest int64 // bytes of a file
	policy  evidence.Policy
}

func (s *evidenceServer) CreateAttachment(
	ctx context.Context, req *accounttransferv1.CreateAttachmentRequest,
) (*accounttransferv1.CreateAttachmentResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.CreateAttachmentResponse, error) {
		scope, by := tx.Call().Scope, tx.Call().Actor
		if err := tx.Lock(s.tables.transfers.Row(req.GetTransferId())); err != nil {
			return nil, err
		}
		of, err := s.tables.transfers.GetForUpdate(tx, scope, req.GetTransferId())
		if err != nil {
			return nil, err
		}
		if err := journey.MayAttach(of.Doc, req.GetStepKey(), by); err != nil {
			return nil, err
		}
		a, facts, err := evidence.New(evidence.Subject{
			ID: id.New(prefixAttachment), CustomerID: of.Doc.CustomerID, OrderID: of.Doc.OrderID, TransferID: of.ID, StepKey: req.GetStepKey(),
			Shared: req.GetShared(),
		}, evidence.File{Name: req.GetFileName(), Size: req.GetSize(), SHA256: req.GetSha256()}, s.largest, s.policy, by, tx.Now())
		if err != nil {
			return nil, err
		}
		others, err := s.tables.attachments.ListTx(tx, scope, store.Query{
			Where: []store.Cond{store.Eq("transfer", of.ID), store.Eq("deleted", false)}, Size: mostAttachments,
		})
		if err == nil && len(others.Rows) == mostAttachments {
			err = errs.New(errs.Precondition, evidence.ReasonTooMany, "a transfer has at most %d files", mostAttachments)
		}
		if err != nil {
			return nil, err
		}
		row, err := s.tables.attachments.Create(tx, a.ID, a, facts...)
		return &accounttransferv1.CreateAttachmentResponse{Attachment: toAttachment(tx.Call(), row)}, err
	})
}

// UploadAttachmentPart stores what has come before it is recorded, under keys that follow from where it is: what is not recorded then,
// because the call ended or was refused, is replaced by what comes next, or goes with the attachment's sweep.
func (s *evidenceServer) UploadAttachmentPart(
	ctx context.Context, req *accounttransferv1.UploadAttachmentPartRequest,
) (*accounttransferv1.UploadAttachmentPartResponse, error) {
	found, err := s.visible(ctx, req.GetAttachmentId())
	if err == nil && !call.From(ctx).Scope.All() && found.Doc.OfReseller() {
		err = noAttachment(req.GetAttachmentId())
	}
	if err != nil {
		return nil, err
	}
	part := evidence.Part{Offset: req.GetOffset(), Size: int64(len(req.GetContent())), SHA256: blob.Hash(req.GetContent())}
	whole, err := s.keep(ctx, found.Doc, part, req.GetContent(), !req.GetValidateOnly())
	if err != nil {
		return nil, err
	}
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.UploadAttachmentPartResponse, error) {
		row, err := s.tables.attachments.Update(tx, tx.Call().Scope, found.ID, found.ETag(), func(a *evidence.Attachment) ([]fact.Fact, error) {
			return a.Receive(part, req.GetContent(), whole, tx.Now())
		})
		return &accounttransferv1.UploadAttachmentPartResponse{Attachment: toAttachment(tx.Call(), row)}, err
	})
}

// keep stores a part, or with the last one the whole content, whose hash it returns. A part that does not fit is not stored: it is
// refused when it is to be recorded.
func (s *evidenceServer) keep(ctx context.Context, a *evidence.Attachment, p evidence.Part, content []byte, really bool) (string, error) {
	before, last := a.Before(p, content)
	if !last {
		if !really || !a.Fits(p, content) {
			return "", nil
		}
		return "", s.blobs.Put(ctx, classEvidence, a.Key(p), "application/octet-stream", bytes.NewReader(content))
	}
	var all bytes.Buffer
	for _, one := range before {
		piece, err := readBlob(ctx, s.blobs, a.Key(one))
		if err != nil {
			return "", err
		}
		if blob.Hash(piece) != one.SHA256 {
			return "", evidence.Replaced(one)
		}
		all.Write(piece)
	}
	all.Write(content)
	whole := blob.Hash(all.Bytes())
	if whole != a.SHA256 || !really {
		return whole, nil
	}
	return whole, s.blobs.Put(ctx, classEvidence, a.ContentKey(), string(evidence.MediaOf(all.Bytes())), &all)
}

func readBlob(ctx context.Context, blobs blob.Store, key string) ([]byte, error) {
	b, err := blobs.Get(ctx, classEvidence, key)
	if errs.KindOf(err) == errs.NotFound {
		return nil, errs.Wrap(err, errs.Internal, "INTERNAL", "a file that was stored is not there")
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = b.Content.Close() }()
	return io.ReadAll(b.Content)
}

func (s *evidenceServer) GetAttachment(
	ctx context.Context, req *accounttransferv1.GetAttachmentRequest,
) (*accounttransferv1.GetAttachmentResponse, error) {
	row, err := s.visible(ctx, req.GetAttachmentId())
	if err != nil {
		return nil, err
	}
	return &accounttransferv1.GetAttachmentResponse{Attachment: toAttachment(call.From(ctx), row)}, nil
}

// visible returns an attachment that the caller may read.
func (s *evidenceServer) visible(ctx context.Context, attachmentID string) (store.Row[evidence.Attachment], error) {
	scope := call.From(ctx).Scope
	row, err := s.tables.attachments.Get(ctx, scope, attachmentID)
	if err == nil && !scope.All() && !row.Doc.Shared {
		return row, noAttachment(attachmentID)
	}
	return row, err
}

// noAttachment is what the table says of one that is not there.
func noAttachment(attachmentID string) error {
	return errs.New(errs.NotFound, "NOT_FOUND", "there is no attachment %q", attachmentID)
}

func (s *evidenceServer) ListAttachments(
	ctx context.Context, req *accounttransferv1.ListAttachmentsRequest,
) (*accounttransferv1.ListAttachmentsResponse, error) {
	caller := call.From(ctx)
	q := wire.Filter(wire.Query(ctx, req), "customer", req.GetCustomerId())
	q = wire.Filter(q, "transfer", req.GetTransferId())
	if !caller.Scope.All() {
		q.Where = append(q.Where, store.Eq("shared", true))
	}
	page, err := s.tables.attachments.List(ctx, caller.Scope, q)
	if err != nil {
		return nil, err
	}
	each := func(r store.Row[evidence.Attachment]) *accounttransferv1.Attachment { return toAttachment(caller, r) }
	return &accounttransferv1.ListAttachmentsResponse{Attachments: wire.Rows(page.Rows, each), NextPageToken: page.Next}, nil
}

func (s *evidenceServer) GetAttachmentContent(
	ctx context.Context, req *accounttransferv1.GetAttachmentContentRequest,
) (*accounttransferv1.GetAttachmentContentResponse, error) {
	row, err := s.visible(ctx, req.GetAttachmentId())
	switch {
	case err != nil:
		return nil, err
	case row.Doc.State != evidence.Stored:
		return nil, errs.New(errs.Precondition, evidence.ReasonNotStored, "the attachment is %s", row.Doc.State)
	}
	content, err := readBlob(ctx, s.blobs, row.Doc.ContentKey())
	if err != nil {
		return nil, err
	}
	if blob.Hash(content) != row.Doc.SHA256 {
		return nil, errs.New(errs.Internal, "INTERNAL", "the file of attachment %s is not the one that was attached", row.ID)
	}
	return &accounttransferv1.GetAttachmentContentResponse{
		FileName: row.Doc.Name, ContentType: string(row.Doc.Media), Content: content, Sha256: row.Doc.SHA256,
	}, nil
}

func (s *evidenceServer) EraseAttachment(
	ctx context.Context, req *accounttransferv1.EraseAttachmentRequest,
) (*accounttransferv1.EraseAttachmentResponse, error) {
	return store.Erase(ctx, s.tables.attachments, req, func(tx *store.Tx) (*accounttransferv1.EraseAttachmentResponse, error) {
		erase := func(a *evidence.Attachment) ([]fact.Fact, error) { return a.Erase(req.GetReason(), tx.Now()) }
		row, err := s.tables.attachments.Update(tx, tx.Call().Scope, req.GetAttachmentId(), req.GetEtag(), erase)
		return &accounttransferv1.EraseAttachmentResponse{Attachment: toAttachment(tx.Call(), row)}, err
	})
}

// attachmentRows are the rows of attachments, to be locked.
func (t *tables) attachmentRows(ids []string) (rows []store.Locked) {
	for _, one := range ids {
		rows = append(rows, t.attachments.Row(one))
	}
	return rows
}

// prove notes what attachments, which are locked, were named for. One that the caller may not read is refused as one that is not there.
func (t *tables) prove(tx *store.Tx, ids []string, use func(*evidence.Attachment) ([]fact.Fact, error)) error {
	scope := tx.Call().Scope
	for _, one := range ids {
		_, err := t.attachments.Update(tx, scope, one, "", func(a *evidence.Attachment) ([]fact.Fact, error) {
			if !scope.All() && !a.Shared {
				return nil, evidence.Unknown(one)
			}
			return use(a)
		})
		if errs.KindOf(err) == errs.NotFound {
			err = evidence.Unknown(one)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// eraseAttachments erases attachments that are locked.
func (t *tables) eraseAttachments(tx *store.Tx, ids []string, reason string) error {
	for _, one := range ids {
		erase := func(a *evidence.Attachment) ([]fact.Fact, error) { return a.Erase(reason, tx.Now()) }
		if _, err := t.attachments.Update(tx, tx.Call().Scope, one, "", erase); err != nil {
			return err
		}
	}
	return nil
}

// evidenceEffects are what is to be done in the blob store for attachments, and the look at their transfers.
func evidenceEffects(o *outside) *kit.Effects[evidence.Attachment] {
	blobs := o.blobs
	return &kit.Effects[evidence.Attachment]{
		All: []kit.Effect[evidence.Attachment]{{
			Name: "sweep", Wanted: evidence.SweepWanted, Outcome: intent.OfOwn,
			Do: func(ctx context.Context, a kit.Attempt[evidence.Attachment]) (kit.Record[evidence.Attachment], error) {
				saw := a.Doc.State
				for entry, err := range blobs.List(ctx, classEvidence, a.Doc.Prefix()) {
					if err != nil {
						return nil, err
					}
					if a.Doc.Keeps(entry.Key) {
						continue
					}
					if err := blobs.Delete(ctx, classEvidence, entry.Key); err != nil {
						return nil, err
					}
				}
				return func(doc *evidence.Attachment, _ time.Time) ([]fact.Fact, error) {
					return doc.Sweep(a.Subject, saw), nil
				}, nil
			},
		}, {
			Name: "check-transfer", Look: true, Wanted: evidence.LookWanted, Outcome: intent.OfOwn,
			Do: func(ctx context.Context, a kit.Attempt[evidence.Attachment]) (kit.Record[evidence.Attachment], error) {
				of, err := o.tables.transfers.Get(ctx, keepsEvidence(), a.Doc.TransferID)
				if err != nil {
					return nil, err
				}
				return func(doc *evidence.Attachment, now time.Time) ([]fact.Fact, error) {
					doc.TransferSeen(of.Doc.EndedAt, now)
					return nil, nil
				}, nil
			},
		}},
		Ledger: evidence.Ledger,
		Dates:  (*evidence.Attachment).Next,
		Tick:   func(a *evidence.Attachment, _ string, now time.Time) ([]fact.Fact, error) { return a.Tick(now), nil },
	}
}

// toAttachment shows an attachment. Who of the reseller's people attached it is theirs to know.
func toAttachment(caller call.Call, r store.Row[evidence.Attachment]) *accounttransferv1.Attachment {
	a := r.Doc
	if a == nil {
		return nil
	}
	kind, _, _ := strings.Cut(string(a.Media), ";")
	out := &accounttransferv1.Attachment{
		AttachmentId: r.ID, TransferId: a.TransferID, CustomerId: a.CustomerID, StepKey: a.StepKey,
		State: wire.Value[accounttransferv1.AttachmentState](string(a.State)), FileName: a.Name, ContentType: kind, Size: a.Size,
		Sha256: a.SHA256, Received: a.Received(), AttachedBy: wire.Actor(a.By), Shared: a.Shared, Used: a.Used,
		CreateTime: wire.Time(a.CreatedAt), StoreTime: wire.Time(a.StoredAt), DeleteTime: wire.Time(a.DeletedAt), ExpireTime: wire.Time(a.Next()),
		Deletion: wire.Value[accounttransferv1.AttachmentDeletion](string(a.Deletion)), Etag: r.ETag(),
	}
	if !caller.Scope.All() && a.OfReseller() {
		out.AttachedBy = nil
	}
	return out
}
