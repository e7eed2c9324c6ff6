// Package mail is the post office of the sandbox: it takes mail in by SMTP as a strict server does, and from the
// simulators, shows it on a page and over HTTP, can be told to misbehave, and can be asked what it saw.
//
// It owns the outside world's side of e-mail: what has arrived, when in business time, and how often. It sends nothing
// on and knows nothing of what a mail means. Its file holds names, addresses and whole mails, because it stands for
// other people's mailboxes: it must be reachable by the sandbox alone, and erasure does not reach it.
package mail

import (
	"context"
	"log/slog"
	"time"

	"github.com/emersion/go-smtp"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/sim/credential"
	"example.com/handover/pkg/sim/fault"
)

// Options are what an inbox is made of.
type Options struct {
	Now      func() time.Time   // the business clock
	Journal  string             // the file that keeps the mail over a restart; empty: in memory only
	Log      *slog.Logger       // where failures of the inbox itself go; nil: slog.Default
	Max      int                // how many mails are kept, the newest; zero: 10,000
	Keep     time.Duration      // how long mails are kept, in business time; zero: 400 days
	CallsMax int                // how many calls the log keeps; zero: 2,000
	SizeMax  int64              // bytes of one mail; zero: 10 MiB
	User     string             // who may send, by AUTH PLAIN with Password; empty: anybody, and AUTH is not offered
	Password string             // of User
	Rules    map[string]Verdict // by the recipient's domain; nil: DefaultRules
}

func (o Options) withDefaults() Options {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Max == 0 {
		o.Max = 10_000
	}
	if o.Keep == 0 {
		o.Keep = 400 * 24 * time.Hour
	}
	if o.CallsMax == 0 {
		o.CallsMax = 2_000
	}
	if o.SizeMax == 0 {
		o.SizeMax = 10 << 20
	}
	if o.Rules == nil {
		o.Rules = DefaultRules()
	}
	return o
}

// Inbox is the mailbox of everybody in the sandbox. Its methods are safe for concurrent use.
type Inbox struct {
	options Options
	store   *store
	rules   *rules
	users   *credential.Set // passwords by user name; empty: anybody may send
	faults  *fault.Set
	calls   *fault.Log
	machine clock.Machine
	server  *smtp.Server

	closing context.Context // ends when Close is called
	close   context.CancelFunc
}

// New reads the journal and returns an inbox that is ready to serve. It returns an error for a journal that cannot be
// read, and errs.Invalid for a rule that makes no sense.
func New(o Options) (*Inbox, error) {
	o = o.withDefaults()
	rules, err := newRules(o.Rules)
	if err != nil {
		return nil, err
	}
	kept, err := openStore(o.Journal, o.Max, o.Keep)
	if err != nil {
		return nil, err
	}
	b := &Inbox{
		options: o, store: kept, rules: rules, users: credential.NewSet(nil),
		faults: fault.NewSet(func(name string) bool { return name == Service }),
		calls:  fault.NewLog(o.CallsMax, o.Now),
	}
	if o.User != "" {
		b.users.Replace(o.User, o.Password)
	}
	b.closing, b.close = context.WithCancel(context.Background())
	b.server = newServer(b)
	return b, nil
}

// SetPasswords says with which passwords a user may send from now on. None: the user is not known any more; without any user
// everybody may.
func (b *Inbox) SetPasswords(user string, passwords ...string) { b.users.Replace(user, passwords...) }

// Close ends every connection, without the delays that faults have put on it, and closes the journal. Nothing is
// stored afterwards.
func (b *Inbox) Close() error {
	b.close()
	_ = b.server.Close() // of listeners that are closed already
	return b.store.close()
}
