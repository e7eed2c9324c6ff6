package evidence

import (
	"bytes"
	"strconv"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
)

// What one call may bring, in bytes: base64 in JSON, the largest part fits a request; the last part alone may be smaller than the least.
const (
	largestPart = 512 << 10
	leastPart   = 64 << 10
)

// Part is a piece of the content that has come.
type Part struct {
	Offset int64  `json:"offset"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Key is where a part is kept until the content is whole.
func (a *Attachment) Key(p Part) string {
	return a.Prefix() + "part-" + strconv.FormatInt(p.Offset, 10) + "-" + p.SHA256
}

// ContentKey is where the content is kept: by what is in it, below the attachment, so that one is erased without asking who else has
// attached the same.
func (a *Attachment) ContentKey() string { return a.Prefix() + a.SHA256 }

// Prefix begins every key of the attachment.
func (a *Attachment) Prefix() string { return a.ID + "/" }

// Received is how many bytes have come.
func (a *Attachment) Received() int64 {
	switch {
	case a.State == Stored:
		return a.Size
	case len(a.Parts) == 0:
		return 0
	}
	last := a.Parts[len(a.Parts)-1]
	return last.Offset + last.Size
}

// Receive takes a part over that continues what has come, or takes the place of it from its offset on: a repetition changes nothing.
// With the last one, whole is the hash of all of it. Refused with ATTACHMENT_NOT_UPLOADING, ATTACHMENT_PART_WRONG,
// ATTACHMENT_TYPE_WRONG and ATTACHMENT_HASH_WRONG.
func (a *Attachment) Receive(p Part, content []byte, whole string, now time.Time) ([]fact.Fact, error) {
	parts, media, err := a.with(p, content)
	if err != nil {
		return nil, err
	}
	last := p.Offset+p.Size == a.Size
	if last && whole != a.SHA256 {
		return nil, errs.InvalidField("content", ReasonHashWrong, "the content has the hash %s, and another one was announced", whole)
	}
	a.Parts, a.Media = parts, media
	if !last {
		return nil, nil
	}
	a.State, a.StoredAt = Stored, now
	return []fact.Fact{tell(FactStored, a, "media", string(a.Media), "size", strconv.FormatInt(a.Size, 10))}, nil
}

// Before returns the parts that come before one that completes the content; false while more are to come, or when it does not fit.
func (a *Attachment) Before(p Part, content []byte) ([]Part, bool) {
	parts, _, err := a.with(p, content)
	if err != nil || p.Offset+p.Size < a.Size {
		return nil, false
	}
	return parts[:len(parts)-1], true
}

// Fits reports whether a part may be stored.
func (a *Attachment) Fits(p Part, content []byte) bool {
	_, _, err := a.with(p, content)
	return err == nil
}

// with returns the parts that the content has with one more, and of what kind it is.
func (a *Attachment) with(p Part, content []byte) ([]Part, Media, error) {
	if a.State != Uploading {
		return nil, "", errs.New(errs.Precondition, ReasonNotUploading, "the attachment is %s", a.State)
	}
	wrong := func(format string, args ...any) ([]Part, Media, error) {
		return nil, "", errs.InvalidField("offset", ReasonPartWrong, format, args...)
	}
	var before []Part
	for _, known := range a.Parts {
		if known.Offset < p.Offset {
			before = append(before, known)
		}
	}
	next := &Attachment{Parts: before}
	switch {
	case p.Offset < 0 || p.Offset != next.Received():
		return wrong("the next part begins at byte %d", a.Received())
	case p.Offset+p.Size > a.Size:
		return wrong("the content was announced with %d bytes", a.Size)
	case p.Size == 0 || p.Size > largestPart || p.Size < leastPart && p.Offset+p.Size < a.Size:
		return wrong("a part has between %d and %d bytes, and the last one may have fewer", leastPart, largestPart)
	}
	media := a.Media
	if p.Offset == 0 {
		media = MediaOf(content)
	}
	if media != named(a.Name) || media == Text && bytes.ContainsFunc(content, unprintable) {
		return nil, "", typeWrong(media, a.Name)
	}
	return append(before, p), media, nil
}
