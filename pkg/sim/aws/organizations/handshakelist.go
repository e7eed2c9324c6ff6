package organizations

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/sim/aws/identity"
	"example.com/handover/pkg/sim/aws/state"
)

// ListHandshakesForOrganization lists what the organization has sent, for its management account.
func (b *Backend) ListHandshakesForOrganization(
	ctx context.Context, in *sdk.ListHandshakesForOrganizationInput,
) (*sdk.ListHandshakesForOrganizationOutput, error) {
	out := &sdk.ListHandshakesForOrganizationOutput{}
	err := b.state.View(func(tx *state.Tx) error {
		owner, _, err := management(ctx, tx)
		if err != nil {
			return err
		}
		sent := tx.Handshakes.Of(owner.ID)
		sent = slices.DeleteFunc(sent, func(h state.Handshake) bool { return h.Sender != owner.ID })
		out.Handshakes, out.NextToken, err = handshakes(tx, sent, in.Filter, in.MaxResults, in.NextToken, "sent "+owner.ID)
		return err
	})
	return out, err
}

// ListHandshakesForAccount lists what the calling account has received.
func (b *Backend) ListHandshakesForAccount(
	ctx context.Context, in *sdk.ListHandshakesForAccountInput,
) (*sdk.ListHandshakesForAccountOutput, error) {
	out := &sdk.ListHandshakesForAccountOutput{}
	err := b.state.View(func(tx *state.Tx) error {
		account, _ := tx.Accounts.Get(identity.From(ctx).Account)
		var err error
		out.Handshakes, out.NextToken, err = handshakes(tx, Received(tx, account), in.Filter, in.MaxResults, in.NextToken, "received "+account.ID)
		return err
	})
	return out, err
}

// Received returns the handshakes that were sent to the account or to its address, oldest first.
func Received(tx *state.Tx, account state.Account) []state.Handshake {
	all := append(tx.Handshakes.Of(account.ID), tx.Handshakes.Of(state.NormalEmail(account.Email))...)
	seen := map[string]bool{}
	all = slices.DeleteFunc(all, func(h state.Handshake) bool {
		again := seen[h.ID]
		seen[h.ID] = true
		return again || !h.To(account)
	})
	return inOrder(all, handshakePlace)
}

// handshakes is one page of those that are still visible and pass the filter.
func handshakes(
	tx *state.Tx, all []state.Handshake, f *types.HandshakeFilter, max *int32, next *string, list string,
) ([]types.Handshake, *string, error) {
	if err := filter(f); err != nil {
		return nil, nil, err
	}
	if f == nil {
		f = &types.HandshakeFilter{}
	}
	all = slices.DeleteFunc(all, func(h state.Handshake) bool {
		return !h.Visible(tx.Now()) || f.ActionType != "" && f.ActionType != h.Action ||
			f.ParentHandshakeId != nil // none of the handshakes here has a parent
	})
	list = fmt.Sprintf("%s %s %s", list, f.ActionType, aws.ToString(f.ParentHandshakeId))
	rows, token, err := page(all, handshakePlace, max, next, list)
	if err != nil {
		return nil, nil, err
	}
	var out []types.Handshake
	for _, h := range rows {
		out = append(out, *handshakeView(tx, h))
	}
	return out, token, nil
}

func handshakePlace(h state.Handshake) place { return place{h.RequestedAt, h.ID} }
