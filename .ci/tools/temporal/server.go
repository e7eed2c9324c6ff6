package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/server/common/authorization"
	"go.temporal.io/server/common/dynamicconfig"
	"go.temporal.io/server/common/log"
	"go.temporal.io/server/temporal"
	"google.golang.org/protobuf/types/known/durationpb"
)

// namespace is where the workflows run.
const namespace = "bench"

// server is Temporal's server and the worker.
type server struct {
	server temporal.Server
	worker worker.Worker
	client client.Client
}

// start makes the tables, starts the server and lets the worker poll.
func start(ctx context.Context, main, visibility string, c call) (*server, error) {
	logger := log.NewZapLogger(log.BuildZapLogger(log.Config{Level: "error"}))
	cfg, err := configuration(main, visibility, logger)
	if err != nil {
		return nil, err
	}
	s := &server{}
	s.server, err = temporal.NewServer(
		temporal.WithConfig(cfg), temporal.ForServices(temporal.DefaultServices), temporal.WithLogger(logger),
		temporal.WithAuthorizer(authorization.NewNoopAuthorizer()), temporal.WithDynamicConfigClient(tuned()),
	)
	if err != nil {
		return nil, err
	}
	if err := s.server.Start(); err != nil {
		return nil, err
	}
	if err := s.register(ctx, cfg.PublicClient.HostPort); err != nil {
		return nil, errors.Join(err, s.server.Stop())
	}
	at := client.Options{HostPort: cfg.PublicClient.HostPort, Namespace: namespace, Logger: log.NewSdkLogger(logger)}
	if s.client, err = client.Dial(at); err != nil {
		return nil, errors.Join(err, s.server.Stop())
	}
	c.http = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: slots}, Timeout: time.Minute}
	s.worker = worker.New(s.client, queue, worker.Options{
		MaxConcurrentActivityExecutionSize: slots, MaxConcurrentWorkflowTaskExecutionSize: slots,
		MaxConcurrentActivityTaskPollers: pollers, MaxConcurrentWorkflowTaskPollers: pollers,
	})
	s.worker.RegisterWorkflow(transfer)
	s.worker.RegisterActivityWithOptions(c.step, activity.RegisterOptions{Name: "step"})
	if err := s.worker.Start(); err != nil {
		return nil, errors.Join(err, s.server.Stop())
	}
	return s, nil
}

// What the worker may do at once: more than the benchmarks start.
const (
	slots   = 1000
	pollers = 16
)

// tuned is the server's dynamic configuration, faster than its defaults here: an activity goes to the worker that asked for it, a queue
// has one partition, a shard writes several rows at once, and no limit of the rate is met.
func tuned() dynamicconfig.StaticClient {
	const any = 1_000_000
	return dynamicconfig.StaticClient{
		dynamicconfig.EnableActivityEagerExecution.Key():        true,
		dynamicconfig.MatchingNumTaskqueueReadPartitions.Key():  1,
		dynamicconfig.MatchingNumTaskqueueWritePartitions.Key(): 1,
		dynamicconfig.ShardIOConcurrency.Key():                  16,
		dynamicconfig.FrontendRPS.Key():                         any,
		dynamicconfig.FrontendMaxNamespaceRPSPerInstance.Key():  any,
		dynamicconfig.FrontendPersistenceMaxQPS.Key():           any,
		dynamicconfig.HistoryRPS.Key():                          any,
		dynamicconfig.HistoryPersistenceMaxQPS.Key():            any,
		dynamicconfig.MatchingRPS.Key():                         any,
		dynamicconfig.MatchingPersistenceMaxQPS.Key():           any,
	}
}

// register waits until the server answers, and until it knows the namespace.
func (s *server) register(ctx context.Context, address string) error {
	names, err := client.NewNamespaceClient(client.Options{HostPort: address})
	if err != nil {
		return err
	}
	defer names.Close()
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	for {
		err := names.Register(ctx, &workflowservice.RegisterNamespaceRequest{
			Namespace: namespace, WorkflowExecutionRetentionPeriod: durationpb.New(24 * time.Hour),
		})
		if known := (*serviceerror.NamespaceAlreadyExists)(nil); errors.As(err, &known) {
			return nil
		}
		select {
		case <-time.After(200 * time.Millisecond):
		case <-ctx.Done():
			return fmt.Errorf("the server does not answer: %w", err)
		}
	}
}

// transfer runs one workflow to its result.
func (s *server) transfer(ctx context.Context) error {
	run, err := s.client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{TaskQueue: queue}, transfer)
	if err != nil {
		return err
	}
	var answers []string
	if err := run.Get(ctx, &answers); err != nil {
		return err
	}
	if len(answers) != steps {
		return fmt.Errorf("%d steps were done", len(answers))
	}
	return nil
}

func (s *server) stop() {
	s.worker.Stop()
	s.client.Close()
	_ = s.server.Stop()
}

// Temporal keeps the ports of its roles as integers of two bytes.
const firstPort, ports = 12000, 16000

// free returns a port of loopback that nobody listens on.
func free() (int, error) {
	for range 100 {
		port := firstPort + rand.IntN(ports)
		if l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			return port, l.Close()
		}
	}
	return 0, errors.New("no free port was found")
}
