package servicenow

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/intent"
)

// early is how long before its end a token is no longer used.
const early = time.Minute

// tokens keeps the OAuth token of the client. How long it is good is measured, whatever the clock says.
type tokens struct {
	machine clock.Machine

	mu   sync.Mutex
	text string
	age  func() time.Duration
	life time.Duration
}

// grant is the answer of the instance's token endpoint.
type grant struct {
	AccessToken string `json:"access_token"`
	ExpiresIn   int    `json:"expires_in"` // seconds
}

func (t *tokens) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = ""
}

// authorization says how a request shows who calls.
func (c *Client) authorization(ctx context.Context) (func(*http.Request), error) {
	if c.config.ClientID == "" {
		return func(r *http.Request) { r.SetBasicAuth(c.config.User, c.config.Password()) }, nil
	}
	token, err := c.token(ctx)
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }, err
}

// token returns the token that is kept, or asks for one; others wait meanwhile.
func (c *Client) token(ctx context.Context) (string, error) {
	t := &c.tokens
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.text != "" && t.age() < t.life {
		return t.text, nil
	}
	age := t.machine.Stopwatch()
	var answer grant
	if err := c.askToken(ctx, &answer); err != nil {
		return "", err
	}
	life := time.Duration(answer.ExpiresIn) * time.Second
	t.text, t.age, t.life = answer.AccessToken, age, max(life-early, life/2)
	return t.text, nil
}

// askToken asks by the client's own credentials. Without a token the call itself was not made, whatever became of this.
func (c *Client) askToken(ctx context.Context, answer *grant) error {
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {c.config.ClientID}, "client_secret": {c.config.ClientSecret()}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.config.URL+"/oauth_token.do", strings.NewReader(form.Encode()))
	if err != nil {
		return &Error{Class: intent.Later, cause: err}
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	err = c.send(req, answer)
	if err == nil && answer.AccessToken == "" { // an error with a good status
		err = &Error{Class: intent.Denied, Status: http.StatusOK, Message: "the instance gave no token"}
	}
	if err == nil {
		return nil
	}
	e := Classify(err)
	switch e.Class {
	case intent.Refused:
		e.Class = intent.Denied
	case intent.Unanswered:
		e.Class = intent.Later
	default:
	}
	return &e
}
