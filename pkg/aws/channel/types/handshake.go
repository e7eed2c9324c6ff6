package types

import (
	"encoding/json"
	"time"
)

// ChannelHandshakeSummary is a handshake as lists show it; there is no other way to read one.
type ChannelHandshakeSummary struct {
	Arn                  *string         `json:"arn,omitempty"`
	AssociatedResourceId *string         `json:"associatedResourceId,omitempty"` // rs-… or pma-…
	Catalog              *string         `json:"catalog,omitempty"`
	CreatedAt            *time.Time      `json:"createdAt,omitempty"`
	Detail               HandshakeDetail `json:"detail,omitempty"`
	HandshakeType        HandshakeType   `json:"handshakeType,omitempty"`
	Id                   *string         `json:"id,omitempty"` // ch-…
	OwnerAccountId       *string         `json:"ownerAccountId,omitempty"`
	ReceiverAccountId    *string         `json:"receiverAccountId,omitempty"`
	SenderAccountId      *string         `json:"senderAccountId,omitempty"`
	SenderDisplayName    *string         `json:"senderDisplayName,omitempty"`
	Status               HandshakeStatus `json:"status,omitempty"`
	UpdatedAt            *time.Time      `json:"updatedAt,omitempty"`
}

// UnmarshalJSON finds the member that the detail has.
func (s *ChannelHandshakeSummary) UnmarshalJSON(doc []byte) error {
	type plain ChannelHandshakeSummary
	outer := struct {
		*plain
		Detail handshakeDetail `json:"detail"`
	}{plain: (*plain)(s)}
	if err := json.Unmarshal(doc, &outer); err != nil {
		return err
	}
	s.Detail = outer.Detail.union()
	return nil
}

// CreateChannelHandshakeDetail names a new handshake. It does not say its status.
type CreateChannelHandshakeDetail struct {
	Arn *string `json:"arn,omitempty"`
	Id  *string `json:"id,omitempty"`
}

// AcceptChannelHandshakeDetail is a handshake that was accepted.
type AcceptChannelHandshakeDetail struct {
	Arn    *string         `json:"arn,omitempty"`
	Id     *string         `json:"id,omitempty"`
	Status HandshakeStatus `json:"status,omitempty"`
}

// RejectChannelHandshakeDetail is a handshake that was rejected.
type RejectChannelHandshakeDetail struct {
	Arn    *string         `json:"arn,omitempty"`
	Id     *string         `json:"id,omitempty"`
	Status HandshakeStatus `json:"status,omitempty"`
}

// CancelChannelHandshakeDetail is a handshake that was taken back.
type CancelChannelHandshakeDetail struct {
	Arn    *string         `json:"arn,omitempty"`
	Id     *string         `json:"id,omitempty"`
	Status HandshakeStatus `json:"status,omitempty"`
}
