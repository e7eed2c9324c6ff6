package invoice

import (
	"time"

	"example.com/handover/pkg/fact"
)

// Action is what an invoice wants done.
type Action string

// The actions, with the calls that record what came of them.
const (
	None     Action = ""
	Document Action = "DOCUMENT" // make the document: Documented
	Send     Action = "SEND"     // IntendMail, save, ask for the mail: MailRequested
)

// immediately is the next time of an invoice that has something to do now.
var immediately = time.Unix(0, 0).UTC()

// Next returns the Unix epoch for "at once", zero for "never by itself".
func Next(i *Invoice) time.Time {
	if NextAction(i) == None {
		return time.Time{}
	}
	return immediately
}

// NextAction returns what is to be done.
func NextAction(i *Invoice) Action {
	switch {
	case i.State != Issued:
		return None
	case i.DocumentSHA256 == "":
		return Document
	default:
		return Send
	}
}

// Documented notes the hash of the document. It is a hash of what was issued, and so no news.
func (i *Invoice) Documented(sha256 string) ([]fact.Fact, error) {
	i.DocumentSHA256 = sha256
	return nil, nil
}

// IntendMail chooses the id of the mail before it is asked for; one that is chosen stays.
func (i *Invoice) IntendMail(notificationID string) ([]fact.Fact, error) {
	if i.NotificationID == "" {
		i.NotificationID = notificationID
	}
	return nil, nil
}

// MailRequested notes that the mail was asked for.
func (i *Invoice) MailRequested() ([]fact.Fact, error) {
	if i.State != Issued {
		return nil, nil
	}
	i.State = Sent
	return []fact.Fact{{
		Name: FactSent, Audience: fact.Customer,
		Details: map[string]string{"notification_id": i.NotificationID},
	}}, nil
}
