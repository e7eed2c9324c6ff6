package mail

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

const (
	lineMax       = 1000 // bytes with CRLF: RFC 5322, 2.1.1
	recipientsMax = 100  // the least that RFC 5321, 4.5.3.1.8, allows
	idleMax       = 5 * time.Minute
)

// Serve takes mail in by SMTP on a listener until Close. It returns nil then, and the listener's error before.
func (b *Inbox) Serve(l net.Listener) error {
	stop := context.AfterFunc(b.closing, func() { _ = l.Close() }) // also one that came too late for the server
	defer stop()
	err := b.server.Serve(listener{l})
	if b.closing.Err() != nil {
		return nil
	}
	return err
}

func newServer(b *Inbox) *smtp.Server {
	s := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &session{inbox: b, conn: c}, nil
	}))
	s.Domain = "mail.sandbox.invalid"
	s.MaxRecipients, s.MaxMessageBytes, s.MaxLineLength = recipientsMax, b.options.SizeMax, lineMax
	s.AllowInsecureAuth = true // it listens on the loopback
	s.ReadTimeout, s.WriteTimeout = idleMax, idleMax
	s.ErrorLog = serverLog{b.options.Log}
	return s
}

// serverLog takes what the SMTP server has to say. A connection that broke is no problem here: callers are killed.
type serverLog struct{ log *slog.Logger }

func (l serverLog) Printf(format string, v ...any) {
	level := slog.LevelError
	if strings.HasPrefix(format, "error handling") {
		level = slog.LevelDebug
	}
	l.log.Log(context.Background(), level, "the SMTP server of the inbox has a problem", "problem", fmt.Sprintf(format, v...))
}

func (l serverLog) Println(v ...any) { l.Printf("%s", fmt.Sprint(v...)) }

// listener hands out lines.
type listener struct{ net.Listener }

func (l listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &line{Conn: c}, nil
}

// line is a connection that can tell when the next answer has left.
type line struct {
	net.Conn
	mu   sync.Mutex
	then func() // nil: nobody waits
}

func (l *line) afterAnswer(then func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.then = then
}

func (l *line) Write(p []byte) (int, error) {
	n, err := l.Conn.Write(p)
	l.mu.Lock()
	then := l.then
	l.then = nil
	l.mu.Unlock()
	if err == nil && then != nil {
		then()
	}
	return n, err
}
