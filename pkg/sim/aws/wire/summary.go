package wire

import (
	"encoding/json"
	"reflect"
)

// Summary is an SDK input as one line of JSON of at most max bytes, for people to read.
func Summary(in any, max int) string {
	doc, err := json.Marshal(Style{}.toJSON(reflect.ValueOf(in)))
	if err != nil {
		return err.Error()
	}
	if len(doc) > max {
		return string(doc[:max]) + "…"
	}
	return string(doc)
}
