package main

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"

	"google.golang.org/grpc"

	"example.com/handover/deploy/actors"
	"example.com/handover/deploy/cluster"
	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/rpc"
)

const (
	startTimeout   = 5 * time.Minute  // how long the all-in-one may take to be ready
	advanceTimeout = 5 * time.Minute  // how long a busy world is waited for at one instant
	absent         = 90 * time.Second // how long a suite that was killed may be away

	// stride is how late the suite may come to what is due: the clock stops no more often in a large population than in a small one. It
	// is shorter than the judge's grace.
	stride = 30 * time.Minute
)

// suite is the all-in-one, which dies and comes again.
type suite struct {
	at      *cluster.AllInOne
	command cluster.Command
	process *cluster.Process
	conn    *grpc.ClientConn
	issuer  *auth.Issuer
	hands   *actors.Deployment
}

func launch(ctx context.Context, binary, folder string) (*suite, error) {
	at, err := cluster.NewAllInOne(folder)
	if err != nil {
		return nil, err
	}
	for key, value := range map[string]string{ // what was left behind by a process that is gone is taken over soon
		"platform.work.lease": "2s", "platform.work.ack_wait": "2s", "platform.work.relay_lease": "1s", "platform.work.idle": "500ms",
		"services.accounttransfer.aws.settle": "300ms", "services.support.servicenow.settle": "300ms",
		"services.support.servicenow.late": "300ms", "services.notifications.settle": "300ms",
	} {
		at.File.Set(key, value)
	}
	s := &suite{at: at, command: cluster.Command{Binary: binary}}
	if err := s.start(ctx); err != nil {
		return nil, err
	}
	if s.issuer, err = auth.OpenIssuer(at.Keys); err == nil {
		s.conn, err = rpc.Dial(rpc.Target(at.GRPC), rpc.DialOptions{Timeout: time.Minute})
	}
	if err != nil {
		return nil, errors.Join(err, s.process.Stop())
	}
	s.hands = actors.Connected(func(string) grpc.ClientConnInterface { return s.conn })
	return s, nil
}

func (s *suite) start(ctx context.Context) (err error) {
	if s.process, err = s.at.Launch(ctx, s.command); err != nil {
		return err
	}
	ready, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	if err := s.process.Ready(ready, s.at.GRPC); err != nil {
		return errors.Join(err, s.process.Stop())
	}
	return nil
}

// kill ends the process wherever it is, and starts it again.
func (s *suite) kill(ctx context.Context) error {
	if err := s.process.Signal(syscall.SIGKILL); err != nil {
		return err
	}
	<-s.process.Done()
	if !s.process.EndedBy(syscall.SIGKILL) {
		return fmt.Errorf("it ended by itself: %w", s.process.Err())
	}
	return s.start(ctx)
}

func (s *suite) stop() error { return errors.Join(s.conn.Close(), s.process.Stop()) }

// signIn gives somebody a token of an hour.
func (s *suite) signIn(who auth.Principal) (actors.Person, error) {
	return actors.SignIn(s.hands, s.issuer, who)
}
