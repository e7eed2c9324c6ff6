package mail

import (
	"slices"
	"strings"

	"example.com/handover/pkg/errs"
)

// Query chooses mails; empty fields choose all. Letters' case does not matter.
type Query struct {
	To        string // a recipient's address; a part of one when it has nothing before an @: "anna", "@example.com"
	Subject   string // contained in the subject
	MessageID string // with or without angle brackets
	Limit     int    // only the newest so many; zero: all
}

// List returns the mails that have arrived by now, newest first.
func (b *Inbox) List(q Query) []Message {
	arrived := b.store.arrived(b.options.Now())
	times := copies(arrived)
	var out []Message
	for _, e := range slices.Backward(arrived) {
		if q.Limit > 0 && len(out) == q.Limit {
			break
		}
		if q.chooses(e) {
			out = append(out, e.counted(times))
		}
	}
	return out
}

// Get returns one mail that has arrived by now, and errs.NotFound for any other.
func (b *Inbox) Get(id string) (Message, error) {
	arrived := b.store.arrived(b.options.Now())
	e, err := find(arrived, id)
	if err != nil {
		return Message{}, err
	}
	return e.counted(copies(arrived)), nil
}

// Raw returns a mail as it was handed in, and errs.NotFound when there is none.
func (b *Inbox) Raw(id string) ([]byte, error) {
	e, err := find(b.store.arrived(b.options.Now()), id)
	return slices.Clone(e.Raw), err
}

// Attachment returns the file with the given place in Message.Attachments, decoded, and errs.NotFound when there is
// none.
func (b *Inbox) Attachment(id string, n int) (Attachment, []byte, error) {
	e, err := find(b.store.arrived(b.options.Now()), id)
	if err != nil {
		return Attachment{}, nil, err
	}
	if n < 0 || n >= len(e.files) {
		return Attachment{}, nil, errs.New(errs.NotFound, "ATTACHMENT_NOT_FOUND", "the mail has no attachment %d", n)
	}
	read, err := parse(e.Raw)
	if err != nil {
		return Attachment{}, nil, err
	}
	return e.files[n].Attachment, read.files[n].data, nil
}

func find(entries []entry, id string) (entry, error) {
	i := slices.IndexFunc(entries, func(e entry) bool { return e.ID == id })
	if i < 0 {
		return entry{}, errs.New(errs.NotFound, "MESSAGE_NOT_FOUND", "no such mail has arrived")
	}
	return entries[i], nil
}

// copies counts the mails with each Message-ID.
func copies(entries []entry) map[string]int {
	times := map[string]int{}
	for _, e := range entries {
		if e.messageID != "" {
			times[e.messageID]++
		}
	}
	return times
}

func (e entry) counted(times map[string]int) Message {
	m := e.message()
	m.Duplicates = max(0, times[e.messageID]-1)
	return m
}

func (q Query) chooses(e entry) bool {
	return (q.To == "" || slices.ContainsFunc(e.To, q.reaches)) &&
		(q.Subject == "" || contains(e.subject, q.Subject)) &&
		(q.MessageID == "" || bare(q.MessageID) == e.messageID)
}

func (q Query) reaches(to string) bool {
	if strings.LastIndexByte(q.To, '@') > 0 {
		return strings.EqualFold(q.To, to)
	}
	return contains(to, q.To)
}

func contains(s, part string) bool {
	return strings.Contains(strings.ToLower(s), strings.ToLower(part))
}
