package evidence

import (
	"bytes"
	"path"
	"strings"
	"unicode"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/text"
)

// Media is the kind of a file, as its content says.
type Media string

// The kinds that prove something and that a browser shows without running anything.
const (
	PDF   Media = "application/pdf"
	PNG   Media = "image/png"
	JPEG  Media = "image/jpeg"
	Text  Media = "text/plain; charset=utf-8"
	Other Media = "" // what is not taken
)

// MediaOf tells the kind by the first bytes of a content.
func MediaOf(content []byte) Media {
	for media, magic := range map[Media]string{PDF: "%PDF-", PNG: "\x89PNG\r\n\x1a\n", JPEG: "\xff\xd8\xff"} {
		if bytes.HasPrefix(content, []byte(magic)) {
			return media
		}
	}
	if bytes.ContainsFunc(content, unprintable) {
		return Other
	}
	return Text
}

// unprintable reports whether a rune is none of a text that people write. What is no UTF-8 is taken for a text in another encoding.
func unprintable(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune("\t\n\r\f", r) }

// named is the kind that a name promises.
func named(name string) Media {
	switch strings.ToLower(path.Ext(name)) {
	case ".pdf":
		return PDF
	case ".png":
		return PNG
	case ".jpg", ".jpeg":
		return JPEG
	case ".txt", ".log", ".csv", ".eml":
		return Text
	}
	return Other
}

// longestName is how many bytes a name has at most, as a file system takes it.
const longestName = 200

func (f File) check(largest int64) error {
	remedy := errs.Remedy{Who: "CUSTOMER", Text: text.New("remedy.attachment")}
	switch {
	case f.Size <= 0:
		return errs.InvalidField("size", ReasonFieldRequired, "say how many bytes the file has")
	case f.Size > largest:
		return errs.InvalidField("size", ReasonTooLarge, "a file has at most %d bytes", largest).WithRemedy(remedy)
	case !plain(f.Name):
		return errs.InvalidField("file_name", ReasonNameInvalid, "the name is not one of a file alone").WithRemedy(remedy)
	case named(f.Name) == Other:
		return typeWrong(Other, f.Name)
	}
	return nil
}

// plain reports whether a name names a file and no place, and shows people what it is.
func plain(name string) bool {
	return name != "" && len(name) <= longestName && !strings.HasPrefix(name, ".") && !strings.ContainsAny(name, `/\:`) &&
		!strings.ContainsFunc(name, func(r rune) bool {
			return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar
		})
}

func typeWrong(found Media, name string) error {
	is := string(found)
	if found == Other {
		is = "of another kind"
	}
	return errs.InvalidField("file_name", ReasonTypeWrong,
		"a file is a PDF, a PNG, a JPEG or plain text, and its name says which; this one is %s, with the ending %q", is, path.Ext(name)).
		WithRemedy(errs.Remedy{Who: "CUSTOMER", Text: text.New("remedy.attachment")})
}
