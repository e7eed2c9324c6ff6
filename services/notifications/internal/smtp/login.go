package smtp

import (
	"errors"
	"slices"

	gosmtp "github.com/wneessen/go-mail/smtp"
)

// login shows a name and a password in the way that the server offers: some know PLAIN alone, others LOGIN alone. One is for
// one connection.
type login struct {
	user, password, host string
	clear                bool // also without encryption

	chosen gosmtp.Auth
}

var errNoLogin = errors.New("the server offers no way to log in with a name and a password")

// Start implements the library's Auth.
func (l *login) Start(server *gosmtp.ServerInfo) (method string, first []byte, err error) {
	switch {
	case slices.Contains(server.Auth, "PLAIN"):
		l.chosen = gosmtp.PlainAuth("", l.user, l.password, l.host, l.clear)
	case slices.Contains(server.Auth, "LOGIN"):
		l.chosen = gosmtp.LoginAuth(l.user, l.password, l.host, l.clear)
	default:
		return "", nil, errNoLogin
	}
	return l.chosen.Start(server)
}

// Next implements the library's Auth.
func (l *login) Next(asked []byte, more bool) ([]byte, error) { return l.chosen.Next(asked, more) }
