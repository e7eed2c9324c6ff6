//go:build postgres

package main

import (
	"io"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgproto3"
)

// proxy stands between the suite and PostgreSQL and writes down what is executed, connection by connection.
type proxy struct {
	listener net.Listener
	server   string

	mu       sync.Mutex
	sessions [][]string // texts in order, with "begin" and "commit"
}

// newProxy returns a proxy and the URL that leads through it.
func newProxy(t *testing.T, serverURL string) (*proxy, string) {
	t.Helper()
	u, err := url.Parse(serverURL)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	p := &proxy{listener: l, server: u.Host}
	go p.serve()
	u.Host = l.Addr().String()
	return p, u.String()
}

func (p *proxy) serve() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		go p.relay(client)
	}
}

func (p *proxy) relay(client net.Conn) {
	defer func() { _ = client.Close() }()
	server, err := net.Dial("tcp", p.server)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	go func() { _, _ = io.Copy(client, server) }()
	p.mu.Lock()
	session := len(p.sessions)
	p.sessions = append(p.sessions, nil)
	p.mu.Unlock()
	// A message is written down before it is handed on: nobody has its answer while it is missing here.
	reader, onward := pgproto3.NewBackend(client, io.Discard), pgproto3.NewFrontend(server, server)
	startup, err := reader.ReceiveStartupMessage()
	if err != nil {
		return
	}
	prepared := map[string]string{}
	for message := startup; ; {
		switch m := message.(type) {
		case *pgproto3.Parse:
			prepared[m.Name] = m.Query
		case *pgproto3.Bind:
			p.note(session, prepared[m.PreparedStatement])
		case *pgproto3.Query:
			p.note(session, m.String)
		}
		onward.Send(message)
		if err := onward.Flush(); err != nil {
			return
		}
		if message, err = reader.Receive(); err != nil {
			return
		}
	}
}

func (p *proxy) note(session int, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sessions[session] = append(p.sessions[session], text)
}

// transactions returns what was executed in each transaction with a statement that begins so.
func (p *proxy) transactions(prefix string) [][]string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var found [][]string
	for _, session := range p.sessions {
		var open []string
		for _, text := range session {
			switch strings.ToLower(text) {
			case "begin":
				open = nil
			case "commit":
				if slices.ContainsFunc(open, func(text string) bool { return strings.HasPrefix(text, prefix) }) {
					found = append(found, open)
				}
				open = nil
			default:
				open = append(open, text)
			}
		}
	}
	return found
}
