package mail

import (
	"bytes"
	"errors"
)

// checkForm holds what a strict server asks of the bytes of a mail: lines that end with CRLF, and nothing outside of
// ASCII but in a body that was announced as 8BITMIME.
func checkForm(raw []byte, announced8Bit bool) error {
	ends := bytes.Count(raw, []byte("\r\n"))
	switch {
	case bytes.Count(raw, []byte("\n")) != ends || bytes.Count(raw, []byte("\r")) != ends:
		return malformed(errors.New("bare CR or LF"), "lines must end with CR LF")
	case bytes.IndexByte(raw, 0) >= 0:
		return malformed(errors.New("NUL"), "it holds a NUL character")
	}
	head, body, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	switch {
	case !ascii(head):
		return malformed(errors.New("8-bit header"), "the header must be ASCII: encode its words")
	case !ascii(body) && !announced8Bit:
		return malformed(errors.New("8-bit body"), "the body is not ASCII, and was not announced with BODY=8BITMIME")
	}
	return nil
}

func ascii(data []byte) bool {
	return bytes.IndexFunc(data, func(r rune) bool { return r > 127 }) < 0
}
