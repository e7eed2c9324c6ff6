package servicenow

import (
	"encoding/json"
	"net/http"
	"strings"

	"example.com/handover/pkg/intent"
)

// envelope is what the Table API puts around everything. An instance that gives up in the middle, such as for a query that
// takes too long, has sent its status 200 by then: only the error beside the result, or the missing result, says so.
type envelope struct {
	Result json.RawMessage `json:"result"`
	Error  json.RawMessage `json:"error"`
	Status string          `json:"status"`
}

// into decodes the result of an answer with a good status. One that tells of an error, or has no result, proves nothing: not
// that a record is there, and least of all that none is.
func (e envelope) into(result any) error {
	failed := given(e.Error) || e.Status == "failure"
	if failed || !given(e.Result) {
		return &Error{Class: intent.Unanswered, Status: http.StatusOK, Message: e.message()}
	}
	if err := json.Unmarshal(e.Result, result); err != nil {
		return unreadable(http.StatusOK, err)
	}
	return nil
}

func given(member json.RawMessage) bool { return len(member) > 0 && string(member) != "null" }

// message is ServiceNow's own words.
func (e envelope) message() string {
	var words struct{ Message, Detail string }
	if !given(e.Error) {
		return "the answer has no result"
	}
	if json.Unmarshal(e.Error, &words) != nil {
		return strings.Trim(string(e.Error), `"`) // one word in place of the two members
	}
	return strings.TrimSpace(strings.TrimSuffix(words.Message+": "+words.Detail, ": "))
}

// message is ServiceNow's own words for a refusal; empty for a page of HTML.
func message(data []byte) string {
	var answer envelope
	if json.Unmarshal(data, &answer) != nil || !given(answer.Error) {
		return ""
	}
	return answer.message()
}
