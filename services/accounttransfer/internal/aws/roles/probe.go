package roles

import (
	"context"
	"slices"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/support"

	"example.com/handover/pkg/aws"
)

// region is the only one that AWS Support answers in, and that of AWS Organizations.
const region = "us-east-1"

// probes are harmless reads, by the IAM action that each needs. They change nothing and cost nothing.
func probes() map[string]func(context.Context, sdk.Config) error {
	return map[string]func(context.Context, sdk.Config) error{
		"organizations:DescribeOrganization": func(ctx context.Context, cfg sdk.Config) error {
			api := organizations.NewFromConfig(cfg, func(o *organizations.Options) { o.Region = region })
			_, err := api.DescribeOrganization(ctx, &organizations.DescribeOrganizationInput{})
			return err
		},
		"support:DescribeSeverityLevels": func(ctx context.Context, cfg sdk.Config) error {
			api := support.NewFromConfig(cfg, func(o *support.Options) { o.Region = region })
			_, err := api.DescribeSeverityLevels(ctx, &support.DescribeSeverityLevelsInput{})
			return err
		},
	}
}

// Probes are the IAM actions that can be looked at.
func Probes() (all []string) {
	for action := range probes() {
		all = append(all, action)
	}
	slices.Sort(all)
	return all
}

// deniedOf returns which of these actions a session may not do. Whatever else AWS answers says that it may: an account without a
// support plan, or without an organization.
func deniedOf(ctx context.Context, session sdk.Config, actions []string) (denied []string, err error) {
	for _, action := range actions {
		probe, known := probes()[action]
		if !known {
			continue
		}
		err := probe(ctx, session)
		switch said := aws.Classify(err); {
		case err == nil:
		case said.Code == "AccessDenied":
			denied = append(denied, action)
		case said.Class != aws.Denied && said.Class != aws.Refused:
			return nil, err
		}
	}
	return denied, nil
}
