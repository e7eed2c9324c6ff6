package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"example.com/handover/pkg/clock"
)

// frames is an HTTP/2 connection that says what no library would.
type frames struct {
	net.Conn
	*http2.Framer
	headers *hpack.Encoder
	block   bytes.Buffer
}

// open makes a connection with HTTP/2 begun on it; limit is when it is given up.
func (t *target) open(ctx context.Context, address string, limit time.Duration) (*frames, error) {
	conn, err := t.speaking(ctx, address, limit, "h2")
	if err != nil {
		return nil, err
	}
	f := &frames{Conn: conn, Framer: http2.NewFramer(conn, conn)}
	f.headers = hpack.NewEncoder(&f.block)
	if _, err = io.WriteString(conn, http2.ClientPreface); err == nil {
		err = f.WriteSettings()
	}
	return f, err
}

// raw is a connection without a word on it.
func raw(ctx context.Context, address string, limit time.Duration) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	return conn, conn.SetDeadline(clock.Machine{}.Now().Time().Add(limit))
}

// speaking is a connection that is encrypted where the deployment is.
func (t *target) speaking(ctx context.Context, address string, limit time.Duration, protocol string) (net.Conn, error) {
	conn, err := raw(ctx, address, limit)
	if err != nil || t.roots == nil {
		return conn, err
	}
	c := t.tls()
	c.NextProtos = []string{protocol}
	return tls.Client(conn, c), nil
}

// call begins a gRPC call without a body.
func (f *frames) call(stream uint32, method string) error {
	f.block.Reset()
	for _, h := range [][2]string{
		{":method", "POST"},
		{":scheme", "https"},
		{":path", method},
		{":authority", "x"},
		{"content-type", "application/grpc"},
		{"te", "trailers"},
	} {
		if err := f.headers.WriteField(hpack.HeaderField{Name: h[0], Value: h[1]}); err != nil {
			return err
		}
	}
	return f.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: f.block.Bytes(), EndHeaders: true})
}
