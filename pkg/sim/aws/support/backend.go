// Package support is the part of AWS Support by which a support plan is told: the severity levels of cases. Its operation has the
// signature of the SDK client.
//
// It owns which levels a plan has; which plan an account has is in state.
package support

import (
	"context"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/support"
	"github.com/aws/aws-sdk-go-v2/service/support/types"
	"github.com/aws/smithy-go"

	"example.com/handover/pkg/sim/aws/identity"
	"example.com/handover/pkg/sim/aws/state"
)

// Backend answers the operation. The caller is taken from the context (identity.From).
type Backend struct{ state *state.State }

// New returns a backend over a state.
func New(s *state.State) *Backend { return &Backend{state: s} }

// DescribeSeverityLevels is refused, as AWS does, for an account whose plan has no API.
func (b *Backend) DescribeSeverityLevels(
	ctx context.Context, _ *sdk.DescribeSeverityLevelsInput,
) (*sdk.DescribeSeverityLevelsOutput, error) {
	var levels []string
	err := b.state.View(func(tx *state.Tx) error {
		account, _ := tx.Accounts.Get(identity.From(ctx).Account)
		levels = levelsOf(account.SupportPlan)
		return nil
	})
	if err == nil && levels == nil {
		err = &smithy.GenericAPIError{
			Code: "SubscriptionRequiredException", Message: "Amazon Web Services Premium Support Subscription is required to use this service.",
			Fault: smithy.FaultClient,
		}
	}
	out := &sdk.DescribeSeverityLevelsOutput{}
	for _, code := range levels {
		out.SeverityLevels = append(out.SeverityLevels, types.SeverityLevel{Code: aws.String(code), Name: aws.String(code)})
	}
	return out, err
}

func levelsOf(p state.SupportPlan) []string {
	business := []string{"low", "normal", "high", "urgent"}
	switch p {
	case state.BusinessSupport:
		return business
	case state.EnterpriseSupport:
		return append(business, "critical")
	case state.BasicSupport, state.DeveloperSupport:
	}
	return nil
}

// Throttled is what a caller gets that calls too often.
func Throttled() smithy.APIError {
	return &smithy.GenericAPIError{Code: "ThrottlingException", Message: "Rate exceeded", Fault: smithy.FaultClient}
}

// Failed is what a caller gets when AWS itself is at fault.
func Failed() smithy.APIError {
	return &types.InternalServerError{Message: aws.String("An internal server error occurred.")}
}

// Status is the HTTP status of an exception.
func Status(err smithy.APIError) int {
	if err.ErrorFault() == smithy.FaultServer {
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
}
