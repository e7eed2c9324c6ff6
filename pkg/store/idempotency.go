package store

import (
	"bytes"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
)

// answer is what was stored under a key.
type answer struct {
	typ  string
	body []byte
}

// recall takes the key for this transaction, or returns the answer that is stored under it. The INSERT waits for a
// transaction that has the same key in flight.
func (tx *Tx) recall(c call.Call, hash []byte) (*answer, error) {
	n, err := tx.Exec("INSERT INTO idempotency (owner, method, idempotency_key, request_hash, response_type, created_at) "+
		"VALUES ($1, $2, $3, $4, '', $5) ON CONFLICT (owner, method, idempotency_key) DO NOTHING",
		c.KeyOwner, c.Method, c.Key, hash, int64(tx.machine))
	if err != nil || n == 1 {
		return nil, err
	}
	var before []byte
	var a answer
	found, err := tx.one("SELECT request_hash, response_type, response FROM idempotency "+
		"WHERE owner = $1 AND method = $2 AND idempotency_key = $3", []any{c.KeyOwner, c.Method, c.Key}, &before, &a.typ, &a.body)
	switch {
	case err != nil:
		return nil, err
	case !found: // swept since the INSERT
		return nil, errs.New(errs.Unavailable, "UNAVAILABLE", "the record of this key has just expired")
	case !bytes.Equal(before, hash):
		return nil, errs.New(errs.Invalid, "IDEMPOTENCY_KEY_REUSED", "this idempotency key belongs to another request")
	}
	return &a, nil
}

// remember stores the answer under the key that recall took.
func (tx *Tx) remember(c call.Call, resp proto.Message) error {
	if c.Key == "" {
		return nil
	}
	kept := proto.Clone(resp)
	redact(kept.ProtoReflect())
	body, err := proto.Marshal(kept)
	if err != nil {
		return errs.Wrap(err, errs.Internal, "INTERNAL", "the answer cannot be stored")
	}
	packed, err := tx.db.packer.pack(body)
	if err != nil {
		return errs.Wrap(err, errs.Internal, "INTERNAL", "the answer cannot be compressed")
	}
	_, err = tx.Exec("UPDATE idempotency SET response_type = $1, response = $2 "+
		"WHERE owner = $3 AND method = $4 AND idempotency_key = $5",
		string(kept.ProtoReflect().Descriptor().FullName()), packed, c.KeyOwner, c.Method, c.Key)
	return err
}

func restore[Resp proto.Message](a *answer) (Resp, error) {
	var none Resp
	typ, err := protoregistry.GlobalTypes.FindMessageByName(protoreflect.FullName(a.typ))
	if err != nil {
		return none, errs.Wrap(err, errs.Internal, "INTERNAL", "the stored answer is of an unknown type")
	}
	resp, ok := typ.New().Interface().(Resp)
	if !ok {
		return none, errs.New(errs.Internal, "INTERNAL", "the stored answer is a %s", a.typ)
	}
	body, err := unpack(a.body)
	if err != nil {
		return none, errs.Wrap(err, errs.Internal, "INTERNAL", "the stored answer cannot be read")
	}
	if err := proto.Unmarshal(body, resp); err != nil {
		return none, errs.Wrap(err, errs.Internal, "INTERNAL", "the stored answer cannot be read")
	}
	return resp, nil
}
