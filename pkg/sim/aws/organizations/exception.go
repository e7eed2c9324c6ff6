package organizations

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/smithy-go"
)

func invalid(reason types.InvalidInputExceptionReason, format string, args ...any) error {
	return &types.InvalidInputException{Reason: reason, Message: aws.String(fmt.Sprintf(format, args...))}
}

func constraint(reason types.ConstraintViolationExceptionReason, message string) error {
	return &types.ConstraintViolationException{Reason: reason, Message: aws.String(message)}
}

func handshakeConstraint(reason types.HandshakeConstraintViolationExceptionReason, message string) error {
	return &types.HandshakeConstraintViolationException{Reason: reason, Message: aws.String(message)}
}

func denied(message string) error {
	return &types.AccessDeniedException{Message: aws.String(message)}
}

// Throttled is what a caller gets that calls too often.
func Throttled() smithy.APIError {
	return &types.TooManyRequestsException{Type: aws.String("ACCOUNT"), Message: aws.String("Rate exceeded")}
}

// Failed is what a caller gets when AWS itself is at fault.
func Failed() smithy.APIError {
	return &types.ServiceException{Message: aws.String("Organizations couldn't complete the request because of an internal error.")}
}

// Status is the HTTP status of an exception, as the service's model gives it.
func Status(err smithy.APIError) int {
	switch code := err.ErrorCode(); {
	case code == "TooManyRequestsException":
		return http.StatusTooManyRequests
	case code == "ServiceException":
		return http.StatusInternalServerError
	case code == "EffectivePolicyNotFoundException":
		return http.StatusBadRequest
	case code == "AWSOrganizationsNotInUseException", strings.HasSuffix(code, "NotFoundException"):
		return http.StatusNotFound
	case code == "AccountOwnerNotVerifiedException", code == "UnsupportedAPIEndpointException",
		strings.HasPrefix(code, "AccessDenied"):
		return http.StatusForbidden
	case badRequest(err):
		return http.StatusBadRequest
	default:
		return http.StatusConflict
	}
}

// badRequest tells the exceptions about the request itself; codes that the service does not model are such, too.
func badRequest(err smithy.APIError) bool {
	switch err.(type) {
	case *types.InvalidInputException, *types.MalformedPolicyDocumentException, *types.PolicyChangesInProgressException,
		*smithy.GenericAPIError:
		return true
	}
	return false
}
