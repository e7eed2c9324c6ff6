package rpc_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/internal/probe"
	"example.com/handover/pkg/rpc"
	"example.com/handover/pkg/text"
)

// whole is an error with every attribute set.
func whole(kind errs.Kind) *errs.Error {
	e := errs.Wrap(errors.New("secret cause"), kind, "SOME_REASON", "grüezi, 100%% of it")
	e = e.WithField("lines[1].quantity", "TOO_MANY", "at most 9").WithField("name", "EMPTY", "is needed")
	e = e.WithMeta("transfer_id", "trf_1").WithMeta("state", "OPEN")
	e = e.WithRemedy(errs.Remedy{
		Who: "CUSTOMER", Text: text.Said("Accept the invitation", "https://console.aws.amazon.com/billing"),
		Until: time.Date(2026, 3, 1, 0, 0, 0, 123456000, time.UTC),
	})
	e.RetryAfter = 90 * time.Second
	return e
}

func sameError(t *testing.T, err error, want *errs.Error) {
	t.Helper()
	got, ok := errors.AsType[*errs.Error](err)
	if !ok {
		t.Fatalf("%T %v is no *errs.Error", err, err)
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(errs.Error{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestEveryKindCrossesTheWire(t *testing.T) {
	kinds := map[errs.Kind]codes.Code{
		errs.Invalid: codes.InvalidArgument, errs.NotFound: codes.NotFound, errs.Exists: codes.AlreadyExists,
		errs.Precondition: codes.FailedPrecondition, errs.Conflict: codes.Aborted, errs.Denied: codes.PermissionDenied,
		errs.Unauthenticated: codes.Unauthenticated, errs.Exhausted: codes.ResourceExhausted, errs.Unavailable: codes.Unavailable,
		errs.Deadline: codes.DeadlineExceeded, errs.Cancelled: codes.Canceled, errs.Unimplemented: codes.Unimplemented,
		errs.Internal: codes.Internal,
	}
	if len(kinds) != int(errs.Unimplemented)+1 {
		t.Fatalf("%d kinds, want %d", len(kinds), errs.Unimplemented+1)
	}
	var kind errs.Kind
	f := serve(t, setup{handle: func(context.Context, string, proto.Message, func(string) error) error { return whole(kind) }})
	conn := f.dial(rpc.DialOptions{})
	for _, form := range forms() {
		for k, code := range kinds {
			t.Run(fmt.Sprint(form, " ", code), func(t *testing.T) {
				kind = k
				_, err := probe.Call(f.as(anna()), conn, form, probe.Request(``))
				want := whole(k)
				if k == errs.Internal {
					want = errs.New(k, "INTERNAL", "internal error; the request id finds it in the log")
				}
				want.Domain = "probe.handover"
				sameError(t, err, want)
				if got := status.Code(err); got != code {
					t.Errorf("status.Code sees %s, want %s", got, code)
				}
			})
		}
	}
	if got := f.log.with("internal error", "secret cause"); len(got) != len(forms()) {
		t.Errorf("the internal ones were logged %d times, want once each: %q", len(got), got)
	}
}

func TestDetails(t *testing.T) {
	s := rpc.ToStatus(whole(errs.Precondition), "orders.handover", nil)
	kinds := map[string]bool{}
	for _, d := range s.Details() {
		kinds[fmt.Sprintf("%T", d)] = true
		if h, ok := d.(*errdetails.Help); ok && h.GetLinks()[0].GetUrl() != "https://console.aws.amazon.com/billing" {
			t.Errorf("help link %v", h)
		}
	}
	for _, want := range []string{"ErrorInfo", "BadRequest", "RetryInfo", "Help"} {
		if !kinds["*errdetails."+want] {
			t.Errorf("no %s in %v", want, kinds)
		}
	}
	inside := errs.New(errs.Precondition, "X", "x").WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.Said("", "ReleaseParked")})
	if got := len(rpc.ToStatus(inside, "orders.handover", nil).Details()); got != 1 {
		t.Errorf("%d details of a remedy that is no page, want ErrorInfo alone", got)
	}
}

func TestErrorsOfOthers(t *testing.T) {
	foreign := whole(errs.Conflict)
	foreign.Domain = "accounttransfer.handover"
	tests := map[string]struct {
		err  error
		want *errs.Error
	}{
		"unclassified": {
			errors.New("disk on fire"),
			&errs.Error{Kind: errs.Internal, Reason: "INTERNAL", Message: "internal error; the request id finds it in the log"},
		},
		"wrapped": {
			fmt.Errorf("read: %w", errs.New(errs.NotFound, "GONE", "gone")), &errs.Error{Kind: errs.NotFound, Reason: "GONE", Message: "gone"},
		},
		"our deadline": {
			fmt.Errorf("query: %w", context.DeadlineExceeded),
			&errs.Error{Kind: errs.Deadline, Reason: "DEADLINE_EXCEEDED", Message: "the time given was not enough"},
		},
		"deadline beneath": {
			errs.Wrap(context.DeadlineExceeded, errs.Internal, "X", "x"),
			&errs.Error{Kind: errs.Deadline, Reason: "DEADLINE_EXCEEDED", Message: "the time given was not enough"},
		},
		"the caller left": {context.Canceled, &errs.Error{Kind: errs.Cancelled, Reason: "CANCELLED", Message: "the caller went away"}},
		"a bare status": {
			status.Error(codes.Unimplemented, "later"), &errs.Error{Kind: errs.Unimplemented, Reason: "UNIMPLEMENTED", Message: "later"},
		},
		"a code of others": {
			status.Error(codes.OutOfRange, "past the end"), &errs.Error{Kind: errs.Invalid, Reason: "OUT_OF_RANGE", Message: "past the end"},
		},
		"another service's": {foreign, foreign},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if tt.want.Domain == "" {
				tt.want.Domain = "orders.handover"
			}
			sameError(t, rpc.FromStatus(rpc.ToStatus(tt.err, "orders.handover", nil).Err()), tt.want)
		})
	}
	if err := rpc.FromStatus(rpc.ToStatus(nil, "x", nil).Err()); err != nil {
		t.Errorf("no error became %v", err)
	}
}
