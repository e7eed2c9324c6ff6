// Package auth says who calls and whether they may: it verifies the two identities of a call (a workload and a
// person), reads from the contract who may call a method, holds a request to the caller's customers, and writes the
// security log. It also issues the tokens of a development deployment.
//
// It owns no transport (pkg/rpc puts it into the chain) and no rule about an aggregate's state (the services' domains
// do): a role opens a method, the scope it yields bounds the rows.
package auth

import (
	"context"
	"slices"
	"time"

	"example.com/handover/pkg/call"
)

// Role is what a caller is to the reseller; a caller has exactly one. The names are those of the contract's
// options.v1.Role without their prefix.
type Role string

// The roles.
const (
	Customer      Role = "CUSTOMER"       // a person of a customer
	Partner       Role = "PARTNER"        // a person of a partner; sees the customers that belong to it
	Operator      Role = "OPERATOR"       // a person of the reseller's operations; rights say what it may change
	SupportReader Role = "SUPPORT_READER" // a person of the reseller's support; reads, changes nothing
	LinkBearer    Role = "LINK_BEARER"    // the holder of a link: identified by it, authenticated by nothing
	Callback      Role = "CALLBACK"       // an outside system that answers a request of the suite; no identity yields it yet
	Service       Role = "SERVICE"        // another service of the suite, by its workload identity
)

// ofPerson are the roles that a person's token may carry.
func (r Role) ofPerson() bool {
	return slices.Contains([]Role{Customer, Partner, Operator, SupportReader, LinkBearer}, r)
}

// privileged roles see every customer, so their reads are written down.
func (r Role) privileged() bool { return r == Operator || r == SupportReader }

// Principal is a verified caller.
type Principal struct {
	Subject   string    // stable id of the person, or of the workload when no person stands behind the call
	Role      Role      // decides which methods are open
	Customers []string  // ids of the customers that a CUSTOMER or LINK_BEARER sees
	Partner   string    // id of the partner that a PARTNER belongs to
	Rights    []string  // what an OPERATOR may do besides its role
	Regions   []string  // the regions of an OPERATOR; not enforced yet
	Workload  string    // name of the workload that made the call; empty: a person called directly
	Expiry    time.Time // machine time at which the token ends that says who it is; zero: there was none
	owner     string    // unique over issuers, kinds of identity and roles, unlike Subject
}

// Owner is the principal as an owner of idempotency keys: it never meets another issuer's or kind's equal subject.
func (p Principal) Owner() string { return p.owner }

// Scope says which customers' rows the principal may see.
func (p Principal) Scope() call.Scope {
	switch p.Role {
	case Operator, SupportReader, Service:
		return call.Everyone("role " + string(p.Role))
	case Partner:
		return call.Partner(p.Partner)
	default:
		return call.Customers(p.Customers...)
	}
}

type contextKey struct{}

// With returns a context that carries the principal.
func With(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, contextKey{}, p)
}

// From returns the principal of a call; false when nobody was identified.
func From(ctx context.Context) (Principal, bool) {
	p, ok := ctx.Value(contextKey{}).(Principal)
	return p, ok
}
