// Package servicenow is Support's view of a ServiceNow instance: find, create, read and change the record of a case
// through the Table API, and read the journal of what was said in it.
//
// It owns how a case is spelled there and what an answer proves. It owns no decision: what a state means, and when to
// look, is package cases'.
package servicenow

import (
	"context"
	"net/http"
	"strings"
	"time"

	"example.com/handover/pkg/intent"
	"example.com/handover/services/support/internal/cases"
)

// Config says where the instance is and how it is entered.
type Config struct {
	URL             string        // "https://example.service-now.com"
	Table           string        // for new records: cases.TableCase or cases.TableIncident
	User            string        // the technical user; what it wrote in a journal was said by us
	Password        func() string // asked at each call, nil: empty; for basic authentication, when there is no client
	ClientID        string        // of OAuth client credentials that act as User; empty: basic authentication
	ClientSecret    func() string
	AssignmentGroup string        // sys_id of the group that gets new records; empty: the instance decides
	ResolutionCode  string        // the code with which records are resolved from here
	Timeout         time.Duration // of one call

	// Gate is asked before each call. Its error keeps the call from being made: a limit is used up.
	Gate func(context.Context) error
}

// Client calls the instance. It is safe for concurrent use. Its errors are *Error.
type Client struct {
	config Config
	http   *http.Client
	tokens tokens
	pause  pause
}

// New returns a client; it calls nobody yet.
func New(c Config) *Client {
	c.URL = strings.TrimSuffix(c.URL, "/")
	if c.Password == nil {
		c.Password = func() string { return "" }
	}
	return &Client{config: c, http: &http.Client{
		Timeout: c.Timeout,
		// An instance that hibernates or wants a login leads elsewhere: that is no answer.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Find returns the records that stand for a case, oldest first. A correlation id is not unique in ServiceNow.
func (c *Client) Find(ctx context.Context, caseID string) ([]cases.Seen, error) {
	var rows []row
	err := c.list(ctx, c.config.Table, query("correlation_id="+literal(caseID), "ORDERBYsys_created_on", "ORDERBYsys_id"), recordFields, &rows)
	if err != nil {
		return nil, err
	}
	var found []cases.Seen
	for _, r := range rows {
		if !strings.EqualFold(string(r.CorrelationID), caseID) {
			return nil, ignored(c.config.Table)
		}
		found = append(found, r.seen(c.config.Table))
	}
	return found, nil
}

// Create makes the record of a case, with these words. ServiceNow knows no idempotency token: after an Unanswered error,
// Find tells whether it was made.
func (c *Client) Create(ctx context.Context, k *cases.Case, title, description string) (cases.Seen, error) {
	fields := urgency(c.config.Table, k.Priority)
	fields["short_description"], fields["description"] = title, description
	fields["correlation_id"], fields["correlation_display"] = k.ID, k.Correlation
	if c.config.AssignmentGroup != "" {
		fields["assignment_group"] = c.config.AssignmentGroup
	}
	return c.write(ctx, http.MethodPost, cases.Ref{Table: c.config.Table}, fields)
}

// Read returns a record as it stands.
func (c *Client) Read(ctx context.Context, ref cases.Ref) (cases.Seen, error) {
	return c.write(ctx, http.MethodGet, ref, nil)
}

// Comment adds a comment that the customer can read. A repeated call adds a second one: after an Unanswered error, Said
// tells whether it was added, by a mark in its text.
func (c *Client) Comment(ctx context.Context, ref cases.Ref, text string) (cases.Seen, error) {
	return c.write(ctx, http.MethodPatch, ref, map[string]string{"comments": text})
}

// Resolve resolves a record. Doing it again changes nothing.
func (c *Client) Resolve(ctx context.Context, ref cases.Ref, notes string) (cases.Seen, error) {
	code := "resolution_code"
	if ref.Table == cases.TableIncident {
		code = "close_code"
	}
	return c.write(ctx, http.MethodPatch, ref, map[string]string{"state": "6", code: c.config.ResolutionCode, "close_notes": notes})
}

// Discard cancels a second record of a case, with a note for those who work on it. One that has ended is left as it is.
func (c *Client) Discard(ctx context.Context, second cases.Seen, note string) error {
	if second.Means().Ended() {
		return nil
	}
	state, err := c.cancelled(ctx, second.Table)
	if err != nil {
		return err
	}
	_, err = c.write(ctx, http.MethodPatch, second.Ref, map[string]string{"state": state, "work_notes": note})
	return err
}

// cancelled is the state of a record that is not wanted. Cases know it on customized instances only; elsewhere they are
// closed.
func (c *Client) cancelled(ctx context.Context, table string) (string, error) {
	if table == cases.TableIncident {
		return "8", nil
	}
	var choices []struct{ Name, Element, Value text }
	err := c.list(ctx, "sys_choice", query("name="+literal(table), "element=state", "value=7"), "name,element,value", &choices)
	if err != nil {
		return "", err
	}
	for _, found := range choices {
		if string(found.Name) == table && found.Element == "state" && found.Value == "7" {
			return "7", nil
		}
	}
	return "3", nil
}

// write sends a change of a record, or none, and returns the record after it.
func (c *Client) write(ctx context.Context, method string, ref cases.Ref, fields map[string]string) (cases.Seen, error) {
	var r row
	err := c.call(ctx, request{method: method, table: ref.Table, sysID: ref.SysID, params: shown(recordFields), fields: fields}, &r)
	if err != nil {
		return cases.Seen{}, err
	}
	if r.SysID == "" {
		return cases.Seen{}, &Error{Class: intent.Unanswered, Message: "the answer names no record"}
	}
	return r.seen(ref.Table), nil
}
