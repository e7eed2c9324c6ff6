package auth

import (
	"context"
	"crypto/x509"
	"slices"
	"strings"
	"time"

	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/peer"
)

// servicePlace is where the service's name stands in a pattern.
const servicePlace = "{service}"

// Local is the address of a service that calls from the same process, and its identity.
type Local string

// Network implements net.Addr.
func (Local) Network() string { return "memory" }

// String implements net.Addr.
func (l Local) String() string { return string(l) }

// certified are the names of the workloads that this connection is of: by its certificate, which the listener has verified, or
// because it is in memory.
func (g *Guard) certified(ctx context.Context) []string {
	from, ok := peer.FromContext(ctx)
	if !ok {
		return nil
	}
	if caller, inside := from.Addr.(Local); inside {
		return []string{string(caller)}
	}
	info, ok := from.AuthInfo.(credentials.TLSInfo)
	if !ok || len(info.State.PeerCertificates) == 0 {
		return nil
	}
	return namesIn(info.State.PeerCertificates[0], g.certificates)
}

// namesIn reads the names of services out of a certificate's URIs and DNS names.
func namesIn(c *x509.Certificate, patterns []string) (names []string) {
	identities := slices.Clone(c.DNSNames)
	for _, uri := range c.URIs {
		identities = append(identities, uri.String())
	}
	for _, pattern := range patterns {
		before, after, _ := strings.Cut(pattern, servicePlace)
		for _, identity := range identities {
			rest, begins := strings.CutPrefix(identity, before)
			name, ends := strings.CutSuffix(rest, after)
			if begins && ends && name != "" && !strings.ContainsAny(name, "./*") && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// caller is a service that calls; its name is empty when none does.
type caller struct {
	name   string
	expiry time.Time // of its token; zero: a certificate, which ends with its connection
}

// workload is the service that calls. A token and a certificate that are both shown must agree.
func (g *Guard) workload(ctx context.Context) (caller, error) {
	token, shown, err := g.token(ctx, HeaderWorkload)
	if err != nil {
		return caller{}, err
	}
	certified := g.certified(ctx)
	switch {
	case shown && token.claims.Workload == "":
		return caller{}, wrongKind()
	case shown && len(certified) > 0 && !slices.Contains(certified, token.claims.Workload):
		return caller{}, unknown("the token is of %s, the certificate of %s", token.claims.Workload, strings.Join(certified, ", "))
	case shown:
		return caller{token.claims.Workload, token.expiry}, nil
	case len(certified) == 1:
		return caller{name: certified[0]}, nil
	}
	return caller{}, nil // a certificate of several services says which one calls by a token
}

func wrongKind() error {
	return unknown("a token of the wrong kind: persons in %s, workloads in %s", HeaderPerson, HeaderWorkload)
}
