package organizations

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
)

// oneOf refuses a value that the enum does not have. An empty value is refused only when it is required.
func oneOf[T ~string](name string, v T, values []T, required bool) error {
	switch {
	case v == "" && required:
		return invalid(types.InvalidInputExceptionReasonInputRequired, "%s is required.", name)
	case v != "" && !slices.Contains(values, v):
		return invalid(types.InvalidInputExceptionReasonInvalidEnum, "%s is not a valid %s.", v, name)
	}
	return nil
}

// transferType accepts the one kind of responsibility there is.
func transferType(v types.ResponsibilityTransferType) error {
	switch v {
	case types.ResponsibilityTransferTypeBilling:
		return nil
	case "":
		return invalid(types.InvalidInputExceptionReasonInputRequired, "Type is required.")
	default:
		return invalid(types.InvalidInputExceptionReasonUnsupportedActionInResponsibilityTransfer,
			"%s is not supported by this operation.", v)
	}
}

// party checks a target: an account or an e-mail address.
func party(p *types.HandshakeParty) error {
	if p == nil {
		return invalid(types.InvalidInputExceptionReasonInputRequired, "Target is required.")
	}
	if err := first(partyID.check(p.Id), oneOf("Target.Type", p.Type, p.Type.Values(), true)); err != nil {
		return err
	}
	switch p.Type {
	case types.HandshakePartyTypeAccount:
		return text{name: "Target.Id", pattern: accountPattern}.check(p.Id)
	case types.HandshakePartyTypeEmail:
		if !emailPattern.MatchString(*p.Id) {
			return invalid(types.InvalidInputExceptionReasonInvalidEmailAddressTarget,
				"You specified an invalid email address for the invited account owner.")
		}
		return nil
	default:
		return invalid(types.InvalidInputExceptionReasonInvalidPartyTypeTarget,
			"You specified the wrong type of entity as a party: %s.", p.Type)
	}
}

const maxTags = 50

func tags(list []types.Tag) error {
	seen := map[string]bool{}
	for _, t := range list {
		if err := first(tagKey.check(t.Key), tagValue.check(t.Value)); err != nil {
			return err
		}
		if strings.HasPrefix(strings.ToLower(*t.Key), "aws:") {
			return invalid(types.InvalidInputExceptionReasonInvalidSystemTagsParameter, "%s is a system tag.", *t.Key)
		}
		if seen[*t.Key] {
			return invalid(types.InvalidInputExceptionReasonDuplicateTagKey, "The tag key %s is there twice.", *t.Key)
		}
		seen[*t.Key] = true
	}
	if len(list) > maxTags {
		return constraint(types.ConstraintViolationExceptionReasonMaxTagLimitExceeded,
			"You have exceeded the number of tags allowed on this resource.")
	}
	return nil
}

// filter checks what a list of handshakes is narrowed by: one thing at most.
func filter(f *types.HandshakeFilter) error {
	if f == nil {
		return nil
	}
	if f.ActionType != "" && aws.ToString(f.ParentHandshakeId) != "" {
		return invalid(types.InvalidInputExceptionReasonMaxFilterLimitExceeded,
			"You can specify only one filter parameter for the operation.")
	}
	return first(oneOf("Filter.ActionType", f.ActionType, f.ActionType.Values(), false),
		optionalFilterID.check(f.ParentHandshakeId))
}
