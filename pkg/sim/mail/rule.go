package mail

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"example.com/handover/pkg/errs"
)

// Verdict is what becomes of mail for a domain.
type Verdict string

// The verdicts.
const (
	Accept Verdict = "ACCEPT" // it arrives
	Bounce Verdict = "BOUNCE" // refused for good: 550
	Later  Verdict = "LATER"  // refused for now: 450
)

// DefaultRules let two domains fail, so that failing can be tried without setting anything.
func DefaultRules() map[string]Verdict {
	return map[string]Verdict{"bounce.example.com": Bounce, "later.example.com": Later}
}

// SetRule says what becomes of mail for a recipient's domain, until the next restart. It returns errs.Invalid for a
// domain or verdict that does not exist.
func (b *Inbox) SetRule(domain string, v Verdict) error { return b.rules.set(domain, v) }

// Rules returns the domains that mail does not reach, and why.
func (b *Inbox) Rules() map[string]Verdict { return b.rules.all() }

type rules struct {
	mu       sync.Mutex
	verdicts map[string]Verdict // never Accept
}

func newRules(verdicts map[string]Verdict) (*rules, error) {
	r := &rules{verdicts: map[string]Verdict{}}
	for domain, v := range verdicts {
		if err := r.set(domain, v); err != nil {
			return nil, err
		}
	}
	return r, nil
}

func (r *rules) set(domain string, v Verdict) error {
	switch {
	case !isMailbox("someone@" + domain):
		return errs.InvalidField("domain", "DOMAIN_INVALID", "%q is no domain", domain)
	case !slices.Contains([]Verdict{Accept, Bounce, Later}, v):
		return errs.InvalidField("verdict", "VERDICT_UNKNOWN", "there is no verdict %q", v)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.verdicts[strings.ToLower(domain)] = v; v == Accept {
		delete(r.verdicts, strings.ToLower(domain))
	}
	return nil
}

func (r *rules) all() map[string]Verdict {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.verdicts)
}

// checkRecipient returns why a mail cannot be handed in for an address.
func (r *rules) checkRecipient(address string) error {
	if !isMailbox(address) {
		return errs.InvalidField("to", "RECIPIENT_INVALID", "the recipient is no mailbox")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	switch r.verdicts[domain(address)] {
	case Bounce:
		return errs.New(errs.Precondition, "RECIPIENT_REFUSED", "there is no such mailbox")
	case Later:
		return errs.New(errs.Unavailable, "RECIPIENT_BUSY", "the mailbox takes no mail at the moment, try later")
	default:
		return nil
	}
}
