package invoicepdf

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"
)

// missing stands for what the face cannot draw: everybody sees that something is missing, and where.
const missing = unicode.ReplacementChar

// glyphs knows what the face can draw, in both of its weights.
type glyphs struct {
	font *sfnt.Font
	buf  sfnt.Buffer
}

func newGlyphs() (*glyphs, error) {
	font, err := sfnt.Parse(goregular.TTF)
	if err != nil {
		return nil, fmt.Errorf("read the type face: %w", err)
	}
	return &glyphs{font: font}, nil
}

func (g *glyphs) has(r rune) bool {
	at, err := g.font.GlyphIndex(&g.buf, r)
	return err == nil && at != 0
}

// drawn is a text of any script as the face can draw it: a letter that it lacks with its marks stands without them, every
// other character that it lacks is replaced, and what has no shape of its own is left out.
func (g *glyphs) drawn(text string) string {
	var out strings.Builder
	for _, r := range norm.NFC.String(text) {
		switch {
		case unicode.IsSpace(r):
			out.WriteRune(' ')
		case !unicode.IsPrint(r) && r != missing:
		case g.has(r):
			out.WriteRune(r)
		case !unicode.IsMark(r):
			out.WriteString(g.bare(r))
		}
	}
	return out.String()
}

// bare is a letter without the marks that the face lacks, or the sign that it is missing.
func (g *glyphs) bare(r rune) string {
	var letter strings.Builder
	for _, part := range norm.NFD.String(string(r)) {
		if g.has(part) && !unicode.IsMark(part) {
			letter.WriteRune(part)
		}
	}
	if letter.Len() == 0 {
		return string(missing)
	}
	return letter.String()
}
