package mail

import (
	"bytes"
	"time"

	"example.com/handover/pkg/id"
)

// Source is how a mail came in.
type Source string

// The sources.
const (
	SMTP Source = "SMTP" // from whoever connected
	SES  Source = "SES"  // from the simulator of Amazon SES
	AWS  Source = "AWS"  // written by the simulated AWS itself
)

// Message is one mail that has arrived.
type Message struct {
	ID          string       `json:"id"`
	MessageID   string       `json:"message_id"` // of the header, without angle brackets; empty: it has none
	From        string       `json:"from"`       // address in the header
	FromName    string       `json:"from_name,omitempty"`
	Sender      string       `json:"sender"` // address in the envelope
	To          []string     `json:"to"`     // addresses in the envelope: who really gets it
	Subject     string       `json:"subject"`
	ReceivedAt  time.Time    `json:"received_at"` // business time
	Text        string       `json:"text,omitempty"`
	HTML        string       `json:"html,omitempty"`
	Attachments []Attachment `json:"attachments,omitempty"`
	Duplicates  int          `json:"duplicates"` // how many other mails have arrived with the same Message-ID
	Source      Source       `json:"source"`
}

// Attachment describes a file that came with a mail.
type Attachment struct {
	Name        string `json:"name"` // without folders; never empty
	ContentType string `json:"content_type"`
	Size        int    `json:"size"` // bytes, decoded
}

// parcel is a mail as it was handed in, and the document that the journal keeps of it.
type parcel struct {
	ID     string    `json:"id"`
	At     time.Time `json:"at"` // business time; nobody sees it before
	Source Source    `json:"source"`
	Sender string    `json:"sender"`
	To     []string  `json:"to"`
	Raw    []byte    `json:"raw"`
}

func newParcel(at time.Time, source Source, sender string, to []string, raw []byte) parcel {
	raw = bytes.Clone(raw) // without the reader's spare room
	return parcel{ID: id.New("msg"), At: at.UTC(), Source: source, Sender: sender, To: to, Raw: raw}
}

// entry is a parcel that was opened. What its files hold is read off the parcel again when somebody asks.
type entry struct {
	parcel
	content
}

func open(p parcel) (entry, error) {
	c, err := parse(p.Raw)
	for i := range c.files {
		c.files[i].data = nil
	}
	return entry{p, c}, err
}

// message is what a reader sees of it, apart from the duplicates.
func (e entry) message() Message {
	m := Message{
		ID: e.ID, MessageID: e.messageID, From: e.from.Address, FromName: e.from.Name, Sender: e.Sender, To: e.To,
		Subject: e.subject, ReceivedAt: e.At, Text: e.text, HTML: e.html, Source: e.Source,
	}
	for _, f := range e.files {
		m.Attachments = append(m.Attachments, f.Attachment)
	}
	return m
}
