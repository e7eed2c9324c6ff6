// Package text is what a person is to read, as a code with parameters: the words stand in the files of the service that
// says it, and are chosen at the edge in the reader's language. A decision names a text and never compares a sentence.
//
// It owns the shape and no words (pkg/text/catalog has those), and imports the standard library only, so that a domain
// package may use it and a document may keep it.
package text

import "maps"

// Text names what a person is to read. The zero Text says nothing.
type Text struct {
	Key    string            `json:"key"`              // of the message: "case.opened"
	Params map[string]string `json:"params,omitempty"` // what its words are completed with; instants and dates in RFC 3339, months as 2026-03
}

// New returns the text of a message. Parameters come as pairs of name and value.
func New(key string, pairs ...string) Text { return Text{Key: key}.With(pairs...) }

// With returns the text with more parameters. The text itself stays as it is.
func (t Text) With(pairs ...string) Text {
	t.Params = maps.Clone(t.Params)
	for i := 0; i+1 < len(pairs); i += 2 {
		if t.Params == nil {
			t.Params = map[string]string{}
		}
		t.Params[pairs[i]] = pairs[i+1]
	}
	return t
}

// IsZero reports whether the text says nothing. It is also what omitzero asks.
func (t Text) IsZero() bool { return t.Key == "" }

// Equal reports whether two texts say the same.
func (t Text) Equal(other Text) bool { return t.Key == other.Key && maps.Equal(t.Params, other.Params) }

// Words render texts in one language.
type Words interface {
	// Say returns the words of a text; nothing for the zero Text, and the key where no words are known.
	Say(t Text) string
	// Instruct returns what is to be done and where: the messages <key>.what and <key>.where.
	Instruct(t Text) (what, where string)
	// Knows reports whether there are words for a key.
	Knows(key string) bool
}

const keySaid = "said"

// Said is what another service has told us to show, in the words in which it said it.
func Said(what, where string) Text { return New(keySaid, "what", what, "where", where) }

// Literal returns the words of a text that carries them itself, and whether it does.
func (t Text) Literal() (what, where string, ok bool) {
	return t.Params["what"], t.Params["where"], t.Key == keySaid
}

// Bare are the words of nobody: a text that carries its words is said, of any other the key.
type Bare struct{}

// Say implements Words.
func (Bare) Say(t Text) string {
	if what, _, ok := t.Literal(); ok {
		return what
	}
	return t.Key
}

// Instruct implements Words.
func (Bare) Instruct(t Text) (what, where string) {
	if what, where, ok := t.Literal(); ok || t.IsZero() {
		return what, where
	}
	return t.Key + ".what", t.Key + ".where"
}

// Knows implements Words.
func (Bare) Knows(string) bool { return false }
