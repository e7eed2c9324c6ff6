package errs_test

import (
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"example.com/handover/pkg/errs"
)

func TestErrorText(t *testing.T) {
	tests := []struct {
		name string
		err  error
		want string
	}{
		{"with a reason", errs.New(errs.NotFound, "NOT_FOUND", "order %s", "ord_1"), "NOT_FOUND: order ord_1"},
		{"without a reason", errs.New(errs.Internal, "", "broken"), "broken"},
		{"with a cause", errs.Wrap(io.EOF, errs.Unavailable, "AWAY", "database is away"), "AWAY: database is away: EOF"},
		{"one wrong field", errs.InvalidField("lines[1].quantity", "TOO_SMALL", "must be at least %d", 1), "TOO_SMALL: must be at least 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.err.Error(); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestKindAndReasonSurviveWrapping(t *testing.T) {
	refusal := errs.New(errs.Conflict, "ETAG_MISMATCH", "changed meanwhile")
	tests := []struct {
		name   string
		err    error
		kind   errs.Kind
		reason string
	}{
		{"the error itself", refusal, errs.Conflict, "ETAG_MISMATCH"},
		{"wrapped", fmt.Errorf("saving: %w", refusal), errs.Conflict, "ETAG_MISMATCH"},
		{"joined", errors.Join(io.EOF, refusal), errs.Conflict, "ETAG_MISMATCH"},
		{"somebody else's", io.EOF, errs.Internal, ""},
		{"none", nil, errs.Internal, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := errs.KindOf(tt.err); got != tt.kind {
				t.Errorf("kind %d, want %d", got, tt.kind)
			}
			if got := errs.ReasonOf(tt.err); got != tt.reason {
				t.Errorf("reason %q, want %q", got, tt.reason)
			}
		})
	}
}

func TestWrapKeepsTheCause(t *testing.T) {
	err := errs.Wrap(io.ErrUnexpectedEOF, errs.Unavailable, "AWAY", "peer is away")
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error("the cause is lost")
	}
	if err.Message != "peer is away" {
		t.Errorf("the cause leaks into the caller's message: %q", err.Message)
	}
}

func TestInvalidFieldCarriesTheViolation(t *testing.T) {
	err := errs.InvalidField("order.country", "COUNTRY_NOT_SERVED", "%s is not served", "XX")
	want := errs.Field{Path: "order.country", Reason: "COUNTRY_NOT_SERVED", Message: "XX is not served"}
	if err.Kind != errs.Invalid || len(err.Fields) != 1 || err.Fields[0] != want {
		t.Errorf("got %+v", err)
	}
}

func TestWithReturnsCopies(t *testing.T) {
	base := errs.New(errs.Precondition, "STATE_REFUSES", "not now").WithField("a", "A", "a").WithMeta("k", "v")
	until := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	first := base.WithField("b", "B", "b").WithMeta("k", "w").WithRemedy(errs.Remedy{Who: "CUSTOMER", Until: until})
	second := base.WithField("c", "C", "c")

	if len(base.Fields) != 1 || base.Meta["k"] != "v" || base.Remedy != nil {
		t.Errorf("the base changed: %+v", base)
	}
	if len(first.Fields) != 2 || first.Fields[1].Path != "b" || first.Meta["k"] != "w" {
		t.Errorf("first copy: %+v", first)
	}
	if first.Remedy == nil || first.Remedy.Who != "CUSTOMER" || !first.Remedy.Until.Equal(until) {
		t.Errorf("remedy: %+v", first.Remedy)
	}
	if len(second.Fields) != 2 || second.Fields[1].Path != "c" {
		t.Errorf("second copy shares fields with the first: %+v", second.Fields)
	}
}
