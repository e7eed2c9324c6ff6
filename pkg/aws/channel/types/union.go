package types

import (
	"encoding/json"
	"time"
)

// ChannelHandshakePayload is what a handshake proposes: one of the two members below.
type ChannelHandshakePayload interface{ isChannelHandshakePayload() }

// ChannelHandshakePayloadMemberStartServicePeriodPayload proposes a service period.
type ChannelHandshakePayloadMemberStartServicePeriodPayload struct {
	Value StartServicePeriodPayload
}

// ChannelHandshakePayloadMemberRevokeServicePeriodPayload proposes to end one.
type ChannelHandshakePayloadMemberRevokeServicePeriodPayload struct {
	Value RevokeServicePeriodPayload
}

func (*ChannelHandshakePayloadMemberStartServicePeriodPayload) isChannelHandshakePayload()  {}
func (*ChannelHandshakePayloadMemberRevokeServicePeriodPayload) isChannelHandshakePayload() {}

// MarshalJSON writes the end in UTC to the millisecond, as AWS reads it.
func (m *ChannelHandshakePayloadMemberStartServicePeriodPayload) MarshalJSON() ([]byte, error) {
	value := m.Value
	if value.EndDate != nil {
		end := value.EndDate.UTC().Truncate(time.Millisecond)
		value.EndDate = &end
	}
	return member("startServicePeriodPayload", value)
}

// MarshalJSON writes the member's name and value.
func (m *ChannelHandshakePayloadMemberRevokeServicePeriodPayload) MarshalJSON() ([]byte, error) {
	return member("revokeServicePeriodPayload", m.Value)
}

// ListChannelHandshakesTypeFilters are filters that only one type of handshake has.
type ListChannelHandshakesTypeFilters interface{ isListChannelHandshakesTypeFilters() }

// ListChannelHandshakesTypeFiltersMemberStartServicePeriodTypeFilters are those of START_SERVICE_PERIOD.
type ListChannelHandshakesTypeFiltersMemberStartServicePeriodTypeFilters struct {
	Value StartServicePeriodTypeFilters
}

// ListChannelHandshakesTypeFiltersMemberRevokeServicePeriodTypeFilters are those of REVOKE_SERVICE_PERIOD.
type ListChannelHandshakesTypeFiltersMemberRevokeServicePeriodTypeFilters struct {
	Value RevokeServicePeriodTypeFilters
}

func (*ListChannelHandshakesTypeFiltersMemberStartServicePeriodTypeFilters) isListChannelHandshakesTypeFilters() {
}

func (*ListChannelHandshakesTypeFiltersMemberRevokeServicePeriodTypeFilters) isListChannelHandshakesTypeFilters() {
}

// MarshalJSON writes the member's name and value.
func (m *ListChannelHandshakesTypeFiltersMemberStartServicePeriodTypeFilters) MarshalJSON() ([]byte, error) {
	return member("startServicePeriodTypeFilters", m.Value)
}

// MarshalJSON writes the member's name and value.
func (m *ListChannelHandshakesTypeFiltersMemberRevokeServicePeriodTypeFilters) MarshalJSON() ([]byte, error) {
	return member("revokeServicePeriodTypeFilters", m.Value)
}

// member is a union on the wire: an object with one member.
func member(name string, value any) ([]byte, error) {
	return json.Marshal(map[string]any{name: value})
}
