// Package guidance is where a page that helps people is shown: at which product, step or mail, to whom, in which language and
// when.
//
// It owns no page: Orders keeps them, and services that show links have a copy.
package guidance

import (
	"cmp"
	"slices"
	"time"

	"golang.org/x/text/language"

	"example.com/handover/pkg/call"
)

// Audience is who reads a page.
type Audience string

// The audiences; each reads what those before it read.
const (
	Everybody Audience = ""
	Partners  Audience = "PARTNER"  // and the reseller's people
	Operators Audience = "OPERATOR" // the reseller's people
)

// Reads reports whether a reader of this audience reads a page for that one.
func (a Audience) Reads(page Audience) bool {
	return page == Everybody || page == a || a == Operators
}

// What stands for a template in pages about what has none.
const (
	AccountRequests = "account-request" // requests for new accounts
	Terminations    = "termination"     // orders that end an agreement
)

// Page is a page and where its link is shown.
type Page struct {
	Key         string     `json:"key"`
	ProductID   string     `json:"product_id,omitempty"`
	TemplateKey string     `json:"template_key,omitempty"` // limits it to this one; empty: any
	StepKey     string     `json:"step_key,omitempty"`
	MailKeys    []string   `json:"mail_keys,omitempty"` // templates of mails
	Audience    Audience   `json:"audience,omitempty"`
	Texts       []Text     `json:"texts"`
	From        time.Time  `json:"from,omitzero"`  // zero: always was
	Until       time.Time  `json:"until,omitzero"` // zero: no end
	Reason      string     `json:"reason"`         // why it was set
	SetBy       call.Actor `json:"set_by"`
}

// Text is a page in one language.
type Text struct {
	Language string `json:"language"` // BCP 47
	Title    string `json:"title"`
	URI      string `json:"uri"`
}

// Place is where links are asked for. A mail has its own alone.
type Place struct{ ProductID, TemplateKey, StepKey, MailKey string }

// Link is what a reader gets.
type Link struct {
	Text
	Key         string
	TemplateKey string
}

// Links are those that are shown at a place now, by key; languages is what the reader prefers, as an Accept-Language header.
func Links(pages []*Page, at Place, reader Audience, languages string, now time.Time) []Link {
	var all []Link
	for _, p := range pages {
		if p.stands(at) && reader.Reads(p.Audience) && p.shown(now) {
			all = append(all, Link{Text: p.in(languages), Key: p.Key, TemplateKey: p.TemplateKey})
		}
	}
	slices.SortFunc(all, func(a, b Link) int { return cmp.Compare(a.Key, b.Key) })
	return all
}

// shown reports whether the page is shown at an instant.
func (p *Page) shown(now time.Time) bool {
	return !now.Before(p.From) && (p.Until.IsZero() || now.Before(p.Until))
}

// stands reports whether the page belongs to a place.
func (p *Page) stands(at Place) bool {
	limited := p.TemplateKey == "" || p.TemplateKey == at.TemplateKey
	switch {
	case at.MailKey != "":
		return slices.Contains(p.MailKeys, at.MailKey)
	case p.StepKey != "" || at.StepKey != "":
		return p.StepKey == at.StepKey && limited
	case p.ProductID != "":
		return p.ProductID == at.ProductID && (limited || at.TemplateKey == "") // a wizard shows what each option leads to
	}
	return p.TemplateKey != "" && limited
}

// in is the page in the reader's language, else in English, else in the first.
func (p *Page) in(languages string) Text {
	texts := slices.Clone(p.Texts)
	slices.SortStableFunc(texts, func(a, b Text) int { return cmp.Compare(foreign(a), foreign(b)) })
	tags := make([]language.Tag, len(texts))
	for i, t := range texts {
		tags[i] = language.Make(t.Language)
	}
	wanted, _, err := language.ParseAcceptLanguage(languages)
	if err != nil || len(wanted) == 0 {
		return texts[0]
	}
	_, found, _ := language.NewMatcher(tags).Match(wanted...)
	return texts[found]
}

// foreign orders English before the others.
func foreign(t Text) int {
	if base, _ := language.Make(t.Language).Base(); base.String() == "en" {
		return 0
	}
	return 1
}
