package aws

import (
	"errors"
	"net/http"

	"github.com/aws/smithy-go"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/sim/aws/organizations"
	"example.com/handover/pkg/sim/aws/wire"
)

// refused turns an exception into the suite's error, so that the sandbox answers with AWS's own reason.
func refused(err error) error {
	exception, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return err
	}
	kind := errs.Precondition
	switch organizations.Status(exception) {
	case http.StatusBadRequest:
		kind = errs.Invalid
	case http.StatusNotFound:
		kind = errs.NotFound
	case http.StatusForbidden:
		kind = errs.Denied
	}
	reason := wire.ReasonOf(exception)
	if reason == "" {
		reason = exception.ErrorCode()
	}
	return errs.Wrap(exception, kind, reason, "%s", exception.ErrorMessage())
}

// typed is an exception that a fault names: its members are those that an exception with a reason has.
type typed struct {
	Message string
	Reason  string
	code    string
}

func (t *typed) Error() string                 { return t.code + ": " + t.Reason }
func (t *typed) ErrorCode() string             { return t.code }
func (t *typed) ErrorMessage() string          { return t.Message }
func (t *typed) ErrorFault() smithy.ErrorFault { return smithy.FaultClient }
