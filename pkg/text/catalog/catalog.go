// Package catalog holds the words of a service: one file of messages per language, texts/<language>.yaml, read strictly
// at start and rendered for a reader.
//
// It owns how words are found and completed, and the words that every service needs (the calendar). It owns no
// service's words, and no decision may depend on it: pure code names a text.Text.
package catalog

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language"

	"example.com/handover/pkg/text"
)

// Folder is where a service's files are.
const Folder = "texts"

//go:embed texts
var shared embed.FS

// Catalogue is the words of one service in every language that it has.
type Catalogue struct {
	tongues []*tongue // English first
	log     *slog.Logger
	told    sync.Map // gaps that were logged
}

// Load reads the files of a service; nil: it has none. It refuses a file that cannot be read, a message that cannot be
// parsed or is there twice, and a translation of what English does not have or does not give.
func Load(files fs.FS, log *slog.Logger) (*Catalogue, error) {
	c := &Catalogue{log: log}
	sources := []fs.FS{shared}
	if files != nil {
		sources = append(sources, files)
	}
	for _, source := range sources {
		if err := c.read(source); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(c.tongues, func(a, b *tongue) int { return rank(a) - rank(b) })
	if err := c.check(); err != nil {
		return nil, err
	}
	return c, nil
}

func rank(t *tongue) int {
	if t.tag == language.English {
		return 0
	}
	return 1
}

func (c *Catalogue) read(source fs.FS) error {
	names, err := fs.Glob(source, Folder+"/*")
	if err != nil {
		return fmt.Errorf("texts: %w", err)
	}
	for _, name := range names {
		tag, err := language.Parse(strings.TrimSuffix(path.Base(name), ".yaml"))
		if err != nil || path.Ext(name) != ".yaml" {
			return fmt.Errorf("%s: is named by no language", name)
		}
		content, err := fs.ReadFile(source, name)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := c.tongue(tag).add(content); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func (c *Catalogue) tongue(tag language.Tag) *tongue {
	for _, t := range c.tongues {
		if t.tag == tag {
			return t
		}
	}
	t := newTongue(c, tag)
	c.tongues = append(c.tongues, t)
	return t
}

// check holds every translation against English.
func (c *Catalogue) check() error {
	var found []error
	english := c.tongues[0]
	for _, t := range c.tongues[1:] {
		for key, m := range t.messages {
			original, known := english.messages[key]
			if !known {
				found = append(found, fmt.Errorf("%s: English has no message %s", t.tag, key))
				continue
			}
			for name := range m.names {
				if _, given := original.names[name]; !given {
					found = append(found, fmt.Errorf("%s: %s: English does not use %s", t.tag, key, name))
				}
			}
		}
	}
	return errors.Join(found...)
}

// In returns the words for a reader: the first language of an Accept-Language header that the service has, whatever the
// region; English where it has none. A library's matcher would prefer an exact match to the reader's order.
func (c *Catalogue) In(accepted string) text.Words {
	wanted, _, err := language.ParseAcceptLanguage(accepted)
	if err != nil {
		wanted = nil
	}
	for _, w := range wanted {
		base, _ := w.Base()
		for _, t := range c.tongues {
			if has, _ := t.tag.Base(); has == base {
				return t
			}
		}
	}
	return c.tongues[0]
}

// gap is told once: a person reads a key, and somebody must write the words.
func (c *Catalogue) gap(key, what string) {
	if _, told := c.told.LoadOrStore(key+" "+what, true); !told {
		c.log.Error(Gap, "key", key, "missing", what)
	}
}

// Gap is the log line of a text that could not be said.
const Gap = "a text is incomplete"
