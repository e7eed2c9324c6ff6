package event

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"example.com/handover/pkg/tlsfile"
)

// EmbeddedOptions tune the NATS server inside a process.
type EmbeddedOptions struct {
	Listen     string        // loopback address for other processes, "127.0.0.1:4222"; port 0: any; empty: no port at all
	Accounts   []Account     // whoever connects must be a user of one
	File       string        // of the accounts, as WriteAccounts writes it, instead of them; read again when it changes
	TLS        tlsfile.Files // of the listener; none: without TLS
	SyncAlways bool          // fsync before every acknowledgement: a power cut then loses nothing
	Log        *slog.Logger  // nil: slog.Default; the server's chatter goes to its debug level
}

// Embedded is a NATS server with JetStream in this process.
type Embedded struct {
	server   *server.Server
	listens  bool
	file     string // of the accounts
	forget   context.CancelFunc
	followed chan struct{} // closed when the file is no longer looked at
}

// startTimeout bounds how long a server may take to recover its streams.
const startTimeout = 30 * time.Second

// StartEmbedded starts a server that keeps its streams in the folder dir. The caller makes sure that no other process
// uses the folder. An address that is not loopback is refused.
func StartEmbedded(dir string, o EmbeddedOptions) (*Embedded, error) {
	log := orDefault(o.Log).With("component", "nats")
	var certificates *tlsfile.Source
	var known []byte
	var err error
	if o.TLS.Set() {
		if certificates, err = tlsfile.Open(o.TLS, log); err != nil {
			return nil, fmt.Errorf("embedded NATS: %w", err)
		}
	}
	if o.File != "" {
		if known, err = os.ReadFile(o.File); err != nil {
			return nil, fmt.Errorf("accounts of the embedded NATS: %w", err)
		}
	}
	build := func() (*server.Options, error) { return o.server(dir, certificates) }
	options, err := build()
	if err != nil {
		return nil, err
	}
	e, err := startServer(dir, options, log)
	if err != nil {
		return nil, err
	}
	e.listens, e.file = o.Listen != "", o.File
	ctx, forget := context.WithCancel(context.Background())
	e.forget, e.followed = forget, make(chan struct{})
	if o.File == "" {
		close(e.followed)
	} else {
		go e.followFile(ctx, log, build, known)
	}
	return e, nil
}

// server are the options of the library.
func (o EmbeddedOptions) server(dir string, certificates *tlsfile.Source) (*server.Options, error) {
	options := &server.Options{}
	if err := o.authorize(options); err != nil {
		return nil, fmt.Errorf("accounts of the embedded NATS: %w", err)
	}
	options.ServerName, options.NoSigs, options.MaxPayload = "handover", true, 4<<20
	options.JetStream, options.StoreDir, options.SyncAlways = true, dir, o.SyncAlways
	options.DontListen = o.Listen == ""
	if o.Listen != "" {
		host, port, err := loopback(o.Listen)
		if err != nil {
			return nil, err
		}
		options.Host, options.Port = host, port
	}
	if certificates != nil {
		options.TLSConfig, options.TLSTimeout = certificates.Server(), tlsTimeout
	}
	return options, nil
}

// authorize says who may connect. It takes the same text as a server of its own would, so that the rules are the same.
func (o EmbeddedOptions) authorize(options *server.Options) error {
	if o.File != "" {
		if err := options.ProcessConfigFile(o.File); err != nil {
			return err
		}
	} else {
		var text strings.Builder
		if err := WriteAccounts(&text, o.Accounts); err != nil {
			return err
		}
		if err := options.ProcessConfigString(text.String()); err != nil {
			return err
		}
	}
	if len(options.Nkeys) == 0 {
		return errors.New("they have no user with a key, so that everybody could do everything")
	}
	return nil
}

// tlsTimeout is how long a client may take for its handshake, in seconds.
const tlsTimeout = 5

func startServer(dir string, options *server.Options, log *slog.Logger) (*Embedded, error) {
	s, err := server.NewServer(options)
	if err != nil {
		return nil, fmt.Errorf("embedded NATS: %w", err)
	}
	s.SetLoggerV2(serverLog{log}, false, false, false)
	s.Start()
	if !s.ReadyForConnections(startTimeout) {
		s.Shutdown()
		return nil, fmt.Errorf("embedded NATS in %s was not ready after %s", dir, startTimeout)
	}
	if !s.JetStreamEnabled() {
		s.Shutdown()
		return nil, fmt.Errorf("embedded NATS in %s could not open its streams", dir)
	}
	return &Embedded{server: s}, nil
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
	o.TLS = tlsfile.Files{}
	return connect("", o, nats.InProcessServer(e.server))
}

// Stop ends the server and returns when its files are closed, or with the context's error.
func (e *Embedded) Stop(ctx context.Context) error {
	done := make(chan struct{})
	e.forget()
	go func() {
		defer close(done)
		<-e.followed
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
