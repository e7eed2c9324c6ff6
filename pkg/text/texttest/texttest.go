// Package texttest holds what a service's source says against its words: every key has a message, and every parameter
// that the words need is given.
//
// It reads source text and the files of texts alone; it runs nothing of the service. What the source computes is held
// by kittest, which fails a test whose process could not say a text.
package texttest

import (
	"io/fs"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/language"
	"google.golang.org/protobuf/reflect/protoreflect"

	"example.com/handover/pkg/text"
	"example.com/handover/pkg/text/catalog"
	"example.com/handover/pkg/wire"
)

// Book is a service's source and its words.
type Book struct {
	words  *catalog.Catalogue
	source source
	given  []string
}

// Read reads the texts of a service and the Go files of folders, but for tests. Given are parameters that the service
// completes every text with.
func Read(t testing.TB, texts fs.FS, folders []string, given ...string) *Book {
	t.Helper()
	words, err := catalog.Load(texts, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return &Book{words: words, source: read(t, folders), given: given}
}

// Texts fails for each text.New whose message is missing, or needs a parameter that is not given. An instruction has
// the messages <key>.what and <key>.where, a text with a title <key>.title and <key>.body.
func (b *Book) Texts(t testing.TB) {
	t.Helper()
	for _, s := range b.source.texts {
		for _, key := range b.messages(s.key) {
			b.hold(t, s, key)
		}
	}
}

// Computed fails for each key without a message: for those that the source makes of a value. A key that ends in ".*" is an
// instruction's.
func (b *Book) Computed(t testing.TB, keys ...string) {
	t.Helper()
	for _, key := range keys {
		forms := []string{key}
		if instruction, is := strings.CutSuffix(key, ".*"); is {
			forms = []string{instruction + ".what", instruction + ".where"}
		}
		for _, form := range forms {
			if _, known := b.words.Needs(form); !known {
				t.Errorf("no words for %s", form)
			}
		}
	}
}

// German fails for each message below the prefixes without German words: what people read in a list of what they are to do. A place that
// is calls of the API and nothing else is the same in both languages.
func (b *Book) German(t testing.TB, prefixes ...string) {
	t.Helper()
	for _, key := range b.words.Missing(language.German) {
		listed := slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(key, prefix+".") })
		if listed && (!strings.HasSuffix(key, ".where") || b.wordy(key)) {
			t.Errorf("no German words for %s", key)
		}
	}
}

// wordy reports whether a place has words beside the names of calls and fields.
func (b *Book) wordy(key string) bool {
	needs, _ := b.words.Needs(key)
	place := text.New(key)
	for _, name := range needs {
		place = place.With(name, name)
	}
	parts := strings.FieldsFunc(b.words.In("en").Say(place), func(r rune) bool { return r == ',' || r == ';' })
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(strings.TrimSpace(part), " ") })
}

func (b *Book) messages(key string) []string {
	for _, form := range [][]string{{key}, {key + ".title", key + ".body"}} {
		if _, known := b.words.Needs(form[0]); known {
			return form
		}
	}
	return []string{key + ".what", key + ".where"}
}

// Facts fails for each fact of the enum without a sentence <noun>.<fact>, and for each place in the folder that tells
// such a fact without what its sentence needs.
func Facts[E protoreflect.Enum](t testing.TB, b *Book, noun, folder string) {
	t.Helper()
	enum := *new(E)
	for i := range enum.Descriptor().Values().Len() {
		fact := strings.ToLower(wire.Name(enum.Type().New(enum.Descriptor().Values().Get(i).Number())))
		if fact == "" {
			continue
		}
		if _, known := b.words.Needs(noun + "." + fact); !known {
			t.Errorf("no words for %s.%s", noun, fact)
		}
		for _, s := range b.source.facts {
			if s.key == fact && s.folder == folder {
				b.hold(t, s, noun+"."+fact)
			}
		}
	}
}

func (b *Book) hold(t testing.TB, s said, key string) {
	t.Helper()
	needs, known := b.words.Needs(key)
	if !known {
		t.Errorf("%s: no words for %s", s.at, key)
		return
	}
	for _, name := range needs {
		if !s.open && !slices.Contains(s.names, name) && !slices.Contains(b.given, name) {
			t.Errorf("%s: %s needs %s, which is not given", s.at, key, name)
		}
	}
}

// Enum fails for each value of an enum without the words <prefix>.<VALUE>, by which a sentence names it.
func Enum[E protoreflect.Enum](t testing.TB, b *Book, prefix string) {
	t.Helper()
	enum := *new(E)
	for i := range enum.Descriptor().Values().Len() {
		value := wire.Name(enum.Type().New(enum.Descriptor().Values().Get(i).Number()))
		if _, known := b.words.Needs(prefix + "." + value); !known && value != "" {
			t.Errorf("no words for %s.%s", prefix, value)
		}
	}
}
