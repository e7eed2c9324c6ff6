package invoice

import (
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
)

// mailKey is the wish for the mail to the customer.
const mailKey = "mail/invoice"

// WantDocument wants the document of an invoice that has none.
func WantDocument(i *Invoice) []intent.Want {
	if i.DocumentSHA256 != "" {
		return nil
	}
	return intent.Now()
}

// Documented notes the hash of the document. It is a hash of what was issued, and so no news.
func (i *Invoice) Documented(sha256 string) ([]fact.Fact, error) {
	i.DocumentSHA256 = sha256
	return nil, nil
}

// Wanted is the mail with the document, once there is one.
func Wanted(i *Invoice) []intent.Wish {
	if i.DocumentSHA256 == "" {
		return nil
	}
	return []intent.Wish{{
		Key: mailKey, Kind: intent.Mail, Name: "invoice", To: "BILLING", Invoice: i.ID,
		Params: map[string]string{
			"number": i.Number, "month": i.Month.String(), "total": i.Total.String(), "due": i.DueAt.Format(time.RFC3339),
		},
	}}
}

// Tick notes that the mail was asked for.
func Tick(i *Invoice, _ string, _ time.Time) ([]fact.Fact, error) {
	mail, asked := i.Wishes[mailKey]
	if !asked || i.State != Issued {
		return nil, nil
	}
	i.State = Sent
	return []fact.Fact{fact.Fact{Name: FactSent, Audience: fact.Customer}.With("notification_id", mail.ID)}, nil
}
