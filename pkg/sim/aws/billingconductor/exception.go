package billingconductor

import (
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/billingconductor/types"
	"github.com/aws/smithy-go"
)

const fieldFailed = types.ValidationExceptionReasonFieldValidationFailed

const maxResults = 100

func invalid(reason types.ValidationExceptionReason, field, message string) error {
	return &types.ValidationException{
		Message: aws.String(message), Reason: reason,
		Fields: []types.ValidationExceptionField{{Name: aws.String(field), Message: aws.String(message)}},
	}
}

func pageSize(asked *int32) error {
	if asked != nil && (*asked < 1 || *asked > maxResults) {
		return invalid(fieldFailed, "MaxResults", "The value must be between 1 and 100.")
	}
	return nil
}

// Throttled is what a caller gets that calls too often.
func Throttled() smithy.APIError {
	return &types.ThrottlingException{Message: aws.String("Rate exceeded")}
}

// Failed is what a caller gets when AWS itself is at fault.
func Failed() smithy.APIError {
	return &types.InternalServerException{Message: aws.String("An unexpected error occurred while processing a request.")}
}

// Status is the HTTP status of an exception.
func Status(err smithy.APIError) int {
	switch err.(type) {
	case *types.AccessDeniedException:
		return http.StatusForbidden
	case *types.ConflictException:
		return http.StatusConflict
	case *types.ResourceNotFoundException:
		return http.StatusNotFound
	case *types.ServiceLimitExceededException:
		return http.StatusPaymentRequired
	case *types.ThrottlingException:
		return http.StatusTooManyRequests
	case *types.InternalServerException:
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
}
