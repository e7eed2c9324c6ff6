package catalogue

import (
	"strings"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/guidance"
	"example.com/handover/pkg/text"
)

// MostPages is how many guidance pages are kept.
const MostPages = 200

// FactPageSet is told of a guidance page.
const FactPageSet = "set"

// Reasons of refusals of guidance pages.
const (
	ReasonLanguageTwice = "LANGUAGE_TWICE"
	ReasonTooManyPages  = "TOO_MANY_PAGES"
)

// SetPage replaces what is kept of a guidance page. Refused with FIELD_REQUIRED, LANGUAGE_TWICE and VALIDITY_EMPTY.
func SetPage(p *guidance.Page, next guidance.Page) ([]fact.Fact, error) {
	if err := admitPage(next); err != nil {
		return nil, err
	}
	*p = next
	return []fact.Fact{fact.Fact{Name: FactPageSet, Audience: fact.Operator}.With("page_key", p.Key)}, nil
}

func admitPage(p guidance.Page) error {
	switch {
	case p.Reason == "":
		return required("reason", "say why", "remedy.give_reason")
	case p.ProductID == "" && p.TemplateKey == "" && p.StepKey == "" && len(p.MailKeys) == 0:
		return required("page", "say where it is shown", "remedy.name_place")
	case p.ProductID != "" && p.StepKey != "":
		return required("page.template_key", "a step belongs to a template, not to a product", "remedy.name_place")
	case !p.Until.IsZero() && !p.From.Before(p.Until):
		return errs.InvalidField("page.valid_until_time", ReasonValidityEmpty, "the page would end before it begins").
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.give_later_time")})
	}
	if p.ProductID != "" {
		if _, err := Find(p.ProductID); err != nil {
			return err
		}
	}
	seen := map[string]bool{}
	for _, t := range p.Texts {
		tag := strings.ToLower(t.Language)
		if seen[tag] {
			return errs.InvalidField("page.texts", ReasonLanguageTwice, "there are two texts in %s", t.Language).
				WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.one_text")})
		}
		seen[tag] = true
	}
	return nil
}

// RoomForPage returns nil while another page may be kept, or TOO_MANY_PAGES.
func RoomForPage(kept int) error {
	if kept < MostPages {
		return nil
	}
	return errs.New(errs.Precondition, ReasonTooManyPages, "%d guidance pages are kept", kept).
		WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.reuse_page")})
}
