package event

import (
	"slices"
	"strings"
)

// Role is what a service does on the bus.
type Role struct {
	Service  string
	Produces bool           // it has a stream
	Consumes []Subscription // Handle is not looked at

	Publish, Subscribe []string // further subjects of its own account
}

// Grant opens a subject of one service's account to another service.
type Grant struct {
	Owner, To string
	Subject   string
	Heard     bool // what is published there is heard; otherwise a question may be asked there
	Many      bool // the answer has several messages
}

// Account is a service's own part of NATS: its stream, its subjects and its user. Nothing in it is within reach of another
// one but what was granted.
//
// Users with permissions in one account would not do: the server answers a request wherever its reply subject says,
// which nobody checks, so whoever may ask for a message may have any stream of the account deleted.
type Account struct {
	Name  string
	Users []User

	grants, granted []Grant // to others, by others
}

// User is one who may connect, and the subjects of its account that are open to it. What is not listed is refused.
type User struct {
	Name      string
	Keys      []string // public NKEYs; two while one replaces the other
	Publish   []string
	Subscribe []string
	Answers   bool // it may answer, once, a request that it was sent
}

// SetUpUser is the user, and the account, that makes streams and consumers. Whoever makes one is an administrator of its
// account: a consumer can deliver to any subject, a stream can copy and publish anything. So no service does.
const SetUpUser = "setup"

// Accounts derives from what the services do who may do what, and no more: a service publishes its own events, wakes its
// own replicas and reads its own stream; it takes and acknowledges the messages of its own consumers, and counts what
// they still have to do.
func Accounts(roles []Role, more ...Grant) []Account {
	roles = complete(roles)
	grants := append(grantsOf(roles), more...)
	accounts := make([]Account, 0, len(roles)+1)
	for _, r := range append(roles, Role{Service: SetUpUser}) {
		a := Account{Name: r.Service}
		u := User{Name: r.Service, Publish: r.Publish, Subscribe: append([]string{"_INBOX.>"}, r.Subscribe...), Answers: true}
		if r.Produces {
			stream, own := streamName(r.Service), []string{streamSubjects(r.Service), pingSubject(r.Service)}
			u.Publish = append(slices.Concat(own, u.Publish), api("STREAM.INFO", stream), api("DIRECT.GET", stream), api("DIRECT.GET", stream, ">"))
			u.Subscribe = append(u.Subscribe, own...)
		}
		for _, g := range grants {
			switch {
			case g.Owner == r.Service && g.To == r.Service:
				u.Publish = append(u.Publish, g.Subject)
			case g.Owner == r.Service:
				a.grants = append(a.grants, g)
			case g.To == r.Service && g.Heard:
				a.granted, u.Subscribe = append(a.granted, g), append(u.Subscribe, g.Subject)
			case g.To == r.Service:
				a.granted, u.Publish = append(a.granted, g), append(u.Publish, g.local())
			}
		}
		a.Users = []User{u}
		accounts = append(accounts, a)
	}
	return accounts
}

// complete has every service produce whose events somebody waits for, also one that is not among the roles.
func complete(roles []Role) []Role {
	roles = slices.Clone(roles)
	for _, r := range roles {
		for _, s := range r.Consumes {
			i := slices.IndexFunc(roles, func(r Role) bool { return r.Service == s.Service })
			if i < 0 {
				roles = append(roles, Role{Service: s.Service, Produces: true})
			} else {
				roles[i].Produces = true
			}
		}
	}
	return roles
}

func grantsOf(roles []Role) (all []Grant) {
	for _, r := range roles {
		if r.Produces {
			for _, subject := range Administration(streamName(r.Service)) {
				all = append(all, Grant{Owner: r.Service, To: SetUpUser, Subject: subject})
			}
		}
		for _, s := range r.Consumes {
			stream, nouns := streamName(s.Service), nounSubjects(s.Service, s.Noun)
			all = append(all,
				Grant{Owner: s.Service, To: SetUpUser, Subject: api("CONSUMER.CREATE", stream, s.Consumer, nouns)},
				Grant{Owner: s.Service, To: r.Service, Subject: api("CONSUMER.INFO", stream, s.Consumer)},
				Grant{Owner: s.Service, To: r.Service, Subject: api("CONSUMER.MSG.NEXT", stream, s.Consumer), Many: true},
				Grant{Owner: s.Service, To: r.Service, Subject: "$JS.ACK." + stream + "." + s.Consumer + ".>"})
			if newest := (Grant{Owner: s.Service, To: r.Service, Subject: LastOf(stream, nouns)}); !slices.Contains(all, newest) {
				all = append(all, newest) // once, also where a service has two consumers of a noun
			}
		}
	}
	return all
}

const apiPrefix = "$JS.API."

func api(verb string, of ...string) string { return apiPrefix + verb + "." + strings.Join(of, ".") }

// local is the subject in the account to which it was granted. The administration of each account's streams has a name of
// its own there, for every account has one.
func (g Grant) local() string {
	if verb, ok := strings.CutPrefix(g.Subject, apiPrefix); ok {
		return apiOf(g.Owner) + "." + verb
	}
	return g.Subject
}

// apiOf is where another service's streams are asked for.
func apiOf(service string) string { return "JS." + token(service) + ".API" }

// LastOf is the subject on which the newest message of a stream on a subject is read.
func LastOf(stream, subject string) string { return api("DIRECT.GET", stream, subject) }

// Administration are the subjects on which a stream is made, changed and looked at.
func Administration(stream string) []string {
	return []string{api("STREAM.INFO", stream), api("STREAM.CREATE", stream), api("STREAM.UPDATE", stream)}
}
