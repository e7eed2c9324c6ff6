package channel

import (
	"encoding/json"
	"fmt"
)

// requestOf is what a call asks for, without the token that makes it the same call as another.
func requestOf[In any](in In, forget func(*In)) string {
	forget(&in)
	return fmt.Sprintf("%T %s", in, asJSON(in))
}

// listOf names a list: its caller, its operation and its filter.
func listOf[In any](caller string, in In, forget func(*In)) string {
	return caller + " " + requestOf(in, forget)
}

// asJSON writes what has come out of JSON, which cannot fail.
func asJSON(v any) string {
	doc, _ := json.Marshal(v)
	return string(doc)
}

// repeated refuses a client token that was used for another request.
func repeated(kind, id, before, now string) error {
	if before == now {
		return nil
	}
	return conflict(kind, id, "The client token was used for another request.")
}
