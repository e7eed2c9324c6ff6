package aws

import (
	"errors"
	"net"
	"net/http"
	"reflect"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
)

// Class says whether a call had its effect.
type Class string

// The classes. Only after Unanswered the effect is unknown; after all others but Done it surely does not exist.
const (
	Done       Class = "DONE"       // answered, and it exists
	Refused    Class = "REFUSED"    // AWS will not do it: see Code and Reason
	Denied     Class = "DENIED"     // the credentials are not accepted or not allowed to do it
	Throttled  Class = "THROTTLED"  // too many calls: later
	Busy       Class = "BUSY"       // AWS is changing the same organization: later
	Unreached  Class = "UNREACHED"  // the request was not sent: no connection, or no credentials to sign it with
	Unanswered Class = "UNANSWERED" // sent, and no clear answer: time-out, 5xx, connection lost. Look before repeating
)

// Outcome is what became of a call.
type Outcome struct {
	Class     Class
	Operation string // "Organizations.InviteOrganizationToTransferResponsibility"
	Code      string // AWS's error without "Exception": "ConstraintViolation"; "" when AWS did not answer
	Reason    string // what a modelled error says besides: "UNSUPPORTED_PRICING"; often ""
	Message   string // AWS's own words; for operators and logs, never for customers
	RequestID string // what AWS Support asks for
}

// Classify reads the error of a call made with a client of this package; nil is Done.
func Classify(err error) Outcome {
	if err == nil {
		return Outcome{Class: Done}
	}
	o := Outcome{Class: classOfCall(err)}
	if e, ok := errors.AsType[*smithy.OperationError](err); ok {
		o.Operation = e.ServiceID + "." + e.OperationName
	}
	if e, ok := errors.AsType[*awshttp.ResponseError](err); ok {
		o.RequestID = e.RequestID
	}
	if e, ok := errors.AsType[smithy.APIError](err); ok {
		o.Code, o.Reason, o.Message = shortCode(e), reasonOf(e), e.ErrorMessage()
	} else if e, ok := errors.AsType[smithy.InvalidParamsError](err); ok {
		o.Code, o.Message = "InvalidParameters", e.Error() // found before sending
	}
	return o
}

// classOfCall looks at a whole call, which may have had several attempts and may have called STS for its credentials.
func classOfCall(err error) Class {
	operations, unsent := 0, false
	for e := err; e != nil; e = errors.Unwrap(e) {
		switch e := e.(type) { //nolint:errorlint // the order in the chain matters: each link is looked at by itself
		case *attempted:
			if e.maybe {
				return Unanswered
			}
			unsent = true
		case *smithy.OperationError:
			if operations++; operations == 2 {
				return classOfSigning(e)
			}
		}
	}
	class := classOf(err)
	if class == Unanswered && unsent {
		return Unreached // it failed on its way to the wire
	}
	return class
}

// classOfSigning is for a call that had no credentials to be sent with: whatever became of that, it was not sent.
func classOfSigning(err error) Class {
	switch class := classOf(err); class {
	case Denied, Throttled:
		return class
	case Refused:
		return Denied // an external id or role that STS does not take
	default:
		return Unreached
	}
}

// classOf looks at the last attempt.
func classOf(err error) Class {
	status := 0
	if e, ok := errors.AsType[*awshttp.ResponseError](err); ok {
		status = e.HTTPStatusCode()
	}
	throttles := retry.IsErrorThrottles(retry.DefaultThrottles)
	answer, answered := errors.AsType[smithy.APIError](err)
	switch {
	case !answered:
		return classOfSilence(err)
	case status == http.StatusTooManyRequests || throttles.IsErrorThrottle(err).Bool():
		return Throttled
	case status >= http.StatusInternalServerError || answer.ErrorFault() == smithy.FaultServer:
		return Unanswered
	}
	switch shortCode(answer) {
	case "ConcurrentModification", "FinalizingOrganization", "PolicyChangesInProgress":
		return Busy
	case "AccessDenied", "AuthFailure", "ExpiredToken", "IncompleteSignature", "InvalidClientTokenId",
		"InvalidSignature", "MissingAuthenticationToken", "NotAuthorized", "RequestExpired", "SignatureDoesNotMatch",
		"UnrecognizedClient":
		return Denied
	}
	if status == http.StatusUnauthorized || status == http.StatusForbidden {
		return Denied
	}
	return Refused
}

// classOfSilence is Unanswered unless it is certain that nothing was sent.
func classOfSilence(err error) Class {
	if _, ok := errors.AsType[smithy.InvalidParamsError](err); ok {
		return Refused
	}
	if e, ok := errors.AsType[*net.OpError](err); ok && e.Op == "dial" {
		return Unreached
	}
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return Unreached
	}
	return Unanswered
}

func shortCode(e smithy.APIError) string { return strings.TrimSuffix(e.ErrorCode(), "Exception") }

// reasonOf reads the field that modelled errors of several services have in common only by name.
func reasonOf(e smithy.APIError) string {
	value := reflect.Indirect(reflect.ValueOf(e))
	if value.Kind() != reflect.Struct {
		return ""
	}
	if reason := value.FieldByName("Reason"); reason.IsValid() && reason.Kind() == reflect.String {
		return reason.String()
	}
	return ""
}
