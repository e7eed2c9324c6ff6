package notifications_test

import (
	"slices"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"

	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	"example.com/handover/services/notifications/internal/template"
)

func TestPreview(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	invitation := map[string]string{"account_id": "123456789012", "accept_by": "2026-02-28T23:59:59Z", "start": "2026-03-01T00:00:00Z"}
	t.Run("NTF-003 the customer is told that AWS mailed the request to the root address", func(t *testing.T) {
		a.reads(t, "accept-billing-transfer", "en", invitation, "root address of the management account")
	})
	t.Run("NTF-004 the customer is told that the service term comes to the same address in about 15 minutes", func(t *testing.T) {
		a.reads(
			t, "accept-service-term", "en", map[string]string{"account_id": "123456789012", "months": "12"}, "same address", "about 15 minutes",
			"12",
		)
	})
	t.Run("NTF-005 who misses the mail of AWS is told of the mailbox, the spam folder and whom to ask", func(t *testing.T) {
		a.reads(t, "accept-billing-transfer", "en", invitation,
			"did not arrive", "read that mailbox", "spam and junk", "Platform Support", "account manager", "may not be eligible")
		a.reads(t, "accept-billing-transfer", "de", invitation,
			"nicht angekommen", "dieses Postfach lesen", "Spam- und Junk-Ordner", "Platform Support", "Account Manager", "nicht zugelassen")
		a.reads(t, "accept-service-term", "en", map[string]string{"account_id": "123456789012", "months": "12"},
			"did not arrive", "read that mailbox", "spam and junk", "Platform Support", "account manager")
	})
	t.Run("every template is listed with what it needs", a.templates)
	t.Run("a wrong one is refused", func(t *testing.T) {
		for reason, req := range map[string]*notificationsv1.PreviewTemplateRequest{
			"TEMPLATE_UNKNOWN": {TemplateKey: "nothing"},
			"PARAM_MISSING":    {TemplateKey: "order-link", Params: map[string]string{"product": "Essentials"}},
			"PARAM_UNKNOWN":    {TemplateKey: "order-completed", Params: map[string]string{"product": "Essentials", "link": secret}},
		} {
			_, err := a.mails.PreviewTemplate(a.operator(t), req)
			refused(t, err, codes.InvalidArgument, reason)
		}
	})
}

// reads fails unless both forms of a mail have all of these.
func (a *alone) reads(t *testing.T, key, language string, params map[string]string, parts ...string) {
	t.Helper()
	resp, err := a.mails.PreviewTemplate(
		a.operator(t), &notificationsv1.PreviewTemplateRequest{TemplateKey: key, Params: params, Language: language},
	)
	if err != nil {
		t.Fatal(err)
	}
	for form, text := range map[string]string{"text": resp.GetText(), "page": resp.GetHtml()} {
		text = strings.ToLower(strings.Join(strings.Fields(text), " "))
		for _, part := range parts {
			if !strings.Contains(text, strings.ToLower(part)) {
				t.Errorf("the %s of %s in %s is without %q:\n%s", form, key, language, part, text)
			}
		}
	}
}

func (a *alone) templates(t *testing.T) {
	resp, err := a.mails.ListTemplates(a.operator(t), &notificationsv1.ListTemplatesRequest{})
	if err != nil || len(resp.GetTemplates()) != len(template.Newest()) {
		t.Fatalf("there are %v, %v", resp, err)
	}
	for _, tpl := range resp.GetTemplates() {
		if tpl.GetTemplateKey() == "order-link" && !slices.Equal(tpl.GetOptionalParams(), []string{"account_id", "expire_time"}) {
			t.Errorf("it may be given %v", tpl.GetOptionalParams())
		}
		if tpl.GetTitle() == "" || tpl.GetVersion() < 1 || len(tpl.GetParams()) == 0 {
			t.Errorf("a template is %v", tpl)
		}
		if len(tpl.GetSecretParams()) > 0 && !tpl.GetRepeat() {
			t.Errorf("%s forgets its secret when its answer is lost", tpl.GetTemplateKey())
		}
	}
}
