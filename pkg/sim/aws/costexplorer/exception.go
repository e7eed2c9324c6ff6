package costexplorer

import (
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/costexplorer/types"
	"github.com/aws/smithy-go"

	"example.com/handover/pkg/sim/aws/page"
)

// invalid and denied are exceptions that the service throws without modelling them.
func invalid(format string, args ...any) error {
	return &smithy.GenericAPIError{Code: "ValidationException", Message: fmt.Sprintf(format, args...), Fault: smithy.FaultClient}
}

func denied(message string) error {
	return &smithy.GenericAPIError{Code: "AccessDeniedException", Message: message, Fault: smithy.FaultClient}
}

func unavailable() error {
	return &types.DataUnavailableException{Message: aws.String("The requested data is unavailable.")}
}

func tokenRefused(e *page.TokenError) error {
	if e.Foreign {
		return &types.RequestChangedException{Message: aws.String(
			"Your request parameters changed between pages. Try again with the old parameters or without a pagination token.")}
	}
	return &types.InvalidNextTokenException{Message: aws.String("The pagination token is invalid. Try again without a pagination token.")}
}

// Throttled is what a caller gets that calls too often.
func Throttled() smithy.APIError {
	return &types.LimitExceededException{Message: aws.String("You made too many calls in a short period of time. Try again later.")}
}

// Failed is what a caller gets when AWS itself is at fault.
func Failed() smithy.APIError {
	return &smithy.GenericAPIError{
		Code: "InternalServerErrorException", Message: "The request failed because of an internal error.", Fault: smithy.FaultServer,
	}
}

// Status is the HTTP status of an exception.
func Status(err smithy.APIError) int {
	if err.ErrorFault() == smithy.FaultServer {
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
}
