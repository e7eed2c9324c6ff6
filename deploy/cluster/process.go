package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health/grpc_health_v1"
)

// grace is what a process gets between SIGTERM and SIGKILL.
const grace = time.Minute

// Process is one process of the suite that this one started.
type Process struct {
	Name string
	PID  int

	log  string
	tls  credentials.TransportCredentials
	end  context.CancelFunc
	done chan struct{}
	err  error // valid when done is closed
}

// Command says what to start.
type Command struct {
	Name   string                           // for messages
	Binary string                           // path
	Args   []string                         // without the binary
	Folder string                           // its working folder
	Log    string                           // file that its output is appended to
	TLS    credentials.TransportCredentials // how Ready asks it; nil: plain text
	As     *syscall.Credential              // whose process it is; nil: as whom this one runs
}

// Launch starts a process. It is asked to end when ctx does, and killed when it does not within 15 seconds.
func Launch(ctx context.Context, c Command) (*Process, error) {
	log, err := os.OpenFile(c.Log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }() // the process has its own copy
	ctx, end := context.WithCancel(ctx)
	cmd := exec.CommandContext(ctx, c.Binary, c.Args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = c.Folder, log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.As}
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = grace
	if c.TLS == nil {
		c.TLS = insecure.NewCredentials()
	}
	if err := cmd.Start(); err != nil {
		end()
		return nil, fmt.Errorf("start %s: %w", c.Name, err)
	}
	p := &Process{Name: c.Name, PID: cmd.Process.Pid, log: c.Log, tls: c.TLS, end: end, done: make(chan struct{})}
	go func() {
		defer close(p.done)
		defer end()
		p.err = cmd.Wait()
	}()
	return p, nil
}

// Ready waits until the process is healthy at its gRPC address.
func (p *Process) Ready(ctx context.Context, address string) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		select {
		case <-p.done:
			cancel(fmt.Errorf("%s ended before it was ready: %w; its log is %s", p.Name, p.Err(), p.log))
		case <-ctx.Done():
		}
	}()
	conn, err := grpc.NewClient("passthrough:///"+address, grpc.WithTransportCredentials(p.tls),
		grpc.WithConnectParams(grpc.ConnectParams{
			Backoff:           backoff.Config{BaseDelay: 10 * time.Millisecond, Multiplier: 1.5, MaxDelay: 100 * time.Millisecond},
			MinConnectTimeout: time.Second,
		}))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // nothing is lost with it
	_, err = grpc_health_v1.NewHealthClient(conn).Check(ctx, &grpc_health_v1.HealthCheckRequest{}, grpc.WaitForReady(true))
	if err != nil {
		return fmt.Errorf("%s is not ready: %w", p.Name, errors.Join(err, context.Cause(ctx)))
	}
	return nil
}

// Signal reaches the process this one started and no other: one that has ended is left alone.
func (p *Process) Signal(s syscall.Signal) error {
	select {
	case <-p.done:
		return nil
	default:
		return syscall.Kill(p.PID, s)
	}
}

// Stop asks the process to end and waits until it has; an unclean end is an error.
func (p *Process) Stop() error {
	p.end()
	<-p.done
	return p.Err()
}

// Done is closed when the process has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// EndedBy reports whether the process has ended by a signal that it could not, or did not yet, answer itself.
func (p *Process) EndedBy(s syscall.Signal) bool {
	exit, ok := errors.AsType[*exec.ExitError](p.wait())
	if !ok {
		return false
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == s
}

// Err is how a process that has ended did so; nil for a clean end, also one that it was asked for.
func (p *Process) Err() error {
	if err := p.wait(); err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("%s (log %s): %w", p.Name, p.log, err)
	}
	return nil
}

func (p *Process) wait() error {
	<-p.done
	return p.err
}
