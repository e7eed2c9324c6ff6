package rpc

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"google.golang.org/grpc/metadata"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/call"
)

// WithKey returns a context whose next outgoing calls carry the idempotency key. Use one key per intended effect, and
// save it with the intent.
func WithKey(ctx context.Context, key string) context.Context {
	md := outgoingOf(ctx)
	md.Set(HeaderKey, key)
	return metadata.NewOutgoingContext(ctx, md)
}

// AsWorkload returns a context whose next outgoing calls show this service alone and not the person it serves: for what
// the service may read and the person may not, and hands on only as far as it may.
func AsWorkload(ctx context.Context) context.Context {
	return metadata.NewIncomingContext(ctx, metadata.MD{})
}

// outgoing says to the other side who calls, for whom and why.
func (o DialOptions) outgoing(ctx context.Context) (context.Context, error) {
	md := outgoingOf(ctx)
	if o.Workload != nil {
		token, err := o.Workload(ctx)
		if err != nil {
			return nil, fmt.Errorf("show who calls: %w", err)
		}
		md.Set(auth.HeaderWorkload, "Bearer "+token)
	}
	for i, reason := range md.Get(auth.HeaderReason) { // the gateway passes on what a browser sent
		if !ascii(reason) {
			md.Get(auth.HeaderReason)[i] = escape(reason)
		}
	}
	add := func(header, value string) {
		if value != "" && len(md.Get(header)) == 0 {
			md.Set(header, value)
		}
	}
	for _, person := range metadata.ValueFromIncomingContext(ctx, auth.HeaderPerson) {
		add(auth.HeaderPerson, person)
	}
	c := call.From(ctx)
	add(HeaderRequestID, c.ID)
	add(HeaderLanguage, c.Language)
	add(auth.HeaderCause, escape(cause(c)))
	add(auth.HeaderReason, escape(c.Reason))
	if len(md.Get(auth.HeaderPerson)) == 0 {
		add(auth.HeaderOnBehalfOf, escape(behalf(c.Actor)))
	}
	return metadata.NewOutgoingContext(ctx, md), nil
}

// outgoingOf returns a copy: the context's own must not change.
func outgoingOf(ctx context.Context) metadata.MD {
	md, ok := metadata.FromOutgoingContext(ctx)
	if !ok {
		return metadata.MD{}
	}
	return md
}

// cause is what led to the present work, and the work itself when it began here.
func cause(c call.Call) string {
	if c.Cause != "" {
		return c.Cause
	}
	return c.ID
}

// behalf is the person whose wish it is: the one a reconciler acts for, or the actor of the call itself.
func behalf(a call.Actor) string {
	if a.OnBehalfOf == "" && a.Role != string(auth.Service) {
		return a.Subject
	}
	return a.OnBehalfOf
}

func ascii(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' })
}

// escape fits free text into a header, which takes visible ASCII only.
func escape(text string) string { return url.PathEscape(text) }
