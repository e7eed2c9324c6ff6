// Package aws makes clients for the accounts of payers and says what became of a call: done, refused and why, or
// unanswered, in which case the effect may exist.
//
// It owns credentials (one assumed role per payer), timeouts, retries inside a call, paging and the reading of errors.
// It decides nothing: whether a refusal ends a transfer is the caller's business, and so is looking for the effect of
// an unanswered call. The SDK is used unmodified, so that the same code speaks to AWS and to the simulator.
package aws

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/middleware"

	"example.com/handover/pkg/errs"
)

// Config says how AWS is reached. The zero Config is AWS itself, with the SDK's default chain of credentials.
type Config struct {
	Region   string // "" is us-east-1, where Organizations lives
	Endpoint string // of every service; "" for AWS's own

	// A fixed key pair to assume roles with, for the sandbox; without it, the SDK's default chain is asked.
	AccessKeyID, SecretAccessKey string

	SessionName string        // seen in the payer's CloudTrail; "" is "handover"
	Timeout     time.Duration // of one attempt; 0 is 30 s
	MaxBackoff  time.Duration // between the attempts of a call; 0 is the SDK's 20 s
	Payers      int           // how many payers' credentials are kept; 0 is 128
}

const attempts = 3

// Payer is an account that pays for its customers, and the role by which it is entered.
type Payer struct {
	AccountID  string // 12 digits
	RoleARN    string // in that account
	ExternalID string // what the role's trust policy asks for; "" when it asks for nothing
}

// Clients makes clients. It may be used by many goroutines.
type Clients struct {
	base    sdk.Config
	session string
	payers  *recent
}

// New reads the base credentials' configuration; it does not connect yet.
func New(ctx context.Context, c Config) (*Clients, error) {
	base, err := baseConfig(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("AWS: %w", err)
	}
	base.Region = cmp.Or(c.Region, "us-east-1")
	if c.Endpoint != "" {
		base.BaseEndpoint = &c.Endpoint
	}
	base.HTTPClient = awshttp.NewBuildableClient().WithTimeout(cmp.Or(c.Timeout, 30*time.Second))
	base.Retryer = func() sdk.Retryer {
		return retry.NewStandard(func(o *retry.StandardOptions) {
			o.MaxAttempts = attempts
			o.MaxBackoff = cmp.Or(c.MaxBackoff, retry.DefaultMaxBackoff)
		})
	}
	base.APIOptions = append(base.APIOptions, func(s *middleware.Stack) error { return rememberUnanswered(s) })
	return &Clients{base, cmp.Or(c.SessionName, "handover"), newRecent(cmp.Or(c.Payers, 128))}, nil
}

func baseConfig(ctx context.Context, c Config) (sdk.Config, error) {
	if c.AccessKeyID == "" {
		base, err := config.LoadDefaultConfig(ctx)
		base.Credentials = renewed{base.Credentials}
		return base, err
	}
	return sdk.Config{Credentials: credentials.NewStaticCredentialsProvider(c.AccessKeyID, c.SecretAccessKey, "")}, nil
}

// renewed are the credentials of the default chain. The SDK reads a file of keys once; here, at each use.
type renewed struct{ sdk.CredentialsProvider }

// Retrieve implements aws.CredentialsProvider.
func (r renewed) Retrieve(ctx context.Context) (sdk.Credentials, error) {
	found, err := r.CredentialsProvider.Retrieve(ctx)
	if err == nil && found.CanExpire {
		return found, nil
	}
	now, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return found, err
	}
	return now.Credentials.Retrieve(ctx)
}

// Organizations returns a client that acts in a payer's account. A role that is not one of that account is
// errs.Invalid, reason PAYER_ROLE_INVALID.
func (c *Clients) Organizations(p Payer) (*organizations.Client, error) {
	cfg, err := c.Config(p)
	if err != nil {
		return nil, err
	}
	return organizations.NewFromConfig(cfg), nil
}

// Config returns what any other service's client for a payer's account is made with; errors as for Organizations.
func (c *Clients) Config(p Payer) (sdk.Config, error) {
	role, err := arn.Parse(p.RoleARN)
	if err != nil || role.Service != "iam" || role.AccountID != p.AccountID || !strings.HasPrefix(role.Resource, "role/") {
		return sdk.Config{}, errs.InvalidField(
			"role_arn", "PAYER_ROLE_INVALID", "%q is not the ARN of a role in account %s", p.RoleARN, p.AccountID,
		)
	}
	cfg := c.base.Copy()
	cfg.Credentials = c.payers.get(p, c.assume)
	return cfg, nil
}

// assume returns credentials that renew themselves; the role is entered at the first call.
func (c *Clients) assume(p Payer) sdk.CredentialsProvider {
	role := stscreds.NewAssumeRoleProvider(sts.NewFromConfig(c.base), p.RoleARN, func(o *stscreds.AssumeRoleOptions) {
		o.RoleSessionName = c.session
		if p.ExternalID != "" {
			o.ExternalID = &p.ExternalID
		}
	})
	return sdk.NewCredentialsCache(role, func(o *sdk.CredentialsCacheOptions) { o.ExpiryWindow = time.Minute })
}
