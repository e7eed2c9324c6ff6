package store

import (
	"bytes"
	"crypto/sha256"
	"maps"
	"slices"
	"strings"

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
func (tx *Tx) recall(k keyed) (recalled, error) {
	n, err := tx.Exec("INSERT INTO idempotency (id, request_hash, created_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING",
		k.id, k.hash, int64(tx.machine))
	if err != nil || n == 1 {
		return recalled{}, err
	}
	stored, err := tx.stored(k)
	if err == nil && stored.answer == nil { // swept since the INSERT
		return recalled{}, errs.New(errs.Unavailable, "UNAVAILABLE", "the record of this key has just expired")
	}
	return stored, err
}

// stored is the answer under a key, if there is one.
func (tx *Tx) stored(k keyed) (recalled, error) {
	var before, packed []byte
	var customers string
	found, err := tx.one("SELECT request_hash, customers, response FROM idempotency WHERE id = $1", []any{k.id}, &before, &customers, &packed)
	switch {
	case err != nil || !found:
		return recalled{}, err
	case !bytes.Equal(before, k.hash):
		return recalled{}, errs.New(errs.Invalid, "IDEMPOTENCY_KEY_REUSED", "this idempotency key belongs to another request")
	}
	answer, err := unpack(packed, k.words)
	if err != nil {
		return recalled{}, errs.Wrap(err, errs.Internal, "INTERNAL", "the stored answer cannot be read")
	}
	for customer := range strings.FieldsSeq(customers) {
		if sees, err := tx.Sees(tx.call.Scope, customer); !sees || err != nil {
			return recalled{answer: answer}, err
		}
	}
	return recalled{answer: answer, seen: true}, nil
}

// recalled is a stored answer; nil: there is none.
type recalled struct {
	answer proto.Message
	seen   bool // the caller still sees every customer that the answer is about
}

// concerned are the customers whose rows a limited caller saw in this transaction, for a later look at the answer.
func (tx *Tx) concerned() (string, error) {
	if tx.call.Scope.All() {
		return "", nil
	}
	touched := map[string]bool{}
	for _, s := range tx.held {
		if s != nil {
			touched[s.Customer] = true
		}
	}
	for _, e := range tx.events {
		touched[e.Customer] = true
	}
	var customers []string
	for _, customer := range slices.Sorted(maps.Keys(touched)) {
		sees, err := tx.Sees(tx.call.Scope, customer)
		if err != nil {
			return "", err
		}
		if sees {
			customers = append(customers, customer)
		}
	}
	return strings.Join(customers, " "), nil
}

// remember stores the answer under the key that recall took.
func (tx *Tx) remember(k keyed, resp proto.Message) error {
	kept := tx.db.redactor.redacted(resp)
	packed, err := tx.db.packer.pack(kept, k.words)
	if err != nil {
		return errs.Wrap(err, errs.Internal, "INTERNAL", "the answer cannot be stored")
	}
	customers, err := tx.concerned()
	if err != nil {
		return err
	}
	return tx.later(statement{
		query: "UPDATE idempotency SET response = $1, customers = $2 WHERE id = $3", args: []any{packed, customers, k.id},
	})
}
