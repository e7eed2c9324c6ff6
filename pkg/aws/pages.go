package aws

import (
	"context"
	"fmt"
	"iter"
)

// Pages yields the items of all pages of a list that the SDK has no paginator for. Fetch asks for one page, the first
// with a nil token, and returns the token of the next. The sequence ends at the first error, and with an error when
// AWS returns the token it was given.
func Pages[T any](
	ctx context.Context, fetch func(ctx context.Context, token *string) (items []T, next *string, err error),
) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		var token *string
		for {
			items, next, err := fetch(ctx, token)
			if err != nil {
				yield(none, err)
				return
			}
			for _, item := range items {
				if !yield(item, nil) {
					return
				}
			}
			switch {
			case next == nil || *next == "":
				return
			case token != nil && *next == *token:
				yield(none, fmt.Errorf("the page after token %q begins with the same token", *token))
				return
			}
			token = next
		}
	}
}
