package rpc

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/metric/noop"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/call"
	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/limit"
	"example.com/handover/pkg/text"
)

// Options is what the standard chain needs.
type Options struct {
	Guard *auth.Guard
	Log   *slog.Logger
	Meter metric.Meter // nil: nothing is measured
	// Words are those in which a service of the contract ("orders") speaks to this caller; nil: nobody's.
	Words func(ctx context.Context, service string) text.Words
	// Belongs says how a service of the contract knows whose a customer is; nil: partners have none.
	Belongs func(service string) auth.Belongs
	Machine clock.Machine  // the zero value is the machine's own clock
	Calls   *limit.Calls   // of a person; nil: as many as it likes
	Streams *limit.Streams // of a known caller; nil: as many as it likes
	// UnknownStreams are those of callers without an identity, so that they take none from the others; nil: as many as they like.
	UnknownStreams *limit.Streams
	Bodies         *limit.Bodies // on their way; nil: as many as they like, for as long as they like
	// Services are the full proto names of the served services, to check and compile their declarations at start; others are
	// found at first use.
	Services []string
}

// Standard returns the chain of every server of the suite, outermost first. Metrics are outside of authentication, so
// that an attack shows; the request is read inside, so that unauthenticated callers learn nothing and cost nothing.
func Standard(o Options) ([]Link, error) {
	if o.Guard == nil || o.Log == nil {
		return nil, errors.New("standard chain: a guard and a logger are needed")
	}
	if o.Meter == nil {
		o.Meter = noop.Meter{}
	}
	requests, err := o.check()
	if err != nil {
		return nil, fmt.Errorf("standard chain: %w", err)
	}
	measured, err := metrics(o.Meter)
	if err != nil {
		return nil, fmt.Errorf("standard chain: %w", err)
	}
	named := new(texts)
	validate, err := newValidate(named, requests)
	if err != nil {
		return nil, fmt.Errorf("standard chain: %w", err)
	}
	return []Link{
		behaviour{around: o.lastResort}.link("recover"),
		behaviour{open: requestID}.link("request id"),
		logging(o.Log).link("log"),
		measured.link("metrics"),
		behaviour{around: o.errors}.link("errors"),
		behaviour{open: o.authenticate}.link("authenticate"),
		behaviour{open: o.heldToRate}.link("rate"),
		behaviour{open: o.admit}.link("admit"),
		o.request(), // who calls, and whether it may, is known by now
		behaviour{each: logRequest(o.Log)}.link("log request"),
		behaviour{each: noNUL}.link("NUL"), // before a customer's id is looked up
		behaviour{each: o.admitRequest}.link("authorize"),
		behaviour{around: o.countedStream}.link("streams"),
		behaviour{open: idempotency}.link("idempotency key"),
		behaviour{around: deadline}.link("deadline"),
		behaviour{each: noUnknownFields}.link("unknown fields"),
		behaviour{each: named.trim}.link("trim names"),
		behaviour{each: validate}.link("validate"),
	}, nil
}

// check looks at every method of the served services and returns their request messages.
func (o Options) check() ([]protoreflect.MessageDescriptor, error) {
	var requests []protoreflect.MessageDescriptor
	for _, name := range o.Services {
		d, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(name))
		service, ok := d.(protoreflect.ServiceDescriptor)
		if err != nil || !ok {
			return nil, fmt.Errorf("service %s is not in the contract", name)
		}
		for i := range service.Methods().Len() {
			m := service.Methods().Get(i)
			if err := o.Guard.Check("/" + name + "/" + string(m.Name())); err != nil {
				return nil, err
			}
			requests = append(requests, m.Input())
		}
	}
	return requests, nil
}

// lastResort is for a panic in the links between it and errors, which recovers the handler's.
func (o Options) lastResort(ctx context.Context, m method, next func(context.Context) error) error {
	err := recovering(ctx, next)
	if e, ok := errs.As(err); ok { // everything further in has made a status of it
		o.Log.ErrorContext(ctx, "panic in the chain", "method", m.name, "error", e)
		return o.status(ctx, m, e)
	}
	return err
}

// errors makes statuses of errors, and is where an INTERNAL one is logged with its cause: once, because everything
// further out sees a status.
func (o Options) errors(ctx context.Context, m method, next func(context.Context) error) error {
	err := recovering(ctx, next)
	if err == nil {
		return nil
	}
	e := m.placed(classify(err))
	if e.Kind == errs.Internal {
		o.Log.ErrorContext(ctx, "internal error", "request", call.From(ctx).ID, "method", m.name, "error", e)
	}
	o.Guard.NoteDenial(ctx, recordOf(ctx).principal, e)
	return o.status(ctx, m, e)
}

// status says an error in the words of the service that serves the method.
func (o Options) status(ctx context.Context, m method, e *errs.Error) error {
	var words text.Words
	if o.Words != nil {
		words = o.Words(ctx, serviceOf(m.name))
	}
	return ToStatus(e, domainOf(m.name), words).Err()
}

func (o Options) authenticate(ctx context.Context, m method) (context.Context, error) {
	ctx, err := o.Guard.Authenticate(ctx, m.name)
	if p, ok := auth.From(ctx); ok {
		recordOf(ctx).principal = p
	}
	return ctx, err
}

func (o Options) admit(ctx context.Context, m method) (context.Context, error) {
	return ctx, o.Guard.Admit(ctx, m.name)
}

func (o Options) admitRequest(ctx context.Context, m method, request proto.Message) error {
	var belongs auth.Belongs
	if o.Belongs != nil {
		belongs = o.Belongs(serviceOf(m.name))
	}
	return o.Guard.AdmitRequest(ctx, m.name, request, belongs)
}
