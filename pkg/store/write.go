package store

import (
	"context"
	"errors"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
)

// errUndo ends a transaction whose work was only asked for to be seen.
var errUndo = errors.New("validate only")

// Write is the transaction of one call. do decides, saves and makes the answer; the facts it recorded are added to the
// answer's field "events".
//
// With an idempotency key in the call, the same request again gets the stored answer without running do, also when
// both arrive at once: the second waits for the first. Another request with that key is errs.Invalid
// "IDEMPOTENCY_KEY_REUSED". What do refused is not remembered. Fields marked debug_redact are not stored, so a
// repeated answer lacks them. Who has lost a customer that the answer is about does not get it.
//
// With validate_only in the request everything is done, answered and undone, and the key is not looked at.
func Write[Resp proto.Message](ctx context.Context, db *DB, req proto.Message, do func(*Tx) (Resp, error)) (Resp, error) {
	var resp Resp
	c := call.From(ctx)
	validateOnly := wantsValidation(req)
	if validateOnly {
		c.Key = ""
	}
	key, err := newKeyed(c, req)
	if err != nil {
		return resp, err
	}
	err = db.InTx(ctx, func(tx *Tx) error {
		if c.Key != "" {
			stored, err := tx.recall(key)
			if err != nil {
				return err
			}
			if stored.answer != nil {
				return answerInto(&resp, stored, func() error { _, err := do(tx); return err })
			}
		}
		var err error
		if resp, err = do(tx); err != nil {
			return err
		}
		if err := db.describeInto(ctx, resp, tx.events); err != nil {
			return err
		}
		if validateOnly {
			return errUndo
		}
		if c.Key == "" {
			return nil
		}
		return tx.remember(key, resp)
	})
	if errors.Is(err, errUndo) {
		err = nil
	}
	return resp, err
}

// Answered is the answer that Write has stored for a request, and nil without one: for a call that asks a peer ahead of its
// transaction, and is to be answered again also when that is away. Who no longer sees what the answer is about does not get it here
// either, and goes on to be refused.
func Answered[Resp proto.Message](ctx context.Context, db *DB, req proto.Message) (resp *Resp, err error) {
	c := call.From(ctx)
	if c.Key == "" || wantsValidation(req) {
		return nil, nil
	}
	key, err := newKeyed(c, req)
	if err != nil {
		return nil, err
	}
	err = db.InTx(ctx, func(tx *Tx) error {
		stored, err := tx.stored(key)
		if err != nil || stored.answer == nil || !stored.seen {
			return err
		}
		resp = new(Resp)
		return answerInto(resp, stored, nil)
	})
	return resp, err
}

func wantsValidation(req proto.Message) bool {
	m := req.ProtoReflect()
	f := m.Descriptor().Fields().ByName("validate_only")
	return f != nil && f.Kind() == protoreflect.BoolKind && m.Get(f).Bool()
}

// answerInto gives the stored answer back. A caller that no longer sees what it is about is refused as anybody is who asks
// for the first time, which doing it again finds out: the transaction ends with an error, whatever comes of that.
func answerInto[Resp proto.Message](resp *Resp, stored recalled, again func() error) error {
	if !stored.seen {
		if err := again(); err != nil {
			return err
		}
		return errs.New(errs.Denied, "CUSTOMER_DENIED", "you no longer belong to the customer that this call was about")
	}
	answer, ok := stored.answer.(Resp)
	if !ok {
		return errs.New(errs.Internal, "INTERNAL", "the stored answer is a %s", stored.answer.ProtoReflect().Descriptor().FullName())
	}
	*resp = answer
	return nil
}

// describeInto fills the answer's field "events", when it has one of the message that Describe makes.
func (db *DB) describeInto(ctx context.Context, resp proto.Message, events []Event) error {
	m := resp.ProtoReflect()
	f := m.Descriptor().Fields().ByName("events")
	if db.describe == nil || f == nil || !f.IsList() || f.Message() == nil {
		return nil
	}
	list := m.Mutable(f).List()
	for _, e := range events {
		shown := db.describe(ctx, e).ProtoReflect()
		if shown.Descriptor().FullName() != f.Message().FullName() {
			return errs.New(errs.Internal, "INTERNAL", "%s is no %s", shown.Descriptor().FullName(), f.Message().FullName())
		}
		list.Append(protoreflect.ValueOfMessage(shown))
	}
	return nil
}
