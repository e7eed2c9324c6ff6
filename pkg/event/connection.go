package event

import (
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Conn is the connection itself, for what is no event: the kit's clock and presence.
func (b *Bus) Conn() *nats.Conn { return b.conn }

// JetStream is the same connection's JetStream.
func (b *Bus) JetStream() jetstream.JetStream { return b.js }

// Reconnected returns a channel that gets a value after each reconnect, when messages may have been missed, and the
// function that ends it.
func (b *Bus) Reconnected() (wake <-chan struct{}, stop func()) {
	s := newSignal()
	return s, b.onReconnect(s)
}
