package event

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"example.com/handover/pkg/errs"
)

// Options tune a bus. Every replica of a service must have the same ones.
type Options struct {
	Name        string               // shown by NATS tools: "orders"
	Replicas    int                  // copies of each stream, 1 or 3; 0: 1
	Dedupe      time.Duration        // how long the stream remembers message ids; 0: ten minutes
	MaxAge      time.Duration        // how long the stream keeps events (the table keeps its own); 0: for ever
	Credentials string               // file with NATS credentials; empty: none
	RootCAs     string               // file with the certificates that sign the servers'; empty: the system's
	Log         *slog.Logger         // nil: slog.Default
	Traces      trace.TracerProvider // of the deliveries; nil: none
}

// Bus is one process's connection to NATS. It connects in the background and for ever again, so that nothing has to
// be started in order.
type Bus struct {
	conn *nats.Conn
	js   jetstream.JetStream
	o    Options
	log  *slog.Logger

	mu     sync.Mutex
	wakers map[signal]struct{} // poked after a reconnect, for they may have missed a message
	link   context.Context     // ends when the connection is lost
	unlink context.CancelFunc
}

const (
	requestTimeout = 5 * time.Second        // one question to the NATS server
	reconnectWait  = 250 * time.Millisecond // between two attempts to connect
	flushTimeout   = time.Second            // at Close
)

// Connect returns a bus to the NATS servers at url (comma separated). It fails on a wrong configuration only: absent
// servers are waited for.
func Connect(url string, o Options) (*Bus, error) { return connect(url, o) }

func connect(url string, o Options, more ...nats.Option) (*Bus, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	b := &Bus{o: o, log: orDefault(o.Log), wakers: map[signal]struct{}{}}
	b.link, b.unlink = context.WithCancel(context.Background())
	options := append([]nats.Option{
		nats.Name(o.Name),
		nats.RetryOnFailedConnect(true),
		nats.MaxReconnects(-1),
		nats.ReconnectWait(reconnectWait),
		nats.ReconnectJitter(reconnectWait/2, reconnectWait/2),
		// Without a connection a publish must fail, not wait in a buffer: the relay decides what is sent again.
		nats.ReconnectBufSize(-1),
		nats.ConnectHandler(b.connected),
		nats.ReconnectHandler(b.connected),
		nats.DisconnectErrHandler(b.disconnected),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { b.log.Warn("nats", "error", err) }),
	}, more...)
	if o.Credentials != "" {
		options = append(options, nats.UserCredentials(o.Credentials))
	}
	if o.RootCAs != "" {
		options = append(options, nats.RootCAs(o.RootCAs))
	}
	if b.conn, err = nats.Connect(url, options...); err != nil {
		return nil, fmt.Errorf("connect to NATS: %w", err)
	}
	b.js, err = jetstream.New(b.conn,
		jetstream.WithDefaultTimeout(requestTimeout), jetstream.WithPublishAsyncTimeout(requestTimeout))
	if err != nil {
		b.conn.Close()
		return nil, fmt.Errorf("connect to JetStream: %w", err)
	}
	return b, nil
}

// Ready is errs.Unavailable while there is no connection, for a health check.
func (b *Bus) Ready() error {
	if !b.conn.IsConnected() {
		return errs.New(errs.Unavailable, "NATS_UNAVAILABLE", "no connection to NATS (%s)", b.conn.Status())
	}
	return nil
}

// Close ends the connection. Relays and consumers are stopped first, through their contexts.
func (b *Bus) Close() {
	if b.conn.IsConnected() {
		if err := b.conn.FlushTimeout(flushTimeout); err != nil {
			b.log.Warn("nats: closed with messages unsent", "error", err)
		}
	}
	b.conn.Close()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.unlink()
}

func (o Options) complete() (Options, error) {
	if o.Traces == nil {
		o.Traces = noop.NewTracerProvider()
	}
	if o.Replicas == 0 {
		o.Replicas = 1
	}
	if o.Replicas != 1 && o.Replicas != 3 {
		return o, fmt.Errorf("event streams have 1 or 3 replicas, not %d", o.Replicas)
	}
	if o.Dedupe == 0 {
		o.Dedupe = 10 * time.Minute
	}
	if o.MaxAge < 0 || o.Dedupe < 0 {
		return o, fmt.Errorf("event streams cannot keep messages for a negative time")
	}
	if o.MaxAge > 0 {
		o.Dedupe = min(o.Dedupe, o.MaxAge) // JetStream refuses a longer memory for ids than for messages
	}
	return o, nil
}

func (b *Bus) disconnected(_ *nats.Conn, err error) {
	if err != nil {
		b.log.Warn("nats: connection lost", "error", err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.unlink()
}

func (b *Bus) connected(conn *nats.Conn) {
	b.log.Info("nats: connected", "server", conn.ConnectedServerName())
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.link.Err() != nil {
		b.link, b.unlink = context.WithCancel(context.Background())
	}
	for w := range b.wakers {
		w.poke()
	}
}

// asking bounds one question to the server: by a time, and by the connection, whose loss takes the answer with it.
func (b *Bus) asking(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	b.mu.Lock()
	link := b.link
	b.mu.Unlock()
	forget := context.AfterFunc(link, cancel)
	return ctx, func() {
		forget()
		cancel()
	}
}

// onReconnect pokes s after every reconnect until the returned function is called.
func (b *Bus) onReconnect(s signal) (forget func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.wakers[s] = struct{}{}
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.wakers, s)
	}
}
