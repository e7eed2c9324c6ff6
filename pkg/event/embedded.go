package event

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// EmbeddedOptions tune the NATS server inside a process.
type EmbeddedOptions struct {
	Listen     string       // loopback address for other processes, "127.0.0.1:4222"; port 0: any; empty: no port at all
	SyncAlways bool         // fsync before every acknowledgement: a power cut then loses nothing
	Log        *slog.Logger // nil: slog.Default; the server's chatter goes to its debug level
}

// Embedded is a NATS server with JetStream in this process.
type Embedded struct {
	server  *server.Server
	listens bool
}

// startTimeout bounds how long a server may take to recover its streams.
const startTimeout = 30 * time.Second

// StartEmbedded starts a server that keeps its streams in the folder dir. The caller makes sure that no other process
// uses the folder. The listener knows no passwords, so an address that is not loopback is refused.
func StartEmbedded(dir string, o EmbeddedOptions) (*Embedded, error) {
	options := &server.Options{
		ServerName: "handover",
		JetStream:  true,
		StoreDir:   dir,
		SyncAlways: o.SyncAlways,
		DontListen: o.Listen == "",
		NoSigs:     true,
		MaxPayload: 4 << 20,
	}
	if o.Listen != "" {
		host, port, err := loopback(o.Listen)
		if err != nil {
			return nil, err
		}
		options.Host, options.Port = host, port
	}
	s, err := server.NewServer(options)
	if err != nil {
		return nil, fmt.Errorf("embedded NATS: %w", err)
	}
	s.SetLoggerV2(serverLog{orDefault(o.Log).With("component", "nats")}, false, false, false)
	s.Start()
	if !s.ReadyForConnections(startTimeout) {
		s.Shutdown()
		return nil, fmt.Errorf("embedded NATS in %s was not ready after %s", dir, startTimeout)
	}
	if !s.JetStreamEnabled() {
		s.Shutdown()
		return nil, fmt.Errorf("embedded NATS in %s could not open its streams", dir)
	}
	return &Embedded{server: s, listens: o.Listen != ""}, nil
}

// URL is the address other processes connect to; empty when the server does not listen.
func (e *Embedded) URL() string {
	if !e.listens {
		return ""
	}
	return e.server.ClientURL()
}

// Connect returns a bus to this server through memory.
func (e *Embedded) Connect(o Options) (*Bus, error) {
	return connect("", o, nats.InProcessServer(e.server))
}

// Stop ends the server and returns when its files are closed, or with the context's error.
func (e *Embedded) Stop(ctx context.Context) error {
	done := make(chan struct{})
	go func() {
		defer close(done)
		e.server.Shutdown()
		e.server.WaitForShutdown()
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("embedded NATS still busy: %w", ctx.Err())
	}
}

func loopback(address string) (string, int, error) {
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		return "", 0, fmt.Errorf("embedded NATS: %w", err)
	}
	port, err := strconv.Atoi(text)
	if err != nil || port < 0 || port > 65535 {
		return "", 0, fmt.Errorf("embedded NATS: %q is not a port", text)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return "", 0, fmt.Errorf("embedded NATS listens on loopback only, not on %q: use a NATS cluster between machines", host)
	}
	if port == 0 {
		port = server.RANDOM_PORT
	}
	return host, port, nil
}
