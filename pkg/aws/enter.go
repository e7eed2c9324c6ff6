package aws

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// STS returns a client with the base credentials, by which it is tried whether a role can be entered.
func (c *Clients) STS() *sts.Client { return sts.NewFromConfig(c.base) }

// Entered is what one is after entering a role.
type Entered struct {
	AccountID string     // in which one acts, as AWS says it
	ARN       string     // of the session
	Config    sdk.Config // to make clients with, for the quarter of an hour that the session lasts
}

// Enter assumes a role, with an external id or none, and asks AWS who one is then. It asks each time: unlike the
// clients for payers, it remembers no credentials, so that it tells what the role's trust says now. The error is of
// the SDK, for Classify: Denied when the role does not exist or does not trust the caller on these terms.
func (c *Clients) Enter(ctx context.Context, as *sts.Client, roleARN, externalID string) (Entered, error) {
	const quarter = 900 // seconds, the shortest session that there is
	in := &sts.AssumeRoleInput{RoleArn: &roleARN, RoleSessionName: &c.session, DurationSeconds: sdk.Int32(quarter)}
	if externalID != "" {
		in.ExternalId = &externalID
	}
	role, err := as.AssumeRole(ctx, in)
	if err != nil {
		return Entered{}, err
	}
	cfg := c.base.Copy()
	cfg.Credentials = credentials.NewStaticCredentialsProvider(sdk.ToString(role.Credentials.AccessKeyId),
		sdk.ToString(role.Credentials.SecretAccessKey), sdk.ToString(role.Credentials.SessionToken))
	who, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return Entered{}, err
	}
	return Entered{AccountID: sdk.ToString(who.Account), ARN: sdk.ToString(who.Arn), Config: cfg}, nil
}
