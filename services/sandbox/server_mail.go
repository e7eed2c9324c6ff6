package sandbox

import (
	"context"

	"example.com/handover/pkg/sim/mail"
	"example.com/handover/pkg/wire"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

func (s *server) ListMail(_ context.Context, req *sandboxv1.ListMailRequest) (*sandboxv1.ListMailResponse, error) {
	from, err := place(req.GetPageToken())
	if err != nil {
		return nil, err
	}
	all := s.worlds.mail.List(mail.Query{To: req.GetTo(), Subject: req.GetSubject(), MessageID: req.GetMessageId()})
	page, next := cut(all, from, req.GetPageSize())
	resp := &sandboxv1.ListMailResponse{NextPageToken: next}
	for _, m := range page {
		resp.Mails = append(resp.Mails, toMail(m, req.GetWithText()))
	}
	return resp, nil
}

func toMail(m mail.Message, withText bool) *sandboxv1.Mail {
	out := &sandboxv1.Mail{
		MailId: m.ID, MessageId: m.MessageID, From: m.From, To: m.To, Subject: m.Subject,
		ArriveTime: wire.Time(m.ReceivedAt), Source: string(m.Source),
	}
	for _, a := range m.Attachments {
		out.Attachments = append(out.Attachments, a.Name)
	}
	if withText {
		out.Text = m.Text
	}
	return out
}

// AnswerConsent writes what AWS answers to a request for consent to assignment.
func (s *server) AnswerConsent(_ context.Context, req *sandboxv1.AnswerConsentRequest) (*sandboxv1.AnswerConsentResponse, error) {
	said := map[accounttransferv1.ConsentOutcome]string{
		accounttransferv1.ConsentOutcome_CONSENT_OUTCOME_GRANTED:               "AWS consents to the assignment.",
		accounttransferv1.ConsentOutcome_CONSENT_OUTCOME_REFUSED:               "AWS does not consent to the assignment.",
		accounttransferv1.ConsentOutcome_CONSENT_OUTCOME_INFORMATION_REQUESTED: "AWS needs to know more before it decides.",
	}[req.GetOutcome()]
	err := s.worlds.mail.Put(mail.Letter{
		From: letterhead, To: req.GetTo(), Subject: "Your request " + req.GetAwsReference() + " for consent to assignment",
		Text: said + "\n\n" + req.GetText() + "\n",
	})
	if err != nil {
		return nil, refusal(err)
	}
	return &sandboxv1.AnswerConsentResponse{}, nil
}
