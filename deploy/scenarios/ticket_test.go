package scenarios_test

import (
	"net/http"
	"testing"
)

// TestTicket is a customer's question, from the gateway to the agents in ServiceNow and back.
func TestTicket(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.newCustomer(t)
	var caseID string
	t.Run("GW-010 SUP-005 a customer submits a ticket, whatever its support option, and views it", func(t *testing.T) {
		caseID = c.submitsTicket(t)
	})
	t.Run("agents answer in ServiceNow, and the customer reads it", func(t *testing.T) { c.readsAnswer(t, caseID) })
	t.Run("nobody else sees it", func(t *testing.T) {
		stranger := w.newCustomer(t)
		if a := w.send(t, stranger.principal(), "GET", "/v1/cases/"+caseID, ""); a.status != http.StatusNotFound {
			t.Errorf("a stranger sees %d %v", a.status, a.body)
		}
	})
}

func (c customer) submitsTicket(t *testing.T) string {
	t.Helper()
	opened := c.w.must(t, c.principal(), "POST", "/v1/cases", `{"customerId": "`+c.id+`", "kind": "CASE_KIND_QUESTION",
		"title": "Which invoice has the marketplace purchase?", "description": "We look for it in March."}`)
	c.w.Settle(t)
	seen := c.w.must(t, c.principal(), "GET", "/v1/cases/"+opened.at("case", "caseId"), "")
	if seen.at("case", "record", "number") == "" || seen.at("case", "title") != "Which invoice has the marketplace purchase?" {
		t.Errorf("the customer sees %v", seen.body)
	}
	return opened.at("case", "caseId")
}

func (c customer) readsAnswer(t *testing.T, caseID string) {
	t.Helper()
	if err := c.w.agent(t).Comment(t.Context(), caseID, "On the one of April."); err != nil {
		t.Fatal(err)
	}
	c.w.Advance(t, c.w.Now(t).AddDate(0, 0, 1))
	comments, _ := c.w.must(t, c.principal(), "GET", "/v1/cases/"+caseID, "").body["case"].(map[string]any)["comments"].([]any)
	if len(comments) != 1 {
		t.Fatalf("the customer reads %v", comments)
	}
	if first, _ := comments[0].(map[string]any); first["text"] != "On the one of April." {
		t.Errorf("the customer reads %v", first)
	}
}
