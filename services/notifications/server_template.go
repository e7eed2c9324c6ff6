package notifications

import (
	"context"

	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	"example.com/handover/services/notifications/internal/template"
)

func (s *notificationServer) PreviewTemplate(
	_ context.Context, req *notificationsv1.PreviewTemplateRequest,
) (*notificationsv1.PreviewTemplateResponse, error) {
	tpl, err := template.Find(req.GetTemplateKey())
	if err != nil {
		return nil, err
	}
	c, err := s.pages.Render(tpl, req.GetParams(), template.Reader{Language: req.GetLanguage()})
	if err != nil {
		return nil, err
	}
	return &notificationsv1.PreviewTemplateResponse{Subject: c.Subject, Text: c.Text, Html: c.HTML}, nil
}

// ListTemplates answers in one page: the templates are few.
func (s *notificationServer) ListTemplates(
	ctx context.Context, _ *notificationsv1.ListTemplatesRequest,
) (*notificationsv1.ListTemplatesResponse, error) {
	resp := &notificationsv1.ListTemplatesResponse{}
	for _, t := range template.Newest() {
		resp.Templates = append(resp.Templates, toTemplate(s.words(ctx), t))
	}
	return resp, nil
}
