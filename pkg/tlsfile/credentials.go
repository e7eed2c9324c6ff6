package tlsfile

import (
	"context"
	"net"

	"google.golang.org/grpc/credentials"
)

// Credentials are those of a gRPC client: each new connection is made with what the files hold then.
func (s *Source) Credentials() credentials.TransportCredentials {
	return fresh{credentials.NewTLS(s.Client()), s}
}

type fresh struct {
	credentials.TransportCredentials
	source *Source
}

// ClientHandshake implements credentials.TransportCredentials.
func (f fresh) ClientHandshake(ctx context.Context, authority string, conn net.Conn) (net.Conn, credentials.AuthInfo, error) {
	return credentials.NewTLS(f.source.Client()).ClientHandshake(ctx, authority, conn)
}

// Clone implements credentials.TransportCredentials.
func (f fresh) Clone() credentials.TransportCredentials {
	return fresh{f.TransportCredentials.Clone(), f.source}
}
