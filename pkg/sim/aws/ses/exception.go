package ses

import (
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/aws/smithy-go"
)

func badRequest(format string, args ...any) error {
	return &types.BadRequestException{Message: aws.String(fmt.Sprintf(format, args...))}
}

func rejected(format string, args ...any) error {
	return &types.MessageRejected{Message: aws.String(fmt.Sprintf(format, args...))}
}

// Throttled is what a caller gets that calls too often.
func Throttled() smithy.APIError {
	return &types.TooManyRequestsException{Message: aws.String("Maximum sending rate exceeded.")}
}

// Failed is what a caller gets when AWS itself is at fault.
func Failed() smithy.APIError {
	return &types.InternalServiceErrorException{Message: aws.String("An internal service error has occurred.")}
}

// Status is the HTTP status of an exception, as the service's model gives it.
func Status(err smithy.APIError) int {
	switch err.(type) {
	case *types.TooManyRequestsException:
		return http.StatusTooManyRequests
	case *types.NotFoundException:
		return http.StatusNotFound
	case *types.InternalServiceErrorException:
		return http.StatusInternalServerError
	}
	switch err.ErrorCode() {
	case "MissingAuthenticationTokenException", "UnrecognizedClientException", "ExpiredTokenException":
		return http.StatusForbidden
	case "UnknownOperationException":
		return http.StatusNotFound
	}
	return http.StatusBadRequest
}
