package invoicing

import (
	"net/http"
	"regexp"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/invoicing"
	"github.com/aws/aws-sdk-go-v2/service/invoicing/types"
	"github.com/aws/smithy-go"
)

const (
	maxResults = 100
	firstYear  = 2005
)

var accountPattern = regexp.MustCompile(`^\d{12}$`)

// check holds an input to what the SDK does not check. Invoices are shown to whoever received them.
func check(in *sdk.ListInvoiceSummariesInput, caller string) error {
	const fieldFailed = types.ValidationExceptionReasonFieldValidationFailed
	s := in.Selector
	switch {
	case s == nil || s.Value == nil:
		return invalid(fieldFailed, "selector", "The selector is required.")
	case !slices.Contains(s.ResourceType.Values(), s.ResourceType):
		return invalid(fieldFailed, "selector.resourceType", "There is no such type of resource.")
	case s.ResourceType == types.ListInvoiceSummariesResourceTypeAccountId && !accountPattern.MatchString(*s.Value):
		return invalid(fieldFailed, "selector.value", "An account id has 12 digits.")
	case s.ResourceType == types.ListInvoiceSummariesResourceTypeAccountId && *s.Value != caller:
		return &types.AccessDeniedException{Message: aws.String("You don't have access to the invoices of this account.")}
	case in.MaxResults != nil && (*in.MaxResults < 1 || *in.MaxResults > maxResults):
		return invalid(fieldFailed, "maxResults", "The value must be between 1 and 100.")
	}
	if in.Filter == nil {
		return nil
	}
	return checkFilter(*in.Filter)
}

func checkFilter(f types.InvoiceSummariesFilter) error {
	const invalidInput = types.ValidationExceptionReasonInvalidInput
	switch p, t := f.BillingPeriod, f.TimeInterval; {
	case p != nil && t != nil:
		return invalid(types.ValidationExceptionReasonMutualExclusionError, "filter", "Give a billing period or a time interval, not both.")
	case p != nil && (p.Month == nil || p.Year == nil || *p.Month < 1 || *p.Month > 12 || *p.Year < firstYear):
		return invalid(invalidInput, "filter.billingPeriod", "There is no such billing period.")
	case t != nil && (t.StartDate == nil || t.EndDate == nil || t.EndDate.Before(*t.StartDate)):
		return invalid(invalidInput, "filter.timeInterval", "The interval has no beginning or no end.")
	case t != nil && t.EndDate.After(longest(*t.StartDate, f.ReceiverRole)):
		return invalid(invalidInput, "filter.timeInterval", "The interval is too long.")
	case f.ReceiverRole != "" && !slices.Contains(f.ReceiverRole.Values(), f.ReceiverRole):
		return invalid(invalidInput, "filter.receiverRole", "There is no such role.")
	}
	return nil
}

// longest is where an interval ends at the latest: five years for who says in which role, otherwise a month.
func longest(start time.Time, role types.ReceiverRole) time.Time {
	if role != "" {
		return start.AddDate(5, 0, 0)
	}
	return start.AddDate(0, 1, 0)
}

func invalid(reason types.ValidationExceptionReason, field, message string) error {
	return &types.ValidationException{
		Message: aws.String(message), Reason: reason,
		FieldList: []types.ValidationExceptionField{{Name: aws.String(field), Message: aws.String(message)}},
	}
}

func notFound(message, name string) error {
	return &types.ResourceNotFoundException{Message: aws.String(message), ResourceName: aws.String(name)}
}

// Throttled is what a caller gets that calls too often.
func Throttled() smithy.APIError {
	return &types.ThrottlingException{Message: aws.String("Rate exceeded")}
}

// Failed is what a caller gets when AWS itself is at fault.
func Failed() smithy.APIError {
	return &types.InternalServerException{Message: aws.String("The processing request failed because of an unknown error.")}
}

// Status is the HTTP status of an exception.
func Status(err smithy.APIError) int {
	if err.ErrorFault() == smithy.FaultServer {
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
}
