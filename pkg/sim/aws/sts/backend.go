// Package sts is the part of AWS's Security Token Service that a reseller needs: who am I, and assume a role. Its
// operations have the signatures of the SDK client.
//
// It owns the rules of trust; roles are kept in state, credentials are made by identity.
package sts

import (
	"context"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/sim/aws/identity"
	"example.com/handover/pkg/sim/aws/state"
)

// Backend answers the operations. The caller is taken from the context (identity.From).
type Backend struct {
	state   *state.State
	machine clock.Machine // sessions expire in machine time: the SDK compares with its own clock
}

// New returns a backend over a state.
func New(s *state.State) *Backend { return &Backend{state: s} }

// GetCallerIdentity answers everybody who is known.
func (b *Backend) GetCallerIdentity(ctx context.Context, _ *sdk.GetCallerIdentityInput) (*sdk.GetCallerIdentityOutput, error) {
	c := identity.From(ctx)
	return &sdk.GetCallerIdentityOutput{
		Account: aws.String(c.Account), Arn: aws.String(c.ARN), UserId: aws.String(c.UserID),
	}, nil
}

// failure is an error that the SDK does not model: it is told by its code.
func failure(code, message string) error {
	return &smithy.GenericAPIError{Code: code, Message: message, Fault: smithy.FaultClient}
}

// Throttled is what a caller gets that calls too often.
func Throttled() smithy.APIError {
	return &smithy.GenericAPIError{Code: "Throttling", Message: "Rate exceeded", Fault: smithy.FaultClient}
}

// Failed is what a caller gets when AWS itself is at fault.
func Failed() smithy.APIError {
	return &smithy.GenericAPIError{
		Code: "InternalFailure", Fault: smithy.FaultServer,
		Message: "The request processing has failed because of an unknown error, exception or failure.",
	}
}

// Status is the HTTP status of a failure.
func Status(err smithy.APIError) int {
	switch err.ErrorCode() {
	case "AccessDenied", "InvalidClientTokenId", "ExpiredToken", "MissingAuthenticationToken":
		return http.StatusForbidden
	case "InternalFailure":
		return http.StatusInternalServerError
	default:
		return http.StatusBadRequest
	}
}
