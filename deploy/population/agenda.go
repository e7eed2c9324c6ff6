package main

import "time"

// agenda is what somebody knows of and will do, and when it looks again.
type agenda struct {
	since map[string]time.Time // since when it knows of each thing that it will do; a zero time: it has done it
	next  time.Time            // the earliest thing that it will do; zero: none
	news  bool                 // something has come up, or was done, since it last planned
	pause int                  // days until it looks again when nothing has
}

// laziest is after how many days everybody looks what has come up.
const laziest = 7

// meets reports whether a thing that has come up is done today, and remembers it. It is done once.
func (g *agenda) meets(key string, a answer, today time.Time) bool {
	if g.since == nil {
		g.since = map[string]time.Time{}
	}
	since, known := g.since[key]
	if !known {
		since, g.news = today, true
		g.since[key] = since
	}
	if since.IsZero() || a.days == never {
		return false
	}
	if due := since.AddDate(0, 0, a.days); today.Before(due) {
		if g.next.IsZero() || due.Before(g.next) {
			g.next = due
		}
		return false
	}
	g.since[key], g.news = time.Time{}, true
	return true
}

// done reports whether it has done a thing.
func (g *agenda) done(key string) bool {
	since, known := g.since[key]
	return known && since.IsZero()
}

// plan returns on which day it looks again: the longer nothing comes up, the later.
func (g *agenda) plan(today time.Time) time.Time {
	if g.pause = min(2*g.pause, laziest); g.news || g.pause == 0 {
		g.pause = 1
	}
	again := today.AddDate(0, 0, g.pause)
	if !g.next.IsZero() && g.next.Before(again) {
		again = g.next
	}
	g.next, g.news = time.Time{}, false
	return again
}
