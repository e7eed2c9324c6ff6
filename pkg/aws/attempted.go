package aws

import (
	"context"

	"github.com/aws/smithy-go/middleware"
)

// attempted says of a failed call whether one of its attempts may have had its effect. The last attempt alone does not
// tell: the first may be lost after AWS did it, the second throttled.
type attempted struct {
	err   error
	maybe bool
}

func (e *attempted) Error() string { return e.err.Error() }
func (e *attempted) Unwrap() error { return e.err }

type seenKey struct{}

// rememberUnanswered adds to a client what finds that out.
func rememberUnanswered(stack *middleware.Stack) error {
	err := stack.Initialize.Add(middleware.InitializeMiddlewareFunc("MarkUnanswered", func(
		ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler,
	) (middleware.InitializeOutput, middleware.Metadata, error) {
		var seen bool // attempts follow one another in this goroutine
		out, metadata, err := next.HandleInitialize(context.WithValue(ctx, seenKey{}, &seen), in)
		if err != nil {
			err = &attempted{err, seen}
		}
		return out, metadata, err
	}), middleware.After)
	if err != nil {
		return err
	}
	return stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("SeeUnanswered", func(
		ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler,
	) (middleware.DeserializeOutput, middleware.Metadata, error) {
		out, metadata, err := next.HandleDeserialize(ctx, in)
		if seen, ok := ctx.Value(seenKey{}).(*bool); ok && err != nil && classOf(err) == Unanswered {
			*seen = true
		}
		return out, metadata, err
	}), middleware.Before)
}
