package scenarios_test

import (
	"bytes"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/deploy/actors"
	"example.com/handover/deploy/config"
	"example.com/handover/pkg/kit/kittest"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

const (
	uploading = accounttransferv1.AttachmentState_ATTACHMENT_STATE_UPLOADING
	keptWhole = accounttransferv1.AttachmentState_ATTACHMENT_STATE_STORED
	erased    = accounttransferv1.AttachmentDeletion_ATTACHMENT_DELETION_ERASED
)

// filed is a transfer whose steps are proven by files.
type filed struct {
	assigned
	folder string // of the blobs
}

// newFiled has evidence kept for sixty hours.
func newFiled(t *testing.T) filed {
	t.Helper()
	folder := t.TempDir()
	w := startWorld(t, func(d config.Listeners) string {
		settings := "  accounttransfer:\n    blobs: {folder: '" + folder + "'}\n    evidence: {keep: 60h}\n"
		return strings.Replace(d.Sections("100ms"), "  accounttransfer:\n", settings, 1)
	})
	return filed{newAssigned(t, w), folder}
}

// pdf is a file of a size.
func pdf(size int) actors.File {
	return actors.File{Name: "Signed agreement.pdf", Content: append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte{7}, size-9)...)}
}

// blobs counts what lies in the blob store.
func (f filed) blobs(t *testing.T) (n int) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(f.folder), ".", func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// attach has somebody attach a file to a step.
func (f filed) attach(t *testing.T, by actors.Person, step string, file actors.File) string {
	t.Helper()
	id, err := by.Attach(t.Context(), f.order.GetTransferId(), step, file)
	if err != nil {
		t.Fatalf("attach to %s: %v", step, err)
	}
	return id
}

func (f filed) attachment(t *testing.T, id string) *accounttransferv1.Attachment {
	t.Helper()
	a, err := f.w.op(t).Attachment(t.Context(), id)
	if err != nil {
		t.Fatalf("read the attachment: %v", err)
	}
	return a
}

// TestEvidence: a step is proven by a file, which those may read whom it concerns, for as long as evidence is kept.
func TestEvidence(t *testing.T) {
	t.Parallel()
	f := newFiled(t)
	f.submits(t)
	f.decided(t, granted, "")
	f.did(t, "send the agreement", f.w.op(t).SendAgreement(t.Context(), f.consentID))
	t.Run("what is no evidence is refused, each with its reason", f.refuses)
	t.Run("a file comes in parts, which may be repeated", f.comesInParts)
	t.Run("a file whose upload ends halfway leaves nothing", f.isAbandoned)
	t.Run("a file is read by those whom it concerns", f.isRead)
	t.Run("XFR-CTA-06 the executed agreement is a file that both sides read", f.isAgreed)
	t.Run("a step is proven by a file alone", f.proves)
	t.Run("what is erased, and what has had its time, is gone", f.goes)
}

func (f filed) refuses(t *testing.T) {
	op, hands, to := f.w.op(t).Person, f.hands(t).Person, f.order.GetTransferId()
	named := func(name string, content []byte) actors.File { return actors.File{Name: name, Content: content} }
	for _, c := range []struct {
		by     actors.Person
		step   string
		file   actors.File
		code   codes.Code
		reason string
	}{
		{op, "deploy-essentials", pdf(5<<20 + 1), codes.InvalidArgument, "ATTACHMENT_TOO_LARGE"},
		{op, "deploy-essentials", named("a.pdf", nil), codes.InvalidArgument, "FIELD_REQUIRED"},
		{op, "deploy-essentials", named("../../etc/a.pdf", []byte("%PDF-")), codes.InvalidArgument, "ATTACHMENT_NAME_INVALID"},
		{op, "deploy-essentials", named("a\nb.pdf", []byte("%PDF-")), codes.InvalidArgument, "ATTACHMENT_NAME_INVALID"},
		{op, "deploy-essentials", named("fdp\u202e.pdf", []byte("%PDF-")), codes.InvalidArgument, "ATTACHMENT_NAME_INVALID"},
		{op, "deploy-essentials", named("a.exe", []byte("MZ\x00")), codes.InvalidArgument, "ATTACHMENT_TYPE_WRONG"},
		{op, "deploy-essentials", named("a.pdf", []byte("\x89PNG\r\n\x1a\n")), codes.InvalidArgument, "ATTACHMENT_TYPE_WRONG"},
		{op, "deploy-essentials", named("a.txt", []byte("PK\x03\x04 a zip")), codes.InvalidArgument, "ATTACHMENT_TYPE_WRONG"},
		{op, "no-such-step", pdf(100), codes.InvalidArgument, "STEP_UNKNOWN"},
		{op, "accept-service-term", pdf(100), codes.InvalidArgument, "STEP_UNKNOWN"}, // of another template
		{hands, "deploy-essentials", pdf(100), codes.PermissionDenied, "STEP_NOT_YOURS"},
		{f.w.newCustomer(t).hands(t).Person, "answer-survey", pdf(100), codes.NotFound, "NOT_FOUND"},
	} {
		_, err := c.by.Attach(t.Context(), to, c.step, c.file)
		refused(t, err, c.code, c.reason)
	}
}

func (f filed) comesInParts(t *testing.T) {
	op, file := f.w.op(t).Person, pdf(600<<10)
	half := len(file.Content) / 2
	id, err := op.Announce(t.Context(), f.order.GetTransferId(), "deploy-essentials", file)
	if err != nil {
		t.Fatal(err)
	}
	send := func(from, to int) error { return op.SendPart(t.Context(), id, int64(from), file.Content[from:to]) }
	_, err = op.Download(t.Context(), id)
	refused(t, err, codes.FailedPrecondition, "ATTACHMENT_NOT_STORED")
	refused(t, send(half, len(file.Content)), codes.InvalidArgument, "ATTACHMENT_PART_WRONG") // what is before is not there
	refused(t, send(0, 10), codes.InvalidArgument, "ATTACHMENT_PART_WRONG")                   // too small
	for range 2 {
		if err := send(0, half); err != nil {
			t.Fatal(err)
		}
	}
	wrong := op.SendPart(t.Context(), id, int64(half), bytes.Repeat([]byte{8}, len(file.Content)-half))
	refused(t, wrong, codes.InvalidArgument, "ATTACHMENT_HASH_WRONG")
	if a := f.attachment(t, id); a.GetReceived() != int64(half) || a.GetState() != uploading {
		t.Errorf("after half it is %v", a)
	}
	if err := send(half, len(file.Content)); err != nil {
		t.Fatal(err)
	}
	refused(t, send(half, len(file.Content)), codes.FailedPrecondition, "ATTACHMENT_NOT_UPLOADING")
	a := f.attachment(t, id)
	if a.GetState() != keptWhole || a.GetContentType() != "application/pdf" || a.GetStoreTime() == nil {
		t.Errorf("it is %v", a)
	}
	if got, err := op.Download(t.Context(), id); err != nil || !bytes.Equal(got, file.Content) {
		t.Errorf("%d bytes come back, %v", len(got), err)
	}
	f.w.Advance(t, f.w.Now(t).Add(2*time.Hour))
	if n := f.blobs(t); n != 1 {
		t.Errorf("%d blobs are kept of one file", n)
	}
}

func (f filed) isAbandoned(t *testing.T) {
	op, before := f.w.op(t).Person, f.blobs(t)
	file := pdf(600 << 10)
	id, err := op.Announce(t.Context(), f.order.GetTransferId(), "deploy-essentials", file)
	if err == nil {
		err = op.SendPart(t.Context(), id, 0, file.Content[:512<<10])
	}
	if err != nil || f.blobs(t) != before+1 {
		t.Fatalf("half of it: %v, %d blobs", err, f.blobs(t))
	}
	f.w.Advance(t, f.w.Now(t).Add(25*time.Hour))
	a := f.attachment(t, id)
	if a.GetDeletion() != accounttransferv1.AttachmentDeletion_ATTACHMENT_DELETION_ABANDONED || a.GetFileName() != "" || f.blobs(t) != before {
		t.Errorf("it is %v, and %d blobs are there, of %d", a, f.blobs(t), before)
	}
	refused(t, op.SendPart(t.Context(), id, 512<<10, file.Content[512<<10:]), codes.FailedPrecondition, "ATTACHMENT_NOT_UPLOADING")
}

func (f filed) isRead(t *testing.T) {
	op, hands := f.w.op(t).Person, f.hands(t).Person
	f.moveTo(t, "par-1")
	partner, other := f.w.signIn(t, kittest.Partner("partner-1", "par-1")), f.w.newCustomer(t).hands(t).Person
	internal := f.attach(t, op, "deploy-essentials", pdf(100))
	shared := pdf(100)
	shared.Shared = true
	theirs := f.attach(t, op, "deploy-essentials", shared)
	own := f.attach(t, hands, "answer-survey", actors.File{Name: "Survey.TXT", Content: []byte("Very good, übrigens.\n")})
	for who, c := range map[string]struct {
		by    actors.Person
		reads []string
	}{
		"Operations": {op, []string{internal, theirs, own}}, "the customer": {hands, []string{theirs, own}},
		"its partner": {partner, []string{theirs, own}}, "another customer": {other, nil},
	} {
		for _, id := range []string{internal, theirs, own} {
			_, got := c.by.Attachment(t.Context(), id)
			_, loaded := c.by.Download(t.Context(), id)
			if slices.Contains(c.reads, id) {
				if got != nil || loaded != nil {
					t.Errorf("%s reads %s: %v, %v", who, id, got, loaded)
				}
				continue
			}
			refused(t, got, codes.NotFound, "NOT_FOUND")
			refused(t, loaded, codes.NotFound, "NOT_FOUND")
		}
	}
	listed, err := f.w.Evidence.ListAttachments(hands.In(t.Context()), &accounttransferv1.ListAttachmentsRequest{
		TransferId: f.order.GetTransferId(),
	})
	if err != nil || len(listed.GetAttachments()) != 2 || listed.GetAttachments()[1].GetAttachedBy() != nil {
		t.Errorf("the customer sees %v, %v", listed, err)
	}
}

func (f filed) isAgreed(t *testing.T) {
	op, hands := f.w.op(t).Person, f.hands(t).Person
	foreign := filed{newAssigned(t, f.w), f.folder}
	elsewhere := foreign.attach(t, op, "request-consent", pdf(100))
	signed := f.attach(t, op, "request-consent", pdf(900<<10))
	at := f.w.order(t, f.order.GetOrderId()).GetUpdateTime()
	refused(t, f.executes(t, at, elsewhere), codes.InvalidArgument, "ATTACHMENT_UNKNOWN")
	_, err := hands.Attachment(t.Context(), signed)
	refused(t, err, codes.NotFound, "NOT_FOUND")
	f.did(t, "execute", f.executes(t, at, signed))
	k := f.consent(t)
	if k.GetState() != executed || !slices.Equal(k.GetAgreement().GetAttachmentIds(), []string{signed}) {
		t.Fatalf("the consent is %v", k)
	}
	if got, err := hands.Download(t.Context(), signed); err != nil || len(got) != 900<<10 {
		t.Errorf("the customer reads %d bytes of its agreement, %v", len(got), err)
	}
	if !slices.ContainsFunc(f.w.entries(t, f.person(t), f.order.GetOrderId()), func(e *typev1.Event) bool {
		return e.GetKind() == "attachment" && e.GetName() == "used" && e.GetNote() != ""
	}) {
		t.Error("the timeline does not tell the customer of it")
	}
	foreign.isDisposed(t)
}

// isDisposed: with the personal data of who signed go the files of agreements that are not executed: of the one that is out for
// signature, of the version before it, and of the one whose consent expired.
func (f filed) isDisposed(t *testing.T) {
	t.Helper()
	op := f.w.op(t)
	f.submits(t)
	end := f.w.Now(t).Add(6 * time.Hour)
	f.did(t, "decide", op.DecideConsent(t.Context(), &accounttransferv1.ConsentServiceRecordDecisionRequest{
		ConsentId: f.consentID, Outcome: granted, ExpireTime: timestamppb.New(end),
	}))
	files := []string{f.halfSigned(t)}
	f.w.Advance(t, end.Add(time.Hour))
	_, err := f.w.Consents.ReopenConsent(f.w.operator(t), &accounttransferv1.ReopenConsentRequest{
		ConsentId: f.consentID, Reason: "both sides still want it",
	})
	f.did(t, "begin again", err)
	f.did(t, "submit", op.SubmitConsent(t.Context(), f.consentID))
	f.decided(t, granted, "")
	files = append(files, f.halfSigned(t), f.halfSigned(t))
	_, err = f.w.Consents.ErasePerson(f.w.operator(t), &accounttransferv1.ErasePersonRequest{
		ConsentId: f.consentID, PersonId: f.consent(t).GetAssignor().GetSignatoryId(), Reason: "asked for",
	})
	f.did(t, "erase", err)
	for _, file := range files {
		if a := f.attachment(t, file); a.GetDeletion() != erased || a.GetFileName() != "" {
			t.Errorf("the file is %v", a)
		}
	}
	if left := f.consent(t).GetAgreement().GetAttachmentIds(); len(left) > 0 {
		t.Errorf("the agreement has the files %v", left)
	}
}

// halfSigned sends an agreement that the assignor alone signs, and returns the file of it.
func (f filed) halfSigned(t *testing.T) string {
	t.Helper()
	f.did(t, "send the agreement", f.w.op(t).SendAgreement(t.Context(), f.consentID))
	file := f.attach(t, f.hands(t).Person, "request-consent", pdf(100))
	f.did(t, "sign", f.executes(t, nil, file, accounttransferv1.ConsentSide_CONSENT_SIDE_ASSIGNOR))
	return file
}

// executes records by a file alone who has signed; both sides unless others are said.
func (f filed) executes(t *testing.T, at *timestamppb.Timestamp, attachment string, sides ...accounttransferv1.ConsentSide) error {
	t.Helper()
	if len(sides) == 0 {
		sides = []accounttransferv1.ConsentSide{
			accounttransferv1.ConsentSide_CONSENT_SIDE_ASSIGNOR, accounttransferv1.ConsentSide_CONSENT_SIDE_ASSIGNEE,
		}
	}
	req := &accounttransferv1.RecordExecutionRequest{ConsentId: f.consentID, AttachmentIds: []string{attachment}}
	for _, side := range sides {
		req.Signatures = append(req.Signatures, &accounttransferv1.ConsentSignature{Side: side, SignTime: at})
	}
	_, err := f.w.Consents.RecordExecution(f.w.operator(t), req)
	return err
}

func (f filed) proves(t *testing.T) {
	const step = "hand-over-linked-accounts"
	op := f.w.op(t)
	f.legacy().joins(t)
	f.legacy().handsOver(t, step)
	other, protocol := f.attach(t, op.Person, "deploy-essentials", pdf(100)), f.attach(t, op.Person, step, pdf(100))
	req := &accounttransferv1.CompleteStepRequest{
		TransferId: f.order.GetTransferId(), StepKey: step, PayerId: f.w.payerID, AttachmentIds: []string{other},
	}
	refused(t, op.CompleteStep(t.Context(), req), codes.InvalidArgument, "ATTACHMENT_UNKNOWN")
	req.AttachmentIds = []string{protocol}
	f.did(t, "attest", op.CompleteStep(t.Context(), req))
	if s := f.step(t, step); s.GetState() != stepDone || !slices.Equal(s.GetAttachmentIds(), req.GetAttachmentIds()) || s.GetDoneBy() == nil {
		t.Errorf("the step is %v", s)
	}
	seen, err := f.hands(t).Transfer(t.Context(), f.order.GetTransferId())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range seen.GetSteps() {
		if s.GetKey() == step && len(s.GetAttachmentIds()) > 0 {
			t.Errorf("the customer sees the reseller's files: %v", s)
		}
	}
}

func (f filed) goes(t *testing.T) {
	op := f.w.op(t).Person
	s := f.step(t, "hand-over-linked-accounts")
	proof, signed := s.GetAttachmentIds()[0], f.consent(t).GetAgreement().GetAttachmentIds()[0]
	before := f.blobs(t)
	erase := &accounttransferv1.EraseAttachmentRequest{AttachmentId: proof}
	_, err := f.w.Evidence.EraseAttachment(op.Once(t.Context()), erase)
	refused(t, err, codes.InvalidArgument, "FIELD_REQUIRED")
	erase.Reason = "The wrong file."
	_, err = f.w.Evidence.EraseAttachment(op.Once(t.Context()), erase)
	f.did(t, "erase", err)
	_, err = op.Download(t.Context(), proof)
	refused(t, err, codes.FailedPrecondition, "ATTACHMENT_NOT_STORED")
	if n := f.blobs(t); n != before-1 {
		t.Errorf("%d blobs are there, of %d", n, before)
	}
	f.w.Advance(t, f.w.Now(t).Add(61*time.Hour))
	a := f.attachment(t, signed)
	if n := f.blobs(t); n != before-2 || a.GetDeletion() != accounttransferv1.AttachmentDeletion_ATTACHMENT_DELETION_OUTDATED {
		t.Errorf("%d blobs are there, of %d, and the agreement is %v", n, before, a)
	}
}

// TestEarlyEvidence: a file that was attached before its step opens lives for as long as the transfer is under way, and thirty days more.
func TestEarlyEvidence(t *testing.T) {
	t.Parallel()
	f := newFiled(t)
	early := f.attach(t, f.w.op(t).Person, "deploy-essentials", pdf(100))
	f.w.LetPass(t, f.w.Now(t).AddDate(0, 0, 62))
	if a := f.attachment(t, early); a.GetState() != accounttransferv1.AttachmentState_ATTACHMENT_STATE_STORED || a.GetExpireTime() != nil {
		t.Fatalf("its transfer is under way, and it is %v", a)
	}
	_, err := f.w.Transfers.CancelTransfer(f.w.op(t).Once(t.Context()), &accounttransferv1.CancelTransferRequest{
		TransferId: f.order.GetTransferId(), Reason: "The customer stays where it is.",
	})
	f.did(t, "cancel", err)
	f.w.LetPass(t, f.w.Now(t).AddDate(0, 0, 29))
	if a := f.attachment(t, early); a.GetState() != accounttransferv1.AttachmentState_ATTACHMENT_STATE_STORED {
		t.Fatalf("its transfer has just ended, and it is %v", a)
	}
	f.w.LetPass(t, f.w.Now(t).AddDate(0, 0, 3))
	if a := f.attachment(t, early); a.GetDeletion() != accounttransferv1.AttachmentDeletion_ATTACHMENT_DELETION_UNUSED {
		t.Errorf("its transfer is over, and it is %v", a)
	}
}
