// Package call is what is known of the piece of work being done: who wants it, on whose behalf, within which
// customers, and under which idempotency key. The RPC chain, a consumer or a reconciler puts it into the context;
// the store writes it into event rows and holds its scope.
//
// It owns no rules about who may do what (pkg/auth) and imports the standard library only.
package call

import (
	"context"
	"slices"
)

// Actor is who did it.
type Actor struct {
	Subject    string `json:"subject"`                // stable id of a person or workload, never a name or address
	Role       string `json:"role"`                   // CUSTOMER, OPERATOR, SERVICE …
	OnBehalfOf string `json:"on_behalf_of,omitempty"` // subject whose wish a workload carries out
}

// Call is the context of one piece of work.
type Call struct {
	ID       string // request id, event id or claim id: what the log and the trace are searched by
	Method   string // "/handover.orders.v1.OrderService/SubmitOrder"; empty for consumers and reconcilers
	Actor    Actor
	Scope    Scope
	Cause    string // id of the event or request that led to this; "cause" of the facts it records
	Reason   string // the words the actor gave, recorded with the facts
	Key      string // idempotency key; empty: none
	Language string // what the reader of the answer prefers, an Accept-Language header; empty: English
	KeyOwner string // whose key it is: a principal; keys of different owners never meet
}

type contextKey struct{}

// With returns a context that carries c.
func With(ctx context.Context, c Call) context.Context {
	return context.WithValue(ctx, contextKey{}, c)
}

// From returns the call in ctx; the zero Call, whose scope sees nothing, when there is none.
func From(ctx context.Context) Call {
	c, _ := ctx.Value(contextKey{}).(Call)
	return c
}

// OnBehalfOf returns a context whose call says that the workload carries out this person's wish.
func OnBehalfOf(ctx context.Context, subject string) context.Context {
	c := From(ctx)
	c.Actor.OnBehalfOf = subject
	return With(ctx, c)
}

// Scope says which customers' rows may be seen. The zero Scope sees nothing.
type Scope struct {
	everyone  string // the reason for seeing all customers; empty: only those listed
	customers []string
	partner   string // sees the customers that belong to this partner at the moment of the look
}

// Customers is the scope of a caller that belongs to these customers.
func Customers(ids ...string) Scope { return Scope{customers: slices.Clone(ids)} }

// Partner is the scope of a caller that belongs to a partner. Which customers these are is kept by the store, next to the
// rows, so that a customer that moves is seen by the new partner alone, whatever a token or a stream in flight says.
func Partner(id string) Scope { return Scope{partner: id} }

// Everyone is the scope of a caller that may see all customers; why says by which right, for the reader of the code.
func Everyone(why string) Scope { return Scope{everyone: why} }

// All reports whether the scope is unlimited.
func (s Scope) All() bool { return s.everyone != "" }

// OfPartner returns the partner whose customers the scope is about; empty: it is about none.
func (s Scope) OfPartner() string { return s.partner }

// List returns the customers of a limited scope; none for a partner's.
func (s Scope) List() []string { return slices.Clone(s.customers) }

// Sees reports whether a row of this customer is within the scope. A row without a customer is everyone's business
// only for an unlimited scope. Of a partner's scope nothing is known here: ask the store, which is what every read does.
func (s Scope) Sees(customer string) bool {
	return s.All() || customer != "" && slices.Contains(s.customers, customer)
}
