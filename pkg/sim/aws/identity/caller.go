package identity

import "context"

// Caller is who sent a request.
type Caller struct {
	Account   string
	ARN       string // of the user or of the assumed role's session
	UserID    string
	AccessKey string
	Region    string // from the signature's credential scope
	Session   bool   // by an assumed role, not a long-lived key
}

type contextKey struct{}

// With returns a context that carries the caller.
func With(ctx context.Context, c Caller) context.Context {
	return context.WithValue(ctx, contextKey{}, c)
}

// From returns the caller in ctx; the zero Caller, which belongs to no account, when there is none.
func From(ctx context.Context) Caller {
	c, _ := ctx.Value(contextKey{}).(Caller)
	return c
}
