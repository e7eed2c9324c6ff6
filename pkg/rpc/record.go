package rpc

import (
	"context"

	"example.com/handover/pkg/auth"
)

// record carries what inner links find out to outer ones, which see the call's end but not the inner context.
type record struct{ principal auth.Principal }

type recordKey struct{}

func withRecord(ctx context.Context) context.Context {
	return context.WithValue(ctx, recordKey{}, &record{})
}

// recordOf never returns nil: outside of the standard chain there is nobody to tell.
func recordOf(ctx context.Context) *record {
	if r, ok := ctx.Value(recordKey{}).(*record); ok {
		return r
	}
	return &record{}
}
