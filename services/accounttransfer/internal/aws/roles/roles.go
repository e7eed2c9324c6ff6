// Package roles is AccountTransfer's view of the Bootstrap Role in a customer's account: where the customer deploys it,
// and whether it lets the reseller in, and nobody else.
//
// It owns no decision: what a missing role means is package access's. It does nothing with the access that it tries.
package roles

import (
	"context"
	"errors"
	"net/url"

	"github.com/aws/smithy-go"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/id"
	"example.com/handover/services/accounttransfer/internal/access"
)

// Client tries roles with the reseller's own credentials.
type Client struct{ clients *aws.Clients }

// New returns a client that uses the given credentials.
func New(clients *aws.Clients) *Client { return &Client{clients} }

// Look tries to enter a role with its external id, which must lead into its account, and then without and with another
// one, which must not be possible: a role that trusts whoever knows its name can be used through us by any other customer
// of ours. One that is safe is then asked for harmless reads of which the reseller needs the right. Only AWS's word that the role does
// not let us in counts: when our own credentials fail, nothing is known. The error is of the SDK, for aws.Classify.
func (c *Client) Look(ctx context.Context, roleARN, accountID, externalID string, needed ...string) (access.Look, error) {
	in, err := c.clients.Enter(ctx, c.clients.STS(), roleARN, externalID)
	switch {
	case refusedByRole(err):
		return access.Look{State: access.Missing}, nil
	case err != nil:
		return access.Look{}, err
	case in.AccountID != accountID:
		return access.Look{State: access.Missing}, nil
	}
	for _, wrong := range []string{"", id.New("trf")} {
		_, err = c.clients.Enter(ctx, c.clients.STS(), roleARN, wrong)
		switch {
		case err == nil:
			return access.Look{State: access.Unsafe}, nil
		case !refusedByRole(err):
			return access.Look{}, err
		}
	}
	denied, err := deniedOf(ctx, in.Config, needed)
	return access.Look{State: access.Safe, Denied: denied}, err
}

// refusedByRole reports whether AWS said that the role is not there for us. Credentials of ours that have expired, or
// could not be had, are denied too, and say nothing about the role.
func refusedByRole(err error) bool {
	call, ok := errors.AsType[*smithy.OperationError](err)
	if !ok || call.OperationName != "AssumeRole" {
		return false
	}
	_, signing := errors.AsType[*smithy.OperationError](call.Err) // AWS was called for our own credentials
	return !signing && aws.Classify(err).Code == "AccessDenied"
}

// The console's page that creates a stack with one click, and the stack's name.
const (
	console   = "https://us-east-1.console.aws.amazon.com/cloudformation/home?region=us-east-1#/stacks/quickcreate"
	stackName = "handover-bootstrap-role"
)

// QuickCreate returns where the customer deploys the role with one click; "" without a template. The external id is no
// secret.
func QuickCreate(templateURL, externalID string) string {
	if templateURL == "" {
		return ""
	}
	return console + "?templateURL=" + url.QueryEscape(templateURL) +
		"&stackName=" + stackName + "&param_ExternalId=" + url.QueryEscape(externalID)
}
