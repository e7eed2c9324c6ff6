package main

import "time"

// agenda is since when somebody knows of each thing that it will do; a zero time: it has done it.
type agenda map[string]time.Time

// meets reports whether a thing that has come up is done today, and remembers it. It is done once.
func (g agenda) meets(key string, a answer, today time.Time) bool {
	since, known := g[key]
	if !known {
		since = today
		g[key] = since
	}
	if since.IsZero() || a.days == never || today.Before(since.AddDate(0, 0, a.days)) {
		return false
	}
	g[key] = time.Time{}
	return true
}

// done reports whether it has done a thing.
func (g agenda) done(key string) bool {
	since, known := g[key]
	return known && since.IsZero()
}
