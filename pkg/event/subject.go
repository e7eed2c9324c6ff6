package event

import "strings"

// streamName is the stream of one producing service: "HANDOVER_ORDERS".
func streamName(service string) string { return "HANDOVER_" + strings.ToUpper(token(service)) }

// streamSubjects is everything a service publishes.
func streamSubjects(service string) string { return "handover." + token(service) + ".v1.>" }

// nounSubjects is every event of one kind of aggregate.
func nounSubjects(service, noun string) string {
	return "handover." + token(service) + ".v1." + token(noun) + ".>"
}

// aggregateSubjects is every event of one aggregate.
func aggregateSubjects(service, noun, id string) string {
	return "handover." + token(service) + ".v1." + token(noun) + "." + token(id) + ".>"
}

// eventSubject is where one revision is published; name is that of its last fact.
func eventSubject(service, noun, id, name string) string {
	return "handover." + token(service) + ".v1." + token(noun) + "." + token(id) + "." + token(name)
}

// pingSubject tells the relay of a service that one of its replicas has committed events. It is core NATS, outside
// every stream.
func pingSubject(service string) string { return "handover._ping." + token(service) }

// idToken is where an aggregate's id stands in its subjects.
const idToken = 4

// token makes s fit between two dots of a subject. It is total, so that an odd id can never stop the relay; the exact
// values travel in the headers.
func token(s string) string {
	if s == "" {
		return "_"
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		}
		return '_'
	}, s)
}
