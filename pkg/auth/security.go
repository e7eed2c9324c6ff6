package auth

import (
	"context"
	"log/slog"
	"slices"

	"google.golang.org/protobuf/reflect/protoreflect"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
)

// noteRead writes down that somebody looked at customers' data by role instead of belonging to them. Neither field
// set means a list over all customers.
func (g *Guard) noteRead(ctx context.Context, p Principal, customers, resources []string) {
	c := call.From(ctx)
	g.security.InfoContext(ctx, "privileged read", "request", c.ID, "method", c.Method,
		"subject", p.Subject, "role", p.Role, "customers", customers, "resources", resources, "reason", c.Reason)
}

// noteOperation writes down that somebody looked or reached behind a service's domain, where every customer's data is,
// and what it named: texts only, and those of operations hold ids and names of the suite.
func (g *Guard) noteOperation(ctx context.Context, p Principal, reads bool, request protoreflect.Message) {
	var named []string
	request.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		if f.Kind() == protoreflect.StringKind && !f.IsList() && f.Name() != "page_token" {
			named = append(named, string(f.Name())+"="+v.String())
		}
		return true
	})
	slices.Sort(named)
	c := call.From(ctx)
	log := g.security.With("request", c.ID, "method", c.Method, "subject", p.Subject, "role", p.Role, "named", named, "reason", c.Reason)
	if reads {
		log.InfoContext(ctx, "privileged read")
	} else {
		log.InfoContext(ctx, "privileged write")
	}
}

// Note writes into the security log of a service what only its handlers can see: who did what, and more about it.
func Note(ctx context.Context, log *slog.Logger, what string, more ...any) {
	p, _ := From(ctx)
	c := call.From(ctx)
	log.WithGroup("security").With("request", c.ID, "method", c.Method, "subject", p.Subject, "role", p.Role, "what", what).
		WarnContext(ctx, "noticed", more...)
}

// NoteDenial writes down a call that was refused because of who made it, by the chain or by a handler.
// Tokens are never written. Errors of another kind are not its business.
func (g *Guard) NoteDenial(ctx context.Context, p Principal, err error) {
	if kind := errs.KindOf(err); kind != errs.Denied && kind != errs.Unauthenticated {
		return
	}
	c := call.From(ctx)
	g.security.LogAttrs(ctx, slog.LevelWarn, "denied", slog.String("request", c.ID), slog.String("method", c.Method),
		slog.String("subject", p.Subject), slog.String("role", string(p.Role)), slog.String("workload", p.Workload),
		slog.String("reason", errs.ReasonOf(err)), slog.String("error", err.Error()))
}
