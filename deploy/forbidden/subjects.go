// Package forbidden says what no service may do on NATS. A test tries it on the server that ships, and an attack on a running
// deployment.
//
// It is written by hand, and not derived from the rights that services have: those are what is tried.
package forbidden

import (
	"errors"
	"fmt"
	"strings"

	"github.com/nats-io/nats.go"
)

// Subject is one on which a user of NATS tries to publish, or which it tries to hear.
type Subject struct {
	Name string
	Hear bool
}

// Refused reports whether the server said no. It says so before it answers the flush.
func (s Subject) Refused(conn *nats.Conn) (bool, error) {
	if s.Hear {
		sub, err := conn.SubscribeSync(s.Name)
		if err != nil {
			return false, err
		}
		defer func() { _ = sub.Unsubscribe() }() // the server may have ended it
	} else if err := conn.Publish(s.Name, nil); err != nil {
		return false, err
	}
	if err := conn.Flush(); err != nil {
		return false, err
	}
	err := conn.LastError()
	return errors.Is(err, nats.ErrPermissionViolation) && strings.Contains(err.Error(), `"`+s.Name+`"`), nil
}

// Subjects are those that no service needs, and those of the other users.
func Subjects(me string, users []string) []Subject {
	all := alone(me)
	for _, other := range users {
		if other != me {
			all = append(all, ofAnother(me, other)...)
		}
	}
	return all
}

// ofAnother is what a service may not do to another one.
func ofAnother(me, other string) (all []Subject) {
	stream := "HANDOVER_" + strings.ToUpper(other)
	for _, prefix := range []string{"$JS.API.", "JS." + other + ".API."} {
		for _, verb := range []string{
			"STREAM.CREATE.%s", "STREAM.UPDATE.%s", "STREAM.DELETE.%s", "STREAM.PURGE.%s", "STREAM.SNAPSHOT.%s", "STREAM.MSG.DELETE.%s",
			"STREAM.MSG.GET.%s", "DIRECT.GET.%s", "CONSUMER.CREATE.%s.thief", "CONSUMER.DURABLE.CREATE.%s.thief",
			"CONSUMER.CREATE.%s.thief.handover.>",
			"CONSUMER.DELETE.%s.thief", "CONSUMER.MSG.NEXT.%s.thief", "CONSUMER.LIST.%s", "CONSUMER.PAUSE.%s.thief",
		} {
			all = append(all, Subject{Name: prefix + fmt.Sprintf(verb, stream)})
		}
	}
	for _, subject := range []string{
		"handover." + other + ".v1.order.ord_1.completed", "handover._ping." + other, "$JS.ACK." + stream + ".thief.1.1.1.1.1",
		"handover.kit.v1.instance." + other + ".ins_1",
	} {
		all = append(all, Subject{Name: subject})
	}
	if me != "sandbox" {
		all = append(all, Subject{Name: "handover.kit.v1.status." + other + ".ins_1"})
	}
	return append(all, Subject{"handover." + other + ".v1.>", true}, Subject{"handover._ping." + other, true},
		Subject{"handover.kit.v1.status." + other + ".*", true})
}

// alone is what a service may not do, whomever it is about.
func alone(me string) []Subject {
	own := "HANDOVER_" + strings.ToUpper(me)
	all := []Subject{{">", true}, {"*.>", true}, {"handover.>", true}, {"$JS.>", true}, {"$SYS.>", true}, {"$JS.EVENT.ADVISORY.>", true}}
	for _, subject := range []string{
		"STREAM.CREATE." + own, "STREAM.UPDATE." + own, "STREAM.DELETE." + own, "STREAM.PURGE." + own, "STREAM.MSG.DELETE." + own,
		"CONSUMER.CREATE." + own + ".thief", "STREAM.LIST", "STREAM.NAMES", "INFO", "STREAM.DELETE.HANDOVER_CLOCK", "STREAM.PURGE.HANDOVER_CLOCK",
		"STREAM.CREATE.ANOTHER",
	} {
		all = append(all, Subject{Name: "$JS.API." + subject})
	}
	if me != "sandbox" {
		all = append(all, Subject{Name: "handover.clock.v1.set"}, Subject{Name: "JS.sandbox.API.STREAM.UPDATE.HANDOVER_CLOCK"})
	}
	return all
}
