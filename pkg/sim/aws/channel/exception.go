package channel

import (
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go"

	"example.com/handover/pkg/aws/channel/types"
)

func conflict(kind, id, message string) error {
	return &types.ConflictException{Message: aws.String(message), ResourceType: aws.String(kind), ResourceId: aws.String(id)}
}

func notFound(kind, id string) error {
	return &types.ResourceNotFoundException{
		Message: aws.String(fmt.Sprintf("The %s %s does not exist.", kind, id)), ResourceType: aws.String(kind), ResourceId: aws.String(id),
	}
}

func denied(message string) error {
	return &types.AccessDeniedException{Message: aws.String(message), Reason: aws.String("ACTION_NOT_PERMITTED")}
}

// unfit refuses an input that is well formed and still wrong.
func unfit(field, code, message string) error {
	return &types.ValidationException{
		Message: aws.String(message), Reason: types.ValidationExceptionReasonBusinessValidationFailed,
		FieldList: []types.ValidationExceptionField{{Name: aws.String(field), Code: aws.String(code), Message: aws.String(message)}},
	}
}

// Throttled is what a caller gets that calls too often.
func Throttled() smithy.APIError {
	return &types.ThrottlingException{Message: aws.String("Rate exceeded"), ServiceCode: aws.String("partnercentral-channel")}
}

// Failed is what a caller gets when AWS itself is at fault.
func Failed() smithy.APIError {
	return &types.InternalServerException{Message: aws.String("An internal error has occurred.")}
}

// Status is the HTTP status of an exception, as the service's model gives it.
func Status(err smithy.APIError) int {
	switch err.(type) {
	case *types.AccessDeniedException:
		return http.StatusForbidden
	case *types.ResourceNotFoundException:
		return http.StatusNotFound
	case *types.ConflictException:
		return http.StatusConflict
	case *types.ServiceQuotaExceededException:
		return http.StatusPaymentRequired
	case *types.ThrottlingException:
		return http.StatusTooManyRequests
	case *types.InternalServerException:
		return http.StatusInternalServerError
	default:
		return http.StatusBadRequest
	}
}
