package rpc

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/id"
)

// HeaderRequestID is the metadata key of the request id: what logs and traces are searched by. A caller may choose it;
// every answer carries it in its trailer.
const HeaderRequestID = "x-request-id"

// requestID begins the call.Call. A caller's id that is not printable or too long is replaced, not refused: it is only
// for searching.
func requestID(ctx context.Context, m method) (context.Context, error) {
	c := call.Call{Method: m.name, Language: language(ctx)}
	if values := metadata.ValueFromIncomingContext(ctx, HeaderRequestID); len(values) == 1 && printable(values[0]) {
		c.ID = values[0]
	} else {
		c.ID = id.New("req")
	}
	// A trailer, because a refusal with headers is one that gRPC does not repeat. It fails only without a transport,
	// and then there is nobody to read it.
	_ = grpc.SetTrailer(ctx, metadata.Pairs(HeaderRequestID, c.ID))
	return call.With(withRecord(ctx), c), nil
}

// HeaderLanguage is the metadata key of what the reader prefers, spelt as in HTTP. It travels on to other services, and
// one that cannot be read means English.
const HeaderLanguage = "accept-language"

const longestLanguage = 200

func language(ctx context.Context) string {
	values := metadata.ValueFromIncomingContext(ctx, HeaderLanguage)
	if len(values) != 1 || len(values[0]) > longestLanguage || !ascii(values[0]) {
		return ""
	}
	return values[0]
}

// printable reports whether s is 1 to 128 characters of visible ASCII.
func printable(s string) bool {
	for _, b := range []byte(s) {
		if b <= ' ' || b > '~' {
			return false
		}
	}
	return s != "" && len(s) <= 128
}
