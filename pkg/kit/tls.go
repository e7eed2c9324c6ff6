package kit

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"example.com/handover/pkg/tlsfile"
)

// TLS is what the process shows and whom it believes, at its listeners and as a caller of its peers. Files are read again when
// they change.
type TLS struct {
	tlsfile.Files `yaml:",inline"`
	HTTP          tlsfile.Files `yaml:"http" doc:"of the HTTP listener, when customers are shown another certificate"`
	PlainText     []string      `yaml:"plain_text" doc:"keys of this file, such as platform.http, whose addresses are beyond loopback and in plain text all the same, because something else protects them"`
}

// certificates are the sources of one process; nil: plain text.
type certificates struct {
	own  *tlsfile.Source // gRPC, the admin page, and as a caller
	http *tlsfile.Source
}

func (p *Process) openTLS(context.Context, []Service) (err error) {
	p.tls, err = p.config.Platform.TLS.open(p.log)
	return err
}

func (c TLS) open(log *slog.Logger) (out certificates, err error) {
	if c.Set() {
		if out.own, err = tlsfile.Open(c.Files, log); err != nil {
			return out, fmt.Errorf("platform.tls: %w", err)
		}
		out.http = out.own
	}
	if c.HTTP.Set() {
		if out.http, err = tlsfile.Open(c.HTTP, log); err != nil {
			return out, fmt.Errorf("platform.tls.http: %w", err)
		}
	}
	return out, nil
}

// grpcServer asks callers for a certificate, which then is their identity; persons have none.
func (c certificates) grpcServer() []grpc.ServerOption {
	if c.own == nil {
		return nil
	}
	return []grpc.ServerOption{grpc.Creds(credentials.NewTLS(c.own.Asking()))}
}

// caller is what a peer in another process is called with; nil: plain text.
func (c certificates) caller() credentials.TransportCredentials {
	if c.own == nil {
		return nil
	}
	return c.own.Credentials()
}

// wrap encrypts a listener for browsers, scrapers and probes, which show no certificate.
func wrap(l net.Listener, source *tlsfile.Source) net.Listener {
	if source == nil {
		return l
	}
	c := source.Public()
	c.NextProtos = []string{"h2", "http/1.1"}
	return tls.NewListener(l, c)
}
