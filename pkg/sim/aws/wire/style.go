package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/aws/smithy-go"
)

// Style is how a service spells its JSON. The zero value is what most services do: members begin with a capital as
// their Go fields do, times are epoch seconds.
type Style struct {
	Camel bool // members begin with a small letter
	ISO   bool // times are strings: "2026-11-30T23:59:59.999Z"
	// Unions are pointers to the members of unions that inputs hold; to write one, nothing needs to be known.
	Unions []any
}

const isoTime = "2006-01-02T15:04:05.000Z"

func (s Style) name(field string) string {
	if !s.Camel {
		return field
	}
	return strings.ToLower(field[:1]) + field[1:]
}

func (s Style) formatTime(t time.Time) any {
	if s.ISO {
		return t.UTC().Format(isoTime)
	}
	return json.Number(epoch(t))
}

func (s Style) parseTime(from any) (time.Time, error) {
	switch value := from.(type) {
	case json.Number:
		if !s.ISO {
			return parseEpoch(value.String())
		}
	case string:
		if s.ISO {
			t, err := time.Parse(time.RFC3339Nano, value)
			return t.UTC(), err
		}
	}
	return time.Time{}, fmt.Errorf("%v is not a time", from)
}

// failure is an exception as a JSON object. A code that the service does not model has only a message.
func (s Style) failure(err smithy.APIError) map[string]any {
	if _, generic := err.(*smithy.GenericAPIError); generic {
		return map[string]any{s.name("Message"): err.ErrorMessage()}
	}
	return s.toJSON(reflect.ValueOf(err)).(map[string]any)
}

// decode fills a pointer to a struct from a JSON body; an empty body is an empty struct.
func (s Style) decode(body []byte, in any) error {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var from any
	if err := d.Decode(&from); err != nil {
		return fmt.Errorf("the body is not JSON: %w", err)
	}
	return s.fromJSON(reflect.ValueOf(in).Elem(), from, "$")
}
