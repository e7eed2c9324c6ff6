package actors

import (
	"context"

	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// Mailbox is where the sandbox's mails arrive, the suite's and AWS's. The person has the sandbox's rights.
type Mailbox struct{ Person }

// Mails are what has arrived and matches, newest first.
func (m Mailbox) Mails(ctx context.Context, q *sandboxv1.ListMailRequest) (mails []*sandboxv1.Mail, err error) {
	for q.PageSize, q.PageToken = page, ""; ; {
		resp, err := m.Sandbox.ListMail(m.In(ctx), q)
		if err != nil {
			return nil, err
		}
		mails = append(mails, resp.GetMails()...)
		if q.PageToken = resp.GetNextPageToken(); q.PageToken == "" {
			return mails, nil
		}
	}
}
