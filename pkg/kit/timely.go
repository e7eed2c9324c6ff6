package kit

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"example.com/handover/pkg/clock"
)

// httpServer has no time limit for a whole call: watches stream for as long as the client likes.
func (i *intake) httpServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler: i.timely(h), ReadHeaderTimeout: i.Handshake.Std(), IdleTimeout: i.Idle.Std(), MaxHeaderBytes: i.HeaderBytes,
		HTTP2:       &http.HTTP2Config{MaxConcurrentStreams: i.HTTPStreams},
		ErrorLog:    slog.NewLogLogger(i.log.Handler(), slog.LevelDebug), // it is all about callers
		BaseContext: func(net.Listener) context.Context { return i.running },
	}
}

// linger is how long the rest of a body is read that its handler did not want, so that the answer arrives.
const linger = time.Second

// timely gives each body its time. It ends with the body: a deadline that stays would cancel a call that takes longer.
func (i *intake) timely(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body == nil || r.Body == http.NoBody {
			next.ServeHTTP(w, r)
			return
		}
		until := func(at time.Time) { _ = http.NewResponseController(w).SetReadDeadline(at) } // every server of ours can
		after := func(d time.Duration) time.Time { return clock.Machine{}.Now().Time().Add(d) }
		until(after(i.Body.Std()))
		body := &timedBody{ReadCloser: r.Body, arrived: func() { until(time.Time{}) }, late: func() { i.refused("body") }}
		r.Body = body
		next.ServeHTTP(w, r)
		if !body.whole {
			until(after(linger))
		}
	})
}

// timedBody says when a body has arrived, and when it was too late.
type timedBody struct {
	io.ReadCloser
	arrived, late func()
	whole         bool
}

// Read implements io.Reader.
func (b *timedBody) Read(into []byte) (int, error) {
	n, err := b.ReadCloser.Read(into)
	switch {
	case errors.Is(err, io.EOF) && !b.whole:
		b.whole = true
		b.arrived()
	case errors.Is(err, os.ErrDeadlineExceeded):
		b.late()
	}
	return n, err
}
