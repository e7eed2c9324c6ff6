package mail

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/textproto"
	"path"
	"strings"
)

const partsDeep = 10 // how deep parts may lie in parts

// readPart reads a part and those in it: the text and HTML to show, and everything else as a file.
func (c *content) readPart(h textproto.MIMEHeader, body io.Reader, deep int) error {
	kind, params, err := contentType(h)
	if err != nil {
		return malformed(err, "the header Content-Type is wrong")
	}
	if strings.HasPrefix(kind, "multipart/") {
		return c.readParts(multipart.NewReader(body, params["boundary"]), deep)
	}
	body, err = decoder(h.Get("Content-Transfer-Encoding"), body)
	if err != nil {
		return malformed(err, "the header Content-Transfer-Encoding is wrong")
	}
	data, err := readAll(body)
	if err != nil {
		return err
	}
	name, attached := fileName(h, params)
	switch {
	case kind == "text/plain" && !attached:
		c.text = paragraph(c.text, characters(params["charset"], data))
	case kind == "text/html" && !attached:
		c.html = paragraph(c.html, characters(params["charset"], data))
	default:
		if name == "" {
			name = fmt.Sprintf("attachment-%d", len(c.files)+1)
		}
		c.files = append(c.files, file{Attachment{Name: name, ContentType: kind, Size: len(data)}, data})
	}
	return nil
}

func (c *content) readParts(parts *multipart.Reader, deep int) error {
	if deep == 0 {
		return malformed(nil, "its parts lie too deep")
	}
	for {
		p, err := parts.NextRawPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return malformed(err, "a part cannot be found")
		}
		if err := c.readPart(p.Header, p, deep-1); err != nil {
			return err
		}
	}
}

func contentType(h textproto.MIMEHeader) (kind string, params map[string]string, err error) {
	value := h.Get("Content-Type")
	if value == "" {
		return "text/plain", nil, nil
	}
	kind, params, err = mime.ParseMediaType(value)
	if err == nil && strings.HasPrefix(kind, "multipart/") && params["boundary"] == "" {
		err = errors.New("it has no boundary")
	}
	return kind, params, err
}

func decoder(encoding string, r io.Reader) (io.Reader, error) {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "", "7bit", "8bit", "binary":
		return r, nil
	case "quoted-printable":
		return quotedprintable.NewReader(r), nil
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, r), nil
	default:
		return nil, errors.New("there is no such encoding")
	}
}

// fileName returns the name that a part gives itself, and whether it is a file rather than something to read.
func fileName(h textproto.MIMEHeader, params map[string]string) (name string, attached bool) {
	disposition, extra, err := mime.ParseMediaType(h.Get("Content-Disposition"))
	if err == nil {
		name = words(extra["filename"])
	}
	if name == "" {
		name = words(params["name"])
	}
	attached = disposition == "attachment" || name != ""
	if name = path.Base(strings.ReplaceAll(name, `\`, "/")); name == "." || name == "/" {
		name = ""
	}
	return name, attached
}

// characters decodes text. Of a character set that it does not know, it shows what is ASCII.
func characters(charset string, data []byte) string {
	if strings.EqualFold(charset, "iso-8859-1") {
		runes := make([]rune, len(data))
		for i, b := range data {
			runes[i] = rune(b)
		}
		return string(runes)
	}
	return valid(string(data))
}

func paragraph(before, next string) string {
	next = strings.TrimRight(strings.ReplaceAll(next, "\r\n", "\n"), "\n")
	if before == "" {
		return next
	}
	return before + "\n\n" + next
}
