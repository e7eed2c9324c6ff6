package sts

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"example.com/handover/pkg/sim/aws/identity"
	"example.com/handover/pkg/sim/aws/state"
)

const defaultSession = time.Hour // also the longest that a role or a chain of roles allows, unless the role says more

// AssumeRole opens a session in the role's account. A missing role, a caller that it does not trust, a wrong external id
// and a closed account are refused alike, so that nobody learns which it was.
func (b *Backend) AssumeRole(ctx context.Context, in *sdk.AssumeRoleInput) (*sdk.AssumeRoleOutput, error) {
	if err := checkAssumeRole(in); err != nil {
		return nil, err
	}
	caller := identity.From(ctx)
	var role state.Role
	err := b.state.View(func(tx *state.Tx) error {
		found, ok := tx.Roles.Get(*in.RoleArn)
		owner, _ := tx.Accounts.Get(found.Account)
		if !ok || owner.Closed() || owner.Gone(tx.Now()) || !found.TrustedBy(caller.Account, aws.ToString(in.ExternalId)) {
			return failure(
				"AccessDenied", fmt.Sprintf("User: %s is not authorized to perform: sts:AssumeRole on resource: %s", caller.ARN, *in.RoleArn),
			)
		}
		role = found
		return nil
	})
	if err != nil {
		return nil, err
	}
	lasts, err := duration(in, role, caller)
	if err != nil {
		return nil, err
	}
	expires := b.machine.Now().Time().Add(lasts).Truncate(time.Second)
	return answer(identity.NewSession(role.Account, role.Name, *in.RoleSessionName, expires), role.Realm()), nil
}

// duration is how long the session may last.
func duration(in *sdk.AssumeRoleInput, role state.Role, caller identity.Caller) (time.Duration, error) {
	if in.DurationSeconds == nil {
		return defaultSession, nil
	}
	lasts := time.Duration(*in.DurationSeconds) * time.Second
	if caller.Session && lasts > defaultSession {
		return 0, failure("ValidationError", "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining")
	}
	if lasts > max(role.MaxSession, defaultSession) {
		return 0, failure("ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
	}
	return lasts, nil
}

func answer(s identity.Session, realm state.Partition) *sdk.AssumeRoleOutput {
	return &sdk.AssumeRoleOutput{
		AssumedRoleUser: &types.AssumedRoleUser{
			Arn:           aws.String(s.ARN(string(realm))),
			AssumedRoleId: aws.String(s.UserID()),
		},
		Credentials: &types.Credentials{
			AccessKeyId:     aws.String(s.AccessKey),
			SecretAccessKey: aws.String(identity.Secret),
			SessionToken:    aws.String(s.Token()),
			Expiration:      aws.Time(s.Expires),
		},
	}
}
