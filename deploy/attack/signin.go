package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"example.com/handover/deploy/cluster"
	"example.com/handover/pkg/event"
)

// signIn shows the good key of a user to the bus and returns the answer: PONG, if it is believed. It says what the library
// says, which by itself does not say it in plain text to a server that wants TLS. Without a configuration it is plain text.
func (t *target) signIn(ctx context.Context, user string, encrypted *tls.Config) (answer string, err error) {
	conn, err := raw(ctx, t.nats, waits)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close() }()
	from := bufio.NewReader(conn)
	greeting, err := from.ReadString('\n')
	if err != nil {
		return "", err
	}
	words, err := t.signed(user, greeting)
	if err != nil {
		return "", err
	}
	if encrypted != nil {
		conn = tls.Client(conn, encrypted)
		from.Reset(conn)
	}
	_, err = fmt.Fprintf(conn, "CONNECT %s\r\nPING\r\n", words)
	for err == nil {
		answer, err = from.ReadString('\n')
		if answer = strings.TrimSpace(answer); answer != "+OK" && !strings.HasPrefix(answer, "INFO ") {
			return answer, err
		}
	}
	return "", err
}

// signed is what a user says of itself to a server that greets it so.
func (t *target) signed(user, greeting string) ([]byte, error) {
	var info struct {
		Nonce string `json:"nonce"`
	}
	if err := json.Unmarshal([]byte(strings.TrimPrefix(greeting, "INFO ")), &info); err != nil {
		return nil, err
	}
	key, err := event.KeyFile(cluster.Key(t.secrets, user))()
	if err != nil {
		return nil, err
	}
	public, err := key.PublicKey()
	signature, errSign := key.Sign([]byte(info.Nonce))
	if err := errors.Join(err, errSign); err != nil {
		return nil, err
	}
	return json.Marshal(map[string]string{"nkey": public, "sig": base64.RawURLEncoding.EncodeToString(signature)})
}

// signedIn counts what came of a good key that was shown as it must not be.
func (o *outcome) signedIn(what, answer string, err error) {
	switch {
	case err != nil:
		o.ended("a good key: connection", err)
	case strings.HasPrefix(answer, "-ERR"):
		o.refused("a good key: " + answer)
	default:
		o.gotIn("%s: %s", what, answer)
	}
}
