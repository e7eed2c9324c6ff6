package billing

import (
	"net/http"
	"regexp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/billing"
	"github.com/aws/aws-sdk-go-v2/service/billing/types"
	"github.com/aws/smithy-go"

	"example.com/handover/pkg/calendar"
)

const maxResults = 100

var (
	accountPattern = regexp.MustCompile(`^[0-9]{12}$`)
	viewPattern    = regexp.MustCompile(`^arn:aws[a-z-]*:(billing)::[0-9]{12}:billingview/[a-zA-Z0-9/:_+=.\-@]{0,75}[a-zA-Z0-9]$`)
)

// check holds an input to what the SDK does not check.
func check(in *sdk.ListBillingViewsInput) error {
	for _, arn := range in.Arns {
		if !viewPattern.MatchString(arn) {
			return invalid("arns", "An ARN is not that of a billing view.")
		}
	}
	for _, t := range in.BillingViewTypes {
		if !slices.Contains(t.Values(), t) {
			return invalid("billingViewTypes", "There is no such type of billing view.")
		}
	}
	for name, account := range map[string]*string{"ownerAccountId": in.OwnerAccountId, "sourceAccountId": in.SourceAccountId} {
		if account != nil && !accountPattern.MatchString(*account) {
			return invalid(name, "An account id has 12 digits.")
		}
	}
	if in.MaxResults != nil && (*in.MaxResults < 1 || *in.MaxResults > maxResults) {
		return invalid("maxResults", "The value must be between 1 and 100.")
	}
	return checkRange(in.ActiveTimeRange)
}

// checkRange wants a range within one month.
func checkRange(r *types.ActiveTimeRange) error {
	if r == nil {
		return nil
	}
	from, to := r.ActiveAfterInclusive, r.ActiveBeforeInclusive
	if from == nil || to == nil || from.After(*to) || calendar.MonthOf(*from) != calendar.MonthOf(*to) {
		return invalid("activeTimeRange", "The time range must be within one calendar month.")
	}
	return nil
}

func invalid(field, message string) error {
	return &types.ValidationException{
		Message: aws.String(message), Reason: types.ValidationExceptionReasonFieldValidationFailed,
		FieldList: []types.ValidationExceptionField{{Name: aws.String(field), Message: aws.String(message)}},
	}
}

// Throttled is what a caller gets that calls too often.
func Throttled() smithy.APIError {
	return &types.ThrottlingException{Message: aws.String("Rate exceeded")}
}

// Failed is what a caller gets when AWS itself is at fault.
func Failed() smithy.APIError {
	return &types.InternalServerException{Message: aws.String("The request failed because of an internal error.")}
}

// Status is the HTTP status of an exception.
func Status(err smithy.APIError) int {
	if err.ErrorFault() == smithy.FaultServer {
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
}
