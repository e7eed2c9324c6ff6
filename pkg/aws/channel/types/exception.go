package types

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go"
)

// AccessDeniedException says that the caller may not do this.
type AccessDeniedException struct {
	Message *string `json:"message,omitempty"`
	Reason  *string `json:"reason,omitempty"`
}

// ConflictException says that the request contradicts what exists: ResourceId names it.
type ConflictException struct {
	Message      *string `json:"message,omitempty"`
	ResourceId   *string `json:"resourceId,omitempty"`
	ResourceType *string `json:"resourceType,omitempty"`
}

// InternalServerException says that AWS itself is at fault.
type InternalServerException struct {
	Message *string `json:"message,omitempty"`
}

// ResourceNotFoundException says that the resource does not exist, or not for this caller.
type ResourceNotFoundException struct {
	Message      *string `json:"message,omitempty"`
	ResourceId   *string `json:"resourceId,omitempty"`
	ResourceType *string `json:"resourceType,omitempty"`
}

// ServiceQuotaExceededException says that a quota is used up.
type ServiceQuotaExceededException struct {
	Message      *string `json:"message,omitempty"`
	QuotaCode    *string `json:"quotaCode,omitempty"`
	ResourceId   *string `json:"resourceId,omitempty"`
	ResourceType *string `json:"resourceType,omitempty"`
}

// ThrottlingException says that the caller calls too often.
type ThrottlingException struct {
	Message     *string `json:"message,omitempty"`
	QuotaCode   *string `json:"quotaCode,omitempty"`
	ServiceCode *string `json:"serviceCode,omitempty"`
}

// ValidationException says that the input is wrong: FieldList says where.
type ValidationException struct {
	Message   *string                    `json:"message,omitempty"`
	FieldList []ValidationExceptionField `json:"fieldList,omitempty"`
	Reason    ValidationExceptionReason  `json:"reason,omitempty"`
}

// ValidationExceptionField is one member that is wrong.
type ValidationExceptionField struct {
	Code    *string `json:"code,omitempty"`
	Message *string `json:"message,omitempty"`
	Name    *string `json:"name,omitempty"`
}

func (e *AccessDeniedException) Error() string { return text(e) }

// ErrorMessage implements smithy.APIError.
func (e *AccessDeniedException) ErrorMessage() string { return aws.ToString(e.Message) }

// ErrorCode implements smithy.APIError.
func (*AccessDeniedException) ErrorCode() string { return "AccessDeniedException" }

// ErrorFault implements smithy.APIError.
func (*AccessDeniedException) ErrorFault() smithy.ErrorFault { return smithy.FaultClient }

func (e *ConflictException) Error() string { return text(e) }

// ErrorMessage implements smithy.APIError.
func (e *ConflictException) ErrorMessage() string { return aws.ToString(e.Message) }

// ErrorCode implements smithy.APIError.
func (*ConflictException) ErrorCode() string { return "ConflictException" }

// ErrorFault implements smithy.APIError.
func (*ConflictException) ErrorFault() smithy.ErrorFault { return smithy.FaultClient }

func (e *InternalServerException) Error() string { return text(e) }

// ErrorMessage implements smithy.APIError.
func (e *InternalServerException) ErrorMessage() string { return aws.ToString(e.Message) }

// ErrorCode implements smithy.APIError.
func (*InternalServerException) ErrorCode() string { return "InternalServerException" }

// ErrorFault implements smithy.APIError.
func (*InternalServerException) ErrorFault() smithy.ErrorFault { return smithy.FaultServer }

func (e *ResourceNotFoundException) Error() string { return text(e) }

// ErrorMessage implements smithy.APIError.
func (e *ResourceNotFoundException) ErrorMessage() string { return aws.ToString(e.Message) }

// ErrorCode implements smithy.APIError.
func (*ResourceNotFoundException) ErrorCode() string { return "ResourceNotFoundException" }

// ErrorFault implements smithy.APIError.
func (*ResourceNotFoundException) ErrorFault() smithy.ErrorFault { return smithy.FaultClient }

func (e *ServiceQuotaExceededException) Error() string { return text(e) }

// ErrorMessage implements smithy.APIError.
func (e *ServiceQuotaExceededException) ErrorMessage() string { return aws.ToString(e.Message) }

// ErrorCode implements smithy.APIError.
func (*ServiceQuotaExceededException) ErrorCode() string { return "ServiceQuotaExceededException" }

// ErrorFault implements smithy.APIError.
func (*ServiceQuotaExceededException) ErrorFault() smithy.ErrorFault { return smithy.FaultClient }

func (e *ThrottlingException) Error() string { return text(e) }

// ErrorMessage implements smithy.APIError.
func (e *ThrottlingException) ErrorMessage() string { return aws.ToString(e.Message) }

// ErrorCode implements smithy.APIError.
func (*ThrottlingException) ErrorCode() string { return "ThrottlingException" }

// ErrorFault implements smithy.APIError.
func (*ThrottlingException) ErrorFault() smithy.ErrorFault { return smithy.FaultClient }

func (e *ValidationException) Error() string { return text(e) }

// ErrorMessage implements smithy.APIError.
func (e *ValidationException) ErrorMessage() string { return aws.ToString(e.Message) }

// ErrorCode implements smithy.APIError.
func (*ValidationException) ErrorCode() string { return "ValidationException" }

// ErrorFault implements smithy.APIError.
func (*ValidationException) ErrorFault() smithy.ErrorFault { return smithy.FaultClient }

func text(e smithy.APIError) string { return fmt.Sprintf("%s: %s", e.ErrorCode(), e.ErrorMessage()) }
