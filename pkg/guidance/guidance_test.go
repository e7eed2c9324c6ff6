package guidance_test

import (
	"strings"
	"testing"
	"time"

	"example.com/handover/pkg/guidance"
)

var now = time.Date(2026, time.February, 19, 12, 0, 0, 0, time.UTC)

func page(key string, change func(*guidance.Page)) *guidance.Page {
	p := &guidance.Page{Key: key, Texts: []guidance.Text{
		{Language: "de", Title: key + " (de)", URI: "https://example.com/de"}, {Language: "en", Title: key, URI: "https://example.com/en"},
	}}
	change(p)
	return p
}

func pages() []*guidance.Page {
	return []*guidance.Page{
		page("transfer", func(p *guidance.Page) { p.ProductID, p.TemplateKey = "product", "existing" }),
		page("sign-up", func(p *guidance.Page) { p.ProductID, p.TemplateKey = "product", "new" }),
		page("levels", func(p *guidance.Page) { p.ProductID = "product" }),
		page("roles", func(p *guidance.Page) { p.StepKey, p.MailKeys = "deploy-roles", []string{"deploy-roles"} }),
		page("enter", func(p *guidance.Page) { p.TemplateKey, p.StepKey = "new", "enter" }),
		page("training", func(p *guidance.Page) { p.TemplateKey, p.Audience = guidance.AccountRequests, guidance.Partners }),
		page("internal", func(p *guidance.Page) { p.TemplateKey, p.Audience = guidance.AccountRequests, guidance.Operators }),
		page("later", func(p *guidance.Page) { p.StepKey, p.From = "deploy-roles", now.Add(time.Second) }),
		page("over", func(p *guidance.Page) { p.StepKey, p.Until = "deploy-roles", now }),
	}
}

func TestLinks(t *testing.T) {
	for _, tt := range []struct {
		name   string
		at     guidance.Place
		reader guidance.Audience
		want   string
	}{
		{"a product, before an option is chosen", guidance.Place{ProductID: "product"}, "", "levels sign-up transfer"},
		{"an order by its template", guidance.Place{ProductID: "product", TemplateKey: "new"}, "", "levels sign-up"},
		{"another product", guidance.Place{ProductID: "other"}, "", ""},
		{"a step of any template", guidance.Place{TemplateKey: "existing", StepKey: "deploy-roles"}, "", "roles"},
		{"a step of its template", guidance.Place{TemplateKey: "new", StepKey: "enter"}, "", "enter"},
		{"a step of another template", guidance.Place{TemplateKey: "existing", StepKey: "enter"}, "", ""},
		{"a mail", guidance.Place{MailKey: "deploy-roles"}, "", "roles"},
		{"a mail of another template", guidance.Place{MailKey: "order-link"}, "", ""},
		{"a request, as the customer", guidance.Place{TemplateKey: guidance.AccountRequests}, "", ""},
		{"a request, as the partner", guidance.Place{TemplateKey: guidance.AccountRequests}, guidance.Partners, "training"},
		{"a request, as Operations", guidance.Place{TemplateKey: guidance.AccountRequests}, guidance.Operators, "internal training"},
		{"nowhere", guidance.Place{}, guidance.Operators, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var keys []string
			for _, l := range guidance.Links(pages(), tt.at, tt.reader, "", now) {
				keys = append(keys, l.Key)
			}
			if got := strings.Join(keys, " "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestLinksInTheReadersLanguage(t *testing.T) {
	for accepted, want := range map[string]string{"": "en", "de-CH, fr;q=0.5": "de", "fr": "en", "en-GB": "en", "no language!": "en"} {
		links := guidance.Links(pages(), guidance.Place{MailKey: "deploy-roles"}, "", accepted, now)
		if len(links) != 1 || links[0].Language != want || !strings.HasSuffix(links[0].URI, want) {
			t.Errorf("%q reads %+v, want %s", accepted, links, want)
		}
	}
	only := []*guidance.Page{{Key: "k", StepKey: "s", Texts: []guidance.Text{{Language: "de"}}}}
	if links := guidance.Links(only, guidance.Place{StepKey: "s"}, "", "fr", now); len(links) != 1 || links[0].Language != "de" {
		t.Errorf("a page without English is left out: %v", links)
	}
}
