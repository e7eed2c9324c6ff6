package kit

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"strconv"

	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/rpc"
	"example.com/handover/pkg/wire"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// Batch answers a call with many entries, one after another, each as a call of its own: it is validated, decided and saved by itself, and
// a refused one holds up nobody. The idempotency key of an entry is that of the batch with what the entry is, wherever it stands: the batch
// may be sent again without what was refused. Only a caller that does not wait any longer, or a replica that ends, stops between two
// entries; the same batch with the same key then finds what is done.
//
// do is the method that takes one entry; told gets what came of each, with the answer unless it failed.
func Batch[Req, Resp proto.Message](
	ctx context.Context, e *Env, entries []Req, do func(context.Context, Req) (Resp, error), told func(*typev1.BatchResult, Resp),
) error {
	words, whole := e.Words(ctx), call.From(ctx)
	keys, err := entryKeys(whole.Key, entries)
	if err != nil {
		return err
	}
	for i, entry := range entries {
		if err := ctx.Err(); err != nil {
			return err
		}
		one := whole
		one.Key = keys[i]
		var resp Resp
		err := rpc.Validate(entry)
		if err == nil {
			resp, err = do(call.With(ctx, one), entry)
		}
		err = rpc.Placed(err, entry.ProtoReflect().Descriptor())
		result := wire.BatchResult(i, rpc.FromStatus(rpc.ToStatus(err, e.Name, words).Err()))
		if errs.KindOf(err) == errs.Internal && err != nil {
			e.Log.ErrorContext(ctx, "internal error", "request", whole.ID, "entry", i, "error", err)
		}
		told(result, resp)
	}
	return nil
}

// entryKeys are the idempotency keys of the entries: each is told by its digest, and equal ones are counted. Without a key of the batch
// there are none.
func entryKeys[Req proto.Message](batch string, entries []Req) ([]string, error) {
	keys := make([]string, len(entries))
	if batch == "" {
		return keys, nil
	}
	equal := map[string]int{}
	for i, entry := range entries {
		text, err := proto.MarshalOptions{Deterministic: true}.Marshal(entry)
		if err != nil {
			return nil, errs.Wrap(err, errs.Internal, "INTERNAL", "entry %d cannot be hashed", i)
		}
		sum := sha256.Sum256(text)
		key := batch + "/" + base64.RawURLEncoding.EncodeToString(sum[:])
		keys[i] = key + "/" + strconv.Itoa(equal[key])
		equal[key]++
	}
	return keys, nil
}
