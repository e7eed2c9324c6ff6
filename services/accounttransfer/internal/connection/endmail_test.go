package connection

import (
	"slices"
	"testing"
)

// TestUnbilled: an order fails after AWS has begun to bill: no agreement tells the customer when that ends, and what is its own to see to.
func TestUnbilled(t *testing.T) {
	names := func(c *Connection) (all []string) {
		for _, w := range c.Wanted() {
			all = append(all, w.Name)
		}
		return all
	}
	for name, want := range map[string]struct {
		connection func() *Connection
		mails      []string
	}{
		"a billing transfer that is charged": {func() *Connection {
			c := withdrawing(t, bound(t))
			c.Stopped = true
			c.Observe(withdrawnAt("2027-02-01"), at("2027-01-20"))
			return c
		}, []string{"billing-ending"}},
		"one that ends before its start": {func() *Connection {
			c := withdrawing(t, bound(t))
			c.Stopped = true
			c.Observe(withdrawnAt("2026-12-01"), now())
			return c
		}, nil},
		"one whose agreement is in force": {func() *Connection {
			c := withdrawing(t, bound(t))
			c.Observe(withdrawnAt("2027-02-01"), at("2027-01-20"))
			return c
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if c := want.connection(); !slices.Equal(names(c), want.mails) {
				t.Errorf("mailed are %v: %s", names(c), dump(t, c))
			}
		})
	}
}
