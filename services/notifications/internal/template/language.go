package template

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// languages are those that every template is written in; the first is for everybody else.
var languages = [...]string{"en", "de"}

// spoken is the language of a mail for a reader of a BCP 47 tag: "de-CH" reads "de", and what nobody wrote reads "en".
func spoken(tag string) string {
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	if slices.Contains(languages[:], base) {
		return base
	}
	return languages[0]
}

// germanMonth is the name of a month, 1 to 12.
func germanMonth(m time.Month) string {
	return [...]string{
		"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember",
	}[m-1]
}

// date says a time or a date as people write it; what is neither stays as it is.
func date(language, text string) string {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		at = at.UTC()
		return day(language, at) + ", " + at.Format("15:04") + " UTC"
	}
	if at, err := time.Parse(time.DateOnly, text); err == nil {
		return day(language, at)
	}
	return text
}

// onDay says the day of a time.
func onDay(language, text string) string {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return day(language, at.UTC())
	}
	return date(language, text)
}

// lastDay says the last day before an end, which is the first instant that no longer counts.
func lastDay(language, text string) string {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return day(language, at.UTC().Add(-time.Nanosecond))
	}
	return date(language, text)
}

func day(language string, at time.Time) string {
	if language == "de" {
		return strconv.Itoa(at.Day()) + ". " + germanMonth(at.Month()) + " " + strconv.Itoa(at.Year())
	}
	return at.Format("2 January 2006")
}

// month says "2026-03" as people write it; what is no month stays as it is.
func month(language, text string) string {
	at, err := time.Parse("2006-01", text)
	switch {
	case err != nil:
		return text
	case language == "de":
		return germanMonth(at.Month()) + " " + strconv.Itoa(at.Year())
	default:
		return at.Format("January 2006")
	}
}
