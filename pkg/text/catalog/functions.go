package catalog

import (
	"errors"
	"maps"
	"strconv"
	"text/template"
	"time"
)

// deepest is how far messages may name each other.
const deepest = 4

var errTooDeep = errors.New("messages name each other without end")

// functions are what the words of a message may call:
//
//	{{date .start}}       1 March 2026, of an instant (UTC) or a date
//	{{time .until}}       1 March 2026, 10:30 UTC
//	{{month .month}}      March 2026, of 2026-03, a date or an instant
//	{{money .amount}}     of "12.5 CHF", with the currency's digits
//	{{text .step .}}      the words of the message that the parameter names, with the same parameters
//	{{word "party" .who}} the words of the message party.<value>; the value where there is none
func (t *tongue) functions() template.FuncMap {
	return template.FuncMap{
		"date":  func(value string) string { return t.dated("calendar.date", value) },
		"time":  func(value string) string { return t.dated("calendar.time", value) },
		"month": func(value string) string { return t.dated("calendar.month", value) },
		"money": t.money,
		"text":  t.nested,
		"word": func(prefix, value string) string {
			if key := prefix + "." + value; t.Knows(key) {
				return t.render(key, nil)
			}
			return value
		},
	}
}

func (t *tongue) dated(key, value string) string {
	at, ok := instant(value)
	if !ok {
		return value
	}
	return t.render(key, map[string]string{
		"day": strconv.Itoa(at.Day()), "month": t.render("calendar.months."+at.Format("01"), nil),
		"year": at.Format("2006"), "clock": at.Format("15:04"),
	})
}

func instant(value string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly, "2006-01"} {
		if at, err := time.Parse(layout, value); err == nil {
			return at.UTC(), true
		}
	}
	return time.Time{}, false
}

func (t *tongue) nested(key string, params map[string]string) (string, error) {
	const depth = "" // no parameter has this name
	if len(params[depth]) >= deepest {
		return "", errTooDeep
	}
	inner := maps.Clone(params)
	inner[depth] += "."
	return t.render(key, inner), nil
}
