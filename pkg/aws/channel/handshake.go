package channel

import (
	"context"

	"example.com/handover/pkg/aws/channel/types"
)

// CreateChannelHandshakeInput proposes something to the other side of a relationship.
type CreateChannelHandshakeInput struct {
	// required: rs-…, pma-… or an ARN
	AssociatedResourceIdentifier *string                       `json:"associatedResourceIdentifier,omitempty"`
	Catalog                      *string                       `json:"catalog,omitempty"`       // required
	HandshakeType                types.HandshakeType           `json:"handshakeType,omitempty"` // required
	ClientToken                  *string                       `json:"clientToken,omitempty"`   // nil: a new one for each call
	Payload                      types.ChannelHandshakePayload `json:"payload,omitempty"`
	Tags                         []types.Tag                   `json:"tags,omitempty"`
}

// CreateChannelHandshakeOutput is the answer to CreateChannelHandshake.
type CreateChannelHandshakeOutput struct {
	ChannelHandshakeDetail *types.CreateChannelHandshakeDetail `json:"channelHandshakeDetail,omitempty"`
}

// CreateChannelHandshake sends a proposal. The same client token and input answer the same handshake.
func (c *Client) CreateChannelHandshake(
	ctx context.Context, params *CreateChannelHandshakeInput, change ...func(*Options),
) (*CreateChannelHandshakeOutput, error) {
	in := orEmpty(params)
	in.ClientToken = orToken(in.ClientToken)
	return call[CreateChannelHandshakeOutput](ctx, c, "CreateChannelHandshake", &in, change)
}

// AcceptChannelHandshakeInput names the handshake to agree to.
type AcceptChannelHandshakeInput struct {
	Catalog    *string `json:"catalog,omitempty"`    // required
	Identifier *string `json:"identifier,omitempty"` // required: ch-… or its ARN
}

// AcceptChannelHandshakeOutput is the answer to AcceptChannelHandshake.
type AcceptChannelHandshakeOutput struct {
	ChannelHandshakeDetail *types.AcceptChannelHandshakeDetail `json:"channelHandshakeDetail,omitempty"`
}

// AcceptChannelHandshake agrees to a proposal; only its receiver may.
func (c *Client) AcceptChannelHandshake(
	ctx context.Context, params *AcceptChannelHandshakeInput, change ...func(*Options),
) (*AcceptChannelHandshakeOutput, error) {
	in := orEmpty(params)
	return call[AcceptChannelHandshakeOutput](ctx, c, "AcceptChannelHandshake", &in, change)
}

// RejectChannelHandshakeInput names the handshake to refuse.
type RejectChannelHandshakeInput struct {
	Catalog    *string `json:"catalog,omitempty"`    // required
	Identifier *string `json:"identifier,omitempty"` // required
}

// RejectChannelHandshakeOutput is the answer to RejectChannelHandshake.
type RejectChannelHandshakeOutput struct {
	ChannelHandshakeDetail *types.RejectChannelHandshakeDetail `json:"channelHandshakeDetail,omitempty"`
}

// RejectChannelHandshake refuses a proposal; only its receiver may.
func (c *Client) RejectChannelHandshake(
	ctx context.Context, params *RejectChannelHandshakeInput, change ...func(*Options),
) (*RejectChannelHandshakeOutput, error) {
	in := orEmpty(params)
	return call[RejectChannelHandshakeOutput](ctx, c, "RejectChannelHandshake", &in, change)
}

// CancelChannelHandshakeInput names the handshake to take back.
type CancelChannelHandshakeInput struct {
	Catalog    *string `json:"catalog,omitempty"`    // required
	Identifier *string `json:"identifier,omitempty"` // required
}

// CancelChannelHandshakeOutput is the answer to CancelChannelHandshake.
type CancelChannelHandshakeOutput struct {
	ChannelHandshakeDetail *types.CancelChannelHandshakeDetail `json:"channelHandshakeDetail,omitempty"`
}

// CancelChannelHandshake takes a proposal back; only its sender may.
func (c *Client) CancelChannelHandshake(
	ctx context.Context, params *CancelChannelHandshakeInput, change ...func(*Options),
) (*CancelChannelHandshakeOutput, error) {
	in := orEmpty(params)
	return call[CancelChannelHandshakeOutput](ctx, c, "CancelChannelHandshake", &in, change)
}
