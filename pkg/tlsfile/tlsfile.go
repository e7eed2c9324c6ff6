// Package tlsfile makes TLS configurations from files that are read again when they change, so that certificates and
// authorities are replaced without a restart: the next handshake uses the new ones, connections that stand are left alone.
//
// It owns the reading and the verification against what was read. Who may do what with a verified name, the caller says.
package tlsfile

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"

	"example.com/handover/pkg/config"
)

// Files are one side's certificate and whom it believes.
type Files struct {
	Certificate config.File `yaml:"certificate" doc:"PEM file with the own certificate, the chain after it; read again when it changes"`
	Key         config.File `yaml:"key" doc:"PEM file with the private key of the certificate"`
	Authorities config.File `yaml:"authorities" doc:"PEM file with the authorities that sign the other side's certificates; empty: a client believes those of the system, a server asks for no certificate"`
}

// Set reports whether any file is named.
func (f Files) Set() bool { return f != Files{} }

// Source is what the files held when they were last read whole.
type Source struct {
	files Files
	log   *slog.Logger

	mu          sync.Mutex
	read        contents
	certificate *tls.Certificate
	authorities *x509.CertPool
}

// contents are what the three files hold. They are compared as a whole: two changes may come faster than a file's time moves.
type contents [3]string

// Open reads the files. It fails when one is missing or none of what it should be; later such a file is logged, and what
// was read before stays in use.
func Open(f Files, log *slog.Logger) (*Source, error) {
	if (f.Certificate == "") != (f.Key == "") {
		return nil, errors.New("TLS needs the certificate and its key, or neither")
	}
	s := &Source{files: f, log: log}
	return s, s.load()
}

// Server is the configuration of a listener. Where authorities are named, a client must show a certificate of theirs.
func (s *Source) Server() *tls.Config {
	c := &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
		certificate, _ := s.current()
		if certificate == nil {
			return nil, errors.New("no certificate is configured")
		}
		return certificate, nil
	}}
	if s.files.Authorities != "" {
		c.ClientAuth = tls.RequireAnyClientCert // believed or not by verify, whose authorities may change
		c.VerifyConnection = s.verify
	}
	return c
}

// Public is Server for a listener whose callers have no certificates.
func (s *Source) Public() *tls.Config {
	c := s.Server()
	c.ClientAuth, c.VerifyConnection = tls.NoClientCert, nil
	return c
}

// Asking is Server for a listener whose callers may identify themselves otherwise: it asks for a certificate, and one that
// is shown must be of the authorities.
func (s *Source) Asking() *tls.Config {
	c := s.Server()
	if c.ClientAuth == tls.RequireAnyClientCert {
		c.ClientAuth = tls.RequestClientCert
	}
	return c
}

// Client is the configuration of a caller's next connection: each handshake takes a fresh one. The caller shows its
// certificate when it has one and is asked.
func (s *Source) Client() *tls.Config {
	certificate, authorities := s.current()
	c := &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: authorities}
	if certificate != nil {
		c.Certificates = []tls.Certificate{*certificate}
	}
	return c
}

// verify checks the chain of a client against the authorities of now.
func (s *Source) verify(state tls.ConnectionState) error {
	if len(state.PeerCertificates) == 0 {
		return nil // crypto/tls refuses it where one is required
	}
	_, authorities := s.current()
	options := x509.VerifyOptions{
		Roots: authorities, Intermediates: x509.NewCertPool(), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	for _, c := range state.PeerCertificates[1:] {
		options.Intermediates.AddCert(c)
	}
	_, err := state.PeerCertificates[0].Verify(options)
	return err
}

// current returns what the files hold, read again if they have changed.
func (s *Source) current() (*tls.Certificate, *x509.CertPool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.load(); err != nil {
		s.log.Warn("a TLS file cannot be used; the former one stays", "error", err)
	}
	return s.certificate, s.authorities
}

// load takes all files or none: a certificate whose key has not arrived yet changes nothing.
func (s *Source) load() error {
	var now contents
	for i, f := range []config.File{s.files.Certificate, s.files.Key, s.files.Authorities} {
		if f == "" {
			continue
		}
		text, err := os.ReadFile(f.Path())
		if err != nil {
			return fmt.Errorf("TLS: %w", err)
		}
		now[i] = string(text)
	}
	if now == s.read {
		return nil
	}
	var certificate *tls.Certificate
	var authorities *x509.CertPool
	if s.files.Certificate != "" {
		pair, err := tls.X509KeyPair([]byte(now[0]), []byte(now[1]))
		if err != nil {
			return fmt.Errorf("TLS certificate %s: %w", s.files.Certificate, err)
		}
		certificate = &pair
	}
	if s.files.Authorities != "" {
		authorities = x509.NewCertPool()
		if !authorities.AppendCertsFromPEM([]byte(now[2])) {
			return fmt.Errorf("TLS authorities: %s holds no certificate", s.files.Authorities)
		}
	}
	s.read, s.certificate, s.authorities = now, certificate, authorities
	return nil
}
