package sts

import (
	"fmt"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sts"
)

var (
	sessionPattern  = regexp.MustCompile(`^[\w+=,.@-]*$`)
	externalPattern = regexp.MustCompile(`^[\w+=,.@:/-]*$`)
	rolePattern     = regexp.MustCompile(`^arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]+$`)
)

const shortest, longest = 900, 43200 // seconds that a session may last

// checkAssumeRole holds the input to the bounds that the SDK does not check.
func checkAssumeRole(in *sdk.AssumeRoleInput) error {
	if err := text("roleArn", in.RoleArn, 20, 2048, rolePattern, true); err != nil {
		return err
	}
	if err := text("roleSessionName", in.RoleSessionName, 2, 64, sessionPattern, true); err != nil {
		return err
	}
	if err := text("externalId", in.ExternalId, 2, 1224, externalPattern, false); err != nil {
		return err
	}
	if s := aws.ToInt32(in.DurationSeconds); in.DurationSeconds != nil && (s < shortest || s > longest) {
		return failure("ValidationError", fmt.Sprintf("Value '%d' at 'durationSeconds' must be between %d and %d", s, shortest, longest))
	}
	return nil
}

func text(name string, v *string, shortest, longest int, pattern *regexp.Regexp, required bool) error {
	switch {
	case v == nil && !required:
		return nil
	case v == nil:
		return failure("ValidationError", fmt.Sprintf("Value null at '%s' failed to satisfy constraint: Member must not be null", name))
	case len(*v) < shortest || len(*v) > longest:
		return failure("ValidationError", fmt.Sprintf("Value '%s' at '%s' must have between %d and %d characters", *v, name, shortest, longest))
	case !pattern.MatchString(*v):
		return failure("ValidationError", fmt.Sprintf("Value '%s' at '%s' failed to satisfy regular expression pattern: %s", *v, name, pattern))
	}
	return nil
}
