package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/http2"
	"google.golang.org/grpc/health/grpc_health_v1"
)

// waits is how long a connection is watched: the limits that ship are ten seconds each.
const waits = 45 * time.Second

// largeMetadata sends headers of 12 MiB over gRPC and over HTTP, without a token.
func largeMetadata(ctx context.Context, t *target, o *outcome) error {
	const calls, size = 10, 12 << 20
	return t.measured(o, func() error {
		var all sync.WaitGroup
		for range calls {
			all.Go(func() { o.ended("gRPC", t.headers(ctx, size)) })
			all.Go(func() {
				conn, err := t.raw11(ctx, waits)
				if err == nil {
					defer func() { _ = conn.Close() }()
					_, err = fmt.Fprintf(conn, "GET /v1/orders HTTP/1.1\r\nHost: x\r\nX: %s\r\n\r\n", strings.Repeat("x", size))
				}
				if err == nil {
					_, err = io.Copy(io.Discard, conn)
				}
				o.ended("HTTP", err)
			})
		}
		all.Wait()
		return nil
	})
}

// headers sends so many bytes of one call's headers, and waits for the end of the connection.
func (t *target) headers(ctx context.Context, size int) error {
	f, err := t.open(ctx, t.grpc["orders"], waits)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	const chunk = 16 << 10
	// A literal without a name in the table: "x", and a value of 12 MiB.
	err = f.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: []byte{0x00, 0x01, 'x', 0x7f, 0x81, 0xff, 0xff, 0x05}})
	for sent := 0; err == nil && sent < size; sent += chunk {
		err = f.WriteContinuation(1, false, make([]byte, chunk))
	}
	if err == nil {
		_, err = io.Copy(io.Discard, f.Conn)
	}
	return err
}

// ended counts a connection that the other side has ended, in whatever way.
func (o *outcome) ended(what string, err error) {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		o.gotIn("%s: still open after %s", what, waits)
		return
	}
	o.refused(what + " ended")
}

// slowCallers open 2,000 requests whose body does not come, as many connections that say nothing, and calls without a body.
func slowCallers(ctx context.Context, t *target, o *outcome) error {
	const n, calls = 2000, 200
	return t.measured(o, func() error {
		var all sync.WaitGroup
		for i := range n {
			all.Go(func() { t.slowBody(ctx, o, i) })
			all.Go(func() { o.ended("idle connection", t.idle(ctx)) })
		}
		for range calls {
			all.Go(func() {
				s, err := t.honest["orders"].NewStream(ctx, streamDesc(), grpc_health_v1.Health_Check_FullMethodName)
				if err == nil {
					err = s.RecvMsg(&grpc_health_v1.HealthCheckResponse{})
				}
				o.want("a call without its body", err, "CANCELLED", "Canceled", "BODIES_EXHAUSTED")
			})
		}
		all.Wait()
		return nil
	})
}

// slowBody announces a body and sends one byte of it: without a token, with a forged one, and for a link.
func (t *target) slowBody(ctx context.Context, o *outcome, i int) {
	conn, err := t.raw11(ctx, waits)
	if err != nil {
		o.ended("slow body: connection", err)
		return
	}
	defer func() { _ = conn.Close() }()
	request := []string{"POST /v1/orders", "POST /v1/orders", "GET /v1/orderLinks/x"}[i%3]
	forged := []string{"", "Authorization: Bearer e30.e30.e30\r\n", ""}[i%3]
	_, err = fmt.Fprintf(conn, "%s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n%s\r\n{", request, forged)
	var text []byte
	if err == nil {
		text, err = io.ReadAll(conn)
	}
	status := strings.TrimPrefix(string(text[:min(len(text), len("HTTP/1.1 401"))]), "HTTP/1.1 ")
	switch status {
	case "":
		o.ended("slow body: connection", err)
	case "401", "408", "429", "503":
		o.refused("slow body: " + status)
	default:
		o.gotIn("slow body: %s", status)
	}
}

func (t *target) idle(ctx context.Context) error {
	conn, err := raw(ctx, t.grpc["orders"], waits)
	if err == nil {
		defer func() { _ = conn.Close() }()
		_, err = io.Copy(io.Discard, conn)
	}
	return err
}

// manyStreams wants every listener to say how many calls it takes over one connection. Then it begins 5,000 over one and
// sends no body: those of methods that need no token, and others.
func manyStreams(ctx context.Context, t *target, o *outcome) error {
	const n, gRPC, http = 5000, 2000, 100 // as they ship
	for service, address := range t.grpc {
		if err := t.announced(ctx, o, "gRPC of "+service, address, gRPC); err != nil {
			return err
		}
	}
	if err := t.announced(ctx, o, "HTTP", t.http, http); err != nil {
		return err
	}
	return t.measured(o, func() error {
		f, err := t.open(ctx, t.grpc["orders"], waits)
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }()
		go func() {
			for i := range uint32(n) {
				method := []string{grpc_health_v1.Health_Check_FullMethodName, "/handover.orders.v1.OrderService/ListOrders"}[i%2]
				if f.call(2*i+1, method) != nil {
					return // the reader sees why
				}
			}
		}()
		for ended := 0; ended < n; {
			frame, err := f.ReadFrame()
			switch frame := frame.(type) {
			case nil:
				o.ended("connection", err)
				return nil
			case *http2.RSTStreamFrame:
				if frame.ErrCode != http2.ErrCodeNo { // which follows a refusal
					ended++
					o.refused("stream reset: " + frame.ErrCode.String())
				}
			case *http2.HeadersFrame:
				if frame.StreamEnded() {
					ended++
					o.refused("stream refused")
				}
			}
		}
		return nil
	})
}

// announced holds what a server says in its first frame, and then keeps to, against the most.
func (t *target) announced(ctx context.Context, o *outcome, who, address string, most uint32) error {
	f, err := t.open(ctx, address, waits)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	first, err := f.ReadFrame()
	if err != nil {
		return fmt.Errorf("the settings of %s: %w", who, err)
	}
	settings, ok := first.(*http2.SettingsFrame)
	if !ok {
		return fmt.Errorf("the settings of %s: it sent %s", who, first.Header())
	}
	switch streams, said := settings.Value(http2.SettingMaxConcurrentStreams); {
	case !said:
		o.gotIn("%s: as many streams as one likes", who)
	case streams > most:
		o.gotIn("%s: %d streams, want at most %d", who, streams, most)
	default:
		o.refused(fmt.Sprintf("at most %d streams", streams))
	}
	return nil
}

// raw11 is a connection to the gateway that speaks HTTP/1.1.
func (t *target) raw11(ctx context.Context, limit time.Duration) (io.ReadWriteCloser, error) {
	return t.speaking(ctx, t.http, limit, "http/1.1")
}
