package store

import (
	"bytes"
	"crypto/sha256"

	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
)

// keyed is a request under its idempotency key.
type keyed struct {
	id    []byte // of the record: the key's owner, the method and the key, hashed
	hash  []byte // of the request
	words []byte // what its answer is likely to repeat: method and request
}

// idSize is enough of a digest for records never to meet: a stranger would have to find a second preimage.
const idSize = 16

// typePrefix begins the type of every [anypb.Any].
const typePrefix = "type.googleapis.com/"

func newKeyed(c call.Call, req proto.Message) (keyed, error) {
	request, err := proto.MarshalOptions{Deterministic: true}.Marshal(req)
	if err != nil {
		return keyed{}, errs.Wrap(err, errs.Internal, "INTERNAL", "the request cannot be hashed")
	}
	hash, id := sha256.Sum256(request), sha256.Sum256([]byte(c.KeyOwner+"\x00"+c.Method+"\x00"+c.Key))
	return keyed{id: id[:idSize], hash: hash[:], words: append([]byte(typePrefix+c.Method), request...)}, nil
}

// recall takes the key for this transaction, or returns the answer that is stored under it. The INSERT waits for a
// transaction that has the same key in flight.
func (tx *Tx) recall(k keyed) (proto.Message, error) {
	n, err := tx.Exec("INSERT INTO idempotency (id, request_hash, created_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING",
		k.id, k.hash, int64(tx.machine))
	if err != nil || n == 1 {
		return nil, err
	}
	var before, packed []byte
	found, err := tx.one("SELECT request_hash, response FROM idempotency WHERE id = $1", []any{k.id}, &before, &packed)
	switch {
	case err != nil:
		return nil, err
	case !found: // swept since the INSERT
		return nil, errs.New(errs.Unavailable, "UNAVAILABLE", "the record of this key has just expired")
	case !bytes.Equal(before, k.hash):
		return nil, errs.New(errs.Invalid, "IDEMPOTENCY_KEY_REUSED", "this idempotency key belongs to another request")
	}
	answer, err := unpack(packed, k.words)
	if err != nil {
		return nil, errs.Wrap(err, errs.Internal, "INTERNAL", "the stored answer cannot be read")
	}
	return answer, nil
}

// remember stores the answer under the key that recall took.
func (tx *Tx) remember(k keyed, resp proto.Message) error {
	kept := proto.Clone(resp)
	redact(kept.ProtoReflect())
	packed, err := tx.db.packer.pack(kept, k.words)
	if err != nil {
		return errs.Wrap(err, errs.Internal, "INTERNAL", "the answer cannot be stored")
	}
	_, err = tx.Exec("UPDATE idempotency SET response = $1 WHERE id = $2", packed, k.id)
	return err
}
