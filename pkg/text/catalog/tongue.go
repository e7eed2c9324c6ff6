package catalog

import (
	"fmt"
	"maps"

	"github.com/goccy/go-yaml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"
	"golang.org/x/text/language"

	"example.com/handover/pkg/text"
)

// tongue is the messages of one language.
type tongue struct {
	of       *Catalogue
	tag      language.Tag
	bundle   *i18n.Bundle
	say      *i18n.Localizer
	parser   template.Parser
	messages map[string]message
}

// message is what is known of a message beside its words.
type message struct {
	names  map[string]bool // parameters that the words use; true: they need it
	plural bool
}

// count is the parameter that decides between one and many.
const count = "count"

func newTongue(of *Catalogue, tag language.Tag) *tongue {
	t := &tongue{of: of, tag: tag, bundle: i18n.NewBundle(tag), messages: map[string]message{}}
	t.say = i18n.NewLocalizer(t.bundle)
	t.parser = cached{&template.TextParser{Funcs: t.functions()}}
	return t
}

// cached says that a parsed message may be kept: its functions are those of its language.
type cached struct{ *template.TextParser }

// Cacheable implements template.Parser.
func (cached) Cacheable() bool { return true }

func (t *tongue) add(content []byte) error {
	read, err := i18n.ParseMessageBytes(content, func(data []byte, v any) error { return yaml.Unmarshal(data, v) })
	if err != nil {
		return err
	}
	for _, m := range read {
		if _, known := t.messages[m.ID]; known {
			return fmt.Errorf("%s is there twice", m.ID)
		}
		about, err := t.inspect(m)
		if err != nil {
			return fmt.Errorf("%s: %w", m.ID, err)
		}
		t.messages[m.ID] = about
	}
	return t.bundle.AddMessages(t.tag, read...)
}

// Knows implements text.Words.
func (t *tongue) Knows(key string) bool {
	_, known := t.of.tongues[0].messages[key]
	return known
}

// Say implements text.Words.
func (t *tongue) Say(said text.Text) string {
	if what, _, literal := said.Literal(); literal || said.IsZero() {
		return what
	}
	return t.render(said.Key, said.Params)
}

// Instruct implements text.Words.
func (t *tongue) Instruct(said text.Text) (what, where string) {
	if what, where, literal := said.Literal(); literal || said.IsZero() {
		return what, where
	}
	return t.render(said.Key+".what", said.Params), t.render(said.Key+".where", said.Params)
}

// render says a message in this language, else in English, else by its key: that something cannot be said well is no
// reason to refuse a call.
func (t *tongue) render(key string, params map[string]string) string {
	m, known := t.messages[key]
	english := t.of.tongues[0]
	if !known && t != english {
		return english.render(key, params)
	}
	if !known {
		t.of.gap(key, "message")
		return key
	}
	o := &i18n.LocalizeConfig{MessageID: key, TemplateData: t.complete(key, m, params), TemplateParser: t.parser}
	if m.plural {
		o.PluralCount = params[count]
	}
	words, err := t.say.Localize(o)
	if err != nil {
		t.of.gap(key, err.Error())
		return key
	}
	return words
}

// complete fills in what the words use and nobody gave.
func (t *tongue) complete(key string, m message, params map[string]string) map[string]string {
	data := maps.Clone(params)
	if data == nil {
		data = map[string]string{}
	}
	for name, needed := range m.names {
		if _, given := data[name]; given {
			continue
		}
		if needed {
			t.of.gap(key, name)
		}
		data[name] = ""
	}
	return data
}
