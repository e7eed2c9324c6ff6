package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nkeys"

	"example.com/handover/deploy/actors"
	"example.com/handover/deploy/cluster"
	"example.com/handover/deploy/forbidden"
	"example.com/handover/pkg/event"
	"example.com/handover/pkg/id"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
)

// knock tries to connect to the bus.
func knock(_ context.Context, t *target, options ...nats.Option) error {
	conn, err := nats.Connect("nats://"+t.nats, append([]nats.Option{nats.Timeout(5 * time.Second), nats.NoReconnect()}, options...)...)
	if err == nil {
		conn.Close()
	}
	return err
}

// nats counts an attempt to connect.
func (o *outcome) nats(what string, err error) {
	switch {
	case err == nil:
		o.gotIn("%s: connected", what)
	case errors.Is(err, nats.ErrAuthorization):
		o.refused("authorization violation")
	default: // it did not come so far
		o.gotIn("%s: it could not be tried: %v", what, err)
	}
}

// believe is how the bus is known, with the certificate that it asks for of a user.
func (t *target) believe(user string) []nats.Option {
	at := func(name string) string { return filepath.Join(t.secrets, name) }
	return []nats.Option{nats.RootCAs(at("ca.crt")), nats.ClientCert(at(user+".crt"), at(user+".key"))}
}

// as connects with a user's key.
func (t *target) as(user string) (*nats.Conn, error) {
	key := event.KeyFile(cluster.Key(t.secrets, user))
	public, err := key.Public()
	if err != nil {
		return nil, err
	}
	signer, err := key()
	if err != nil {
		return nil, err
	}
	quiet := nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {})
	return nats.Connect("nats://"+t.nats, append(t.believe(user), nats.Nkey(public, signer.Sign), quiet)...)
}

// strangersOnNATS connects with nothing, with a key that nobody knows, with a known name and another's key, and with a
// good key, and without TLS.
func strangersOnNATS(ctx context.Context, t *target, o *outcome) error {
	if t.nats == "" {
		o.note("it listens nowhere")
		return nil
	}
	unknown, err := nkeys.CreateUser()
	if err != nil {
		return err
	}
	public, err := unknown.PublicKey()
	if err != nil {
		return err
	}
	for _, user := range actors.Services() {
		name, err := event.KeyFile(cluster.Key(t.secrets, user)).Public()
		if err != nil {
			return err
		}
		o.nats("no key, the certificate of "+user, knock(ctx, t, t.believe(user)...))
		o.nats("an unknown key", knock(ctx, t, append(t.believe(user), nats.Nkey(public, unknown.Sign))...))
		o.nats("the name of "+user+" and another key", knock(ctx, t, append(t.believe(user), nats.Nkey(name, unknown.Sign))...))
		o.nats("a password", knock(ctx, t, append(t.believe(user), nats.UserInfo(user, user))...))
	}
	return plainNATS(ctx, t, o)
}

// plainNATS shows the good key of every service in plain text. Over TLS the same words must be believed: otherwise it would say
// nothing that they are not.
func plainNATS(ctx context.Context, t *target, o *outcome) error {
	for _, user := range cluster.Services() {
		certificate, err := pair(t.secrets, user)
		if err != nil {
			return err
		}
		if answer, err := t.signIn(ctx, user, t.tls(certificate)); answer != "PONG" {
			return fmt.Errorf("the key of %s over TLS: %q %w", user, answer, cmp.Or(err, errors.New("is not PONG")))
		}
		answer, err := t.signIn(ctx, user, nil)
		o.signedIn("the key of "+user+" in plain text", answer, err)
	}
	return nil
}

// foreignSubjects has every service try what is another's: forge an event, move the clock, delete or read a stream.
func foreignSubjects(_ context.Context, t *target, o *outcome) error {
	if t.nats == "" {
		o.note("it listens nowhere")
		return nil
	}
	for _, me := range cluster.Services() {
		conn, err := t.as(me)
		if err != nil {
			return err
		}
		for _, one := range forbidden.Subjects(me, append(cluster.Services(), event.SetUpUser)) {
			refused, err := one.Refused(conn)
			if err != nil {
				return err
			}
			if refused {
				o.refused("permissions violation")
			} else {
				o.gotIn("%s may use %s", me, one.Name)
			}
		}
		conn.Close()
	}
	return nil
}

// forgedEvents publishes on a service's own stream, with its own key, what it did not decide: a consumer must not act on it.
func forgedEvents(ctx context.Context, t *target, o *outcome) error {
	if t.nats == "" {
		o.note("it listens nowhere")
		return nil
	}
	before, err := t.deadLetters(ctx)
	if err != nil {
		return err
	}
	conn, err := t.as("accounttransfer")
	if err != nil {
		return err
	}
	defer conn.Close()
	const n = 3
	for range n {
		transfer := id.New("trf")
		m := nats.NewMsg("handover.accounttransfer.v1.transfer." + transfer + ".completed")
		for name, value := range map[string]string{
			"ce-specversion": "1.0", "ce-id": id.New("evt"), "ce-source": "/handover/billing", "ce-subject": transfer,
			"ce-type": "handover.billing.v1.transfer.completed", "ce-revision": "7", "ce-facts": "completed",
			"ce-time": "2026-02-17T09:00:00Z", "ce-dataschema": "type.googleapis.com/handover.accounttransfer.v1.Transfer",
		} {
			m.Header.Set(name, value)
		}
		if err := conn.PublishMsg(m); err != nil {
			return err
		}
	}
	if err := conn.Flush(); err != nil {
		return err
	}
	kept := 0
	soon(ctx, func() bool {
		now, err := t.deadLetters(ctx)
		kept = now - before
		return err == nil && kept >= n
	})
	if kept < n {
		o.gotIn("%d of %d forged events are dead letters", kept, n)
		return nil
	}
	for range n {
		o.refused("dead letter")
	}
	return nil
}

// deadLetters are those of orders.
func (t *target) deadLetters(ctx context.Context) (int, error) {
	list := &opsv1.ListDeadLettersRequest{Service: "orders", PageSize: 500}
	all, err := t.Operations("orders").ListDeadLetters(t.world.operator.In(ctx), list)
	return len(all.GetDeadLetters()), err
}
