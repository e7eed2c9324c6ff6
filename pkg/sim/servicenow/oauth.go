package servicenow

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"example.com/handover/pkg/clock"
)

// OAuth is a client that may ask for tokens by its own credentials.
type OAuth struct {
	ClientID, ClientSecret string
	User                   string        // the application user that it acts as
	Lifetime               time.Duration // of a token, in machine time; zero: 30 minutes
}

// tokens are those that were given, by their text. They end with the process, like tokens that somebody has revoked.
type tokens struct {
	client OAuth

	mu    sync.Mutex
	given map[string]clock.Instant // when they expire
}

func newTokens(client OAuth) *tokens {
	if client.Lifetime == 0 {
		client.Lifetime = 30 * time.Minute
	}
	return &tokens{client: client, given: map[string]clock.Instant{}}
}

func (t *tokens) give(now clock.Instant) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	token := rand.Text()
	t.given[token] = now.Add(t.client.Lifetime)
	return token
}

func (t *tokens) user(token string, now clock.Instant) (user string, valid bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	expires, ok := t.given[token]
	return t.client.User, ok && now < expires
}

// RevokeTokens ends every token that was given, as an administrator can.
func (s *Simulator) RevokeTokens() {
	s.tokens.mu.Lock()
	defer s.tokens.mu.Unlock()
	clear(s.tokens.given)
}

// token answers the token endpoint. There is no refresh token for client credentials.
func (s *Simulator) token(req request) answer {
	if req.method != http.MethodPost {
		return refuse(http.StatusMethodNotAllowed, "Method not supported", "").answer()
	}
	form, err := url.ParseQuery(string(req.body))
	client := s.tokens.client
	switch {
	case err != nil || !strings.HasPrefix(req.header.Get("Content-Type"), "application/x-www-form-urlencoded"):
		return denied(http.StatusBadRequest, "invalid_request", "the body is not a form")
	case form.Get("grant_type") != "client_credentials":
		return denied(http.StatusBadRequest, "unsupported_grant_type", "grant type is not supported")
	case client.ClientID == "" || form.Get("client_id") != client.ClientID || !same(form.Get("client_secret"), client.ClientSecret):
		return denied(http.StatusUnauthorized, "server_error", "access_denied")
	}
	a := document(http.StatusOK, map[string]any{
		"access_token": s.tokens.give(s.machine.Now()), "scope": "useraccount", "token_type": "Bearer",
		"expires_in": int(client.Lifetime.Seconds()) - 1, // instances round down
	})
	a.header.Set("Cache-Control", "no-store")
	return a
}

func denied(status int, code, description string) answer {
	a := document(status, map[string]string{"error": code, "error_description": description})
	a.reason = code
	return a
}
