package sandbox

import (
	"errors"

	"github.com/aws/smithy-go"

	"example.com/handover/pkg/errs"
)

// refusal says in the contract's words what the simulator refused. What AWS would refuse keeps AWS's own reason in the
// message and in the metadata.
func refusal(err error) error {
	e, ok := errs.As(err)
	if !ok {
		return err
	}
	if _, ok := errors.AsType[smithy.APIError](err); ok {
		return errs.Wrap(err, errs.Precondition, "AWS_REFUSES", "AWS refuses: %s: %s", e.Reason, e.Message).WithMeta("aws_reason", e.Reason)
	}
	said := *e
	switch e.Reason {
	case "ACCOUNT_NOT_FOUND":
		said.Reason = "ACCOUNT_UNKNOWN"
	case "ACCOUNT_EXISTS", "EMAIL_EXISTS":
		said.Reason = "ACCOUNT_EXISTS"
	case "FAULT_UNKNOWN", "TIMES_NEGATIVE", "DELAY_MISSING", "PID_INVALID", "MOMENT_UNKNOWN", "SERVICE_UNKNOWN":
		said.Reason = "FAULT_INVALID"
	case "FAULT_INVALID", "NO_INVITATION", "NO_TRANSFER", "NO_SERVICE_TERM", "MONTH_CLOSED", "MONTH_NOT_OVER", "RECORD_UNKNOWN",
		"SERVICENOW_REFUSES", "USER_UNKNOWN":
	default:
		said.Reason = "REQUEST_INVALID"
	}
	return &said
}
