package auth

import (
	"context"
	"log/slog"

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

// NoteDenial writes down a call that was refused because of who made it, whoever refused it: the chain or a handler.
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
