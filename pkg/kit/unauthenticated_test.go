package kit_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"

	"example.com/handover/pkg/kit"
)

// patience bounds what a broken limit makes a test wait.
const patience = time.Minute

// dial opens a connection that the test closes.
func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	c := tryDial(t, address)
	if c == nil {
		t.Fatal("a connection was refused")
	}
	return c
}

// tryDial returns nil for a connection that was reset at once.
func tryDial(t *testing.T, address string) net.Conn {
	t.Helper()
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	if errors.Is(err, syscall.ECONNRESET) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return c
}

// ended reads a connection to its end, and fails when the other side leaves it open.
func ended(t *testing.T, c net.Conn) {
	t.Helper()
	_, err := io.Copy(io.Discard, c)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("%s is still open", c.LocalAddr())
	}
}

// framed begins HTTP/2 on a connection, and returns what the server says of itself.
func framed(t *testing.T, c net.Conn) (*http2.Framer, map[http2.SettingID]uint32) {
	t.Helper()
	f := http2.NewFramer(c, c)
	if _, err := io.WriteString(c, http2.ClientPreface); err != nil {
		t.Fatal(err)
	}
	if err := f.WriteSettings(); err != nil {
		t.Fatal(err)
	}
	frame, err := f.ReadFrame()
	if err != nil {
		t.Fatal(err)
	}
	first, ok := frame.(*http2.SettingsFrame)
	if !ok {
		t.Fatalf("the first frame is %v", frame)
	}
	said := map[http2.SettingID]uint32{}
	for i := range first.NumSettings() {
		said[first.Setting(i).ID] = first.Setting(i).Val
	}
	return f, said
}

func TestLargeMetadataIsNotKept(t *testing.T) {
	const calls, size, chunk = 10, 12 << 20, 16 << 10
	p := start(t, loopback(t, ""), bare("accounttransfer", transfers))
	before := heap()
	var all sync.WaitGroup
	var whole atomic.Int64
	for range calls {
		c := dial(t, p.GRPCAddress())
		f, said := framed(t, c)
		if said[http2.SettingMaxHeaderListSize] != 32<<10 {
			t.Fatalf("the server takes headers of %d bytes", said[http2.SettingMaxHeaderListSize])
		}
		all.Go(func() {
			// A literal header without a name in the table: "x", and a value of 12 MiB.
			begin := []byte{0x00, 0x01, 'x', 0x7f, 0x81, 0xff, 0xff, 0x05}
			err := f.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: begin})
			for sent := 0; err == nil && sent < size; sent += chunk {
				err = f.WriteContinuation(1, false, make([]byte, chunk))
			}
			if err == nil {
				_, err = io.Copy(io.Discard, c)
			}
			if errors.Is(err, os.ErrDeadlineExceeded) {
				whole.Add(1)
			}
		})
	}
	all.Wait()
	if n := whole.Load(); n > 0 {
		t.Errorf("%d of %d connections stay open after 12 MiB of metadata", n, calls)
	}
	if grown := heap() - before; grown > 32<<20 {
		t.Errorf("the heap has grown by %d MiB", grown>>20)
	}
}

// heap is what the process has taken for its heap and not given back, in bytes.
func heap() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapSys)
}

// A listener without TLS takes the same as one with it: the limits are beneath.
func TestSlowBodiesEnd(t *testing.T) {
	const attempts, each = 2000, 40
	c := observed(t, fmt.Sprintf("platform: {limits: {unauthenticated: {connections_each: %d, body: 50ms}}}", each))
	var arrived atomic.Int64
	p := start(t, c, bare("accounttransfer", func(_ context.Context, e *kit.Env) error {
		e.ServeHTTP(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if _, err := io.ReadAll(r.Body); err == nil {
				arrived.Add(1)
			}
		}))
		return nil
	}))
	var all sync.WaitGroup
	for range attempts {
		conn := tryDial(t, p.HTTPAddress())
		if conn == nil {
			continue
		}
		all.Go(func() {
			// One that was reset does not take it, and that is what its end shows.
			_, _ = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
			ended(t, conn)
		})
	}
	all.Wait()
	if n := arrived.Load(); n > 0 {
		t.Errorf("%d bodies that never came have arrived", n)
	}
	_, metrics := asked(t, c.Platform.Admin, "/metrics")
	for _, limit := range []string{"connections", "body"} {
		if !strings.Contains(metrics, `limit="`+limit+`"`) {
			t.Errorf("nothing is counted that was refused for its %s", limit)
		}
	}
}

// A call that takes longer than a body may is left alone once its body has arrived.
func TestALongCallKeepsItsConnection(t *testing.T) {
	goOn := make(chan struct{})
	c := loopback(t, "platform: {limits: {unauthenticated: {body: 500ms}}}")
	p := start(t, c, bare("accounttransfer", func(_ context.Context, e *kit.Env) error {
		e.ServeHTTP(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if _, err := io.ReadAll(r.Body); err != nil {
				return // it was late
			}
			select {
			case <-goOn:
			case <-r.Context().Done():
				t.Error("the call was cancelled:", context.Cause(r.Context()))
			}
		}))
		return nil
	}))
	slow := dial(t, p.HTTPAddress())
	_, err := io.WriteString(slow, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
	if err != nil {
		t.Fatal(err)
	}
	late := dial(t, p.HTTPAddress()) // it begins later: when its time is over, the first one's would have been
	if _, err := io.WriteString(late, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	ended(t, late)
	close(goOn)
	answer := make([]byte, len("HTTP/1.1 200"))
	if _, err := io.ReadFull(slow, answer); err != nil || string(answer) != "HTTP/1.1 200" {
		t.Errorf("got %q, %v", answer, err)
	}
}

func TestConnectionsOfAnAddress(t *testing.T) {
	c := observed(t, "platform: {limits: {unauthenticated: {connections_each: 3}}}")
	p := start(t, c, bare("accounttransfer", transfers))
	for name, address := range map[string]string{"gRPC": p.GRPCAddress(), "HTTP": p.HTTPAddress()} {
		t.Run(name, func(t *testing.T) {
			held := []net.Conn{dial(t, address), dial(t, address), dial(t, address)}
			if fourth := tryDial(t, address); fourth != nil {
				ended(t, fourth)
			}
			_ = held[0].Close()
			for refused := true; refused; { // until the server has seen it
				one := tryDial(t, address)
				if one == nil {
					continue
				}
				_, err := io.WriteString(one, "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
				if err == nil {
					_, err = one.Read(make([]byte, 1))
				}
				if errors.Is(err, os.ErrDeadlineExceeded) {
					t.Fatal("no answer")
				}
				refused = err != nil && !errors.Is(err, io.EOF) // gRPC ends what is not HTTP/2
				_ = one.Close()
			}
		})
	}
}

func TestHandshakesEnd(t *testing.T) {
	const quick = "platform: {limits: {unauthenticated: {handshake: 50ms}}}"
	plain := start(t, loopback(t, quick), bare("accounttransfer", transfers))
	a := newAuthority(t)
	a.issue(t, a, "accounttransfer")
	encrypted := start(t, with(t, loopback(t, a.settings("accounttransfer")), quick), bare("accounttransfer", transfers))
	for name, tt := range map[string]struct{ address, say string }{
		"a preface that does not come":     {plain.GRPCAddress(), ""},
		"half a preface":                   {plain.GRPCAddress(), http2.ClientPreface[:10]},
		"headers that do not come":         {plain.HTTPAddress(), ""},
		"half of the headers":              {plain.HTTPAddress(), "GET / HTTP/1.1\r\nHost:"},
		"a TLS handshake that never comes": {encrypted.GRPCAddress(), ""},
		"half of a TLS handshake":          {encrypted.GRPCAddress(), "\x16\x03\x01\x02\x00"},
		"a TLS handshake over HTTP":        {encrypted.HTTPAddress(), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := dial(t, tt.address)
			if _, err := io.WriteString(c, tt.say); err != nil {
				t.Fatal(err)
			}
			ended(t, c)
		})
	}
}

func TestStreamsOfAConnection(t *testing.T) {
	a := newAuthority(t)
	a.issue(t, a, "accounttransfer")
	c := with(t, loopback(t, a.settings("accounttransfer")), "platform: {limits: {unauthenticated: {grpc_streams: 7, http_streams: 5}}}")
	p := start(t, c, bare("accounttransfer", transfers))
	for address, want := range map[string]uint32{p.GRPCAddress(): 7, p.HTTPAddress(): 5} {
		c := tls.Client(dial(t, address), &tls.Config{
			InsecureSkipVerify: true, // it is not asked who serves
			NextProtos:         []string{"h2"},
		})
		if _, said := framed(t, c); said[http2.SettingMaxConcurrentStreams] != want {
			t.Errorf("a connection may have %d streams, want %d", said[http2.SettingMaxConcurrentStreams], want)
		}
	}
}

func TestStreamsWithoutAnIdentity(t *testing.T) {
	p := start(t, loopback(t, "platform: {limits: {unauthenticated: {streams_each: 1}}}"), bare("accounttransfer", transfers))
	conn, err := grpc.NewClient(p.GRPCAddress(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	for _, want := range []codes.Code{codes.OK, codes.ResourceExhausted} {
		s, err := grpc_health_v1.NewHealthClient(conn).Watch(t.Context(), &grpc_health_v1.HealthCheckRequest{})
		if err == nil {
			_, err = s.Recv()
		}
		if status.Code(err) != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
