package event

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/tlsfile"
)

// Options say who connects and how.
type Options struct {
	Name   string               // shown by NATS tools: the instance
	User   string               // of whom the key is: "orders"
	Key    Key                  // nil: the server asks for none
	TLS    tlsfile.Files        // none: without TLS
	Log    *slog.Logger         // nil: slog.Default
	Traces trace.TracerProvider // of the deliveries; nil: none
}

// Bus is one process's connection to NATS. It connects in the background and for ever again, so that nothing has to
// be started in order.
type Bus struct {
	conn *nats.Conn
	js   jetstream.JetStream
	o    Options
	log  *slog.Logger

	kinds kinds // that are followed

	// again is the connection for whoever connects it anew.
	again atomic.Pointer[nats.Conn]

	mu     sync.Mutex
	wakers map[signal]struct{} // poked after a reconnect, for they may have missed a message
	link   context.Context     // ends when the connection is lost
	unlink context.CancelFunc
	reason string // why the last attempt to connect failed
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
	if o.Traces == nil {
		o.Traces = noop.NewTracerProvider()
	}
	b := &Bus{o: o, log: orDefault(o.Log).With("user", o.User), wakers: map[signal]struct{}{}}
	b.link, b.unlink = context.WithCancel(context.Background())
	options, err := b.identity()
	if err != nil {
		return nil, err
	}
	options = append(options,
		nats.Name(o.Name),
		nats.RetryOnFailedConnect(true),
		nats.MaxReconnects(-1),
		nats.CustomReconnectDelay(b.reconnecting),
		// Without a connection a publish must fail, not wait in a buffer: the relay decides what is sent again.
		nats.ReconnectBufSize(-1),
		nats.ConnectHandler(b.connected),
		nats.ReconnectHandler(b.connected),
		nats.DisconnectErrHandler(b.disconnected),
		nats.ReconnectErrHandler(b.notConnected),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { b.log.Warn("nats", "error", err) }),
	)
	if b.conn, err = nats.Connect(url, append(options, more...)...); err != nil {
		return nil, fmt.Errorf("connect to NATS: %w", err)
	}
	b.again.Store(b.conn)
	b.js, err = jetstream.New(b.conn,
		jetstream.WithDefaultTimeout(requestTimeout), jetstream.WithPublishAsyncTimeout(requestTimeout))
	if err != nil {
		b.conn.Close()
		return nil, fmt.Errorf("connect to JetStream: %w", err)
	}
	return b, nil
}

// identity is how the user shows who it is and knows the server. Files are read for every connection.
func (b *Bus) identity() (options []nats.Option, err error) {
	if b.o.Key != nil {
		public, err := b.o.Key.Public()
		if err != nil {
			return nil, err
		}
		// A key that the server does not know yet, or no more, is no reason to give up: the file will hold the next one.
		options = append(options, nats.Nkey(public, b.o.Key.sign), nats.IgnoreAuthErrorAbort())
	}
	if f := b.o.TLS; f.Certificate != "" {
		options = append(options, nats.ClientCert(f.Certificate.Path(), f.Key.Path()))
	}
	if f := b.o.TLS; f.Authorities != "" {
		options = append(options, nats.RootCAs(f.Authorities.Path()))
	}
	return options, nil
}

// reconnecting is asked before each attempt for how long to wait. The client library signs with a key that may have
// changed, but remembers its public part; the goroutine that asks is the one that then reads it.
func (b *Bus) reconnecting(int) time.Duration {
	conn := b.again.Load()
	if conn != nil && conn.LastError() != nil {
		b.notConnected(conn, conn.LastError())
	}
	if conn != nil && b.o.Key != nil {
		if public, err := b.o.Key.Public(); err == nil {
			conn.Opts.Nkey = public
		} else {
			b.notConnected(conn, err)
		}
	}
	return reconnectWait + rand.N(reconnectWait/2)
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

func (b *Bus) disconnected(_ *nats.Conn, err error) {
	if err != nil {
		b.log.Warn("nats: connection lost", "error", err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.unlink()
}

// notConnected says why there is no connection, once for as long as the reason stays the same.
func (b *Bus) notConnected(_ *nats.Conn, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	level := slog.LevelWarn
	if b.reason == err.Error() {
		level = slog.LevelDebug
	}
	b.reason = err.Error()
	b.log.Log(context.Background(), level, "nats: not connected", "error", err)
}

func (b *Bus) connected(conn *nats.Conn) {
	b.log.Info("nats: connected", "server", conn.ConnectedServerName())
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reason = ""
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
	forget := b.onLoss(cancel)
	return ctx, func() {
		forget()
		cancel()
	}
}

// onLoss calls f when the connection is lost, unless forget is called before.
func (b *Bus) onLoss(f func()) (forget func() bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return context.AfterFunc(b.link, f)
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
