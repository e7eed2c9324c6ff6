package channel

import (
	"context"

	"example.com/handover/pkg/aws/channel/types"
)

// ListRelationshipsInput chooses relationships; filters that are empty choose all.
type ListRelationshipsInput struct {
	Catalog                             *string                 `json:"catalog,omitempty"` // required
	AssociatedAccountIds                []string                `json:"associatedAccountIds,omitempty"`
	AssociationTypes                    []types.AssociationType `json:"associationTypes,omitempty"`
	DisplayNames                        []string                `json:"displayNames,omitempty"`
	MaxResults                          *int32                  `json:"maxResults,omitempty"` // at most 100
	NextToken                           *string                 `json:"nextToken,omitempty"`
	ProgramManagementAccountIdentifiers []string                `json:"programManagementAccountIdentifiers,omitempty"`
}

// ListRelationshipsOutput is one page; there is another while NextToken is set.
type ListRelationshipsOutput struct {
	Items     []types.RelationshipSummary `json:"items,omitempty"`
	NextToken *string                     `json:"nextToken,omitempty"`
}

// ListRelationships lists the caller's relationships.
func (c *Client) ListRelationships(
	ctx context.Context, params *ListRelationshipsInput, change ...func(*Options),
) (*ListRelationshipsOutput, error) {
	in := orEmpty(params)
	return call[ListRelationshipsOutput](ctx, c, "ListRelationships", &in, change)
}

// ListChannelHandshakesInput chooses handshakes of one type and one side; filters that are empty choose all.
type ListChannelHandshakesInput struct {
	Catalog                       *string                                `json:"catalog,omitempty"`         // required
	HandshakeType                 types.HandshakeType                    `json:"handshakeType,omitempty"`   // required
	ParticipantType               types.ParticipantType                  `json:"participantType,omitempty"` // required
	AssociatedResourceIdentifiers []string                               `json:"associatedResourceIdentifiers,omitempty"`
	HandshakeTypeFilters          types.ListChannelHandshakesTypeFilters `json:"handshakeTypeFilters,omitempty"`
	MaxResults                    *int32                                 `json:"maxResults,omitempty"` // at most 100
	NextToken                     *string                                `json:"nextToken,omitempty"`
	Statuses                      []types.HandshakeStatus                `json:"statuses,omitempty"`
}

// ListChannelHandshakesOutput is one page; there is another while NextToken is set.
type ListChannelHandshakesOutput struct {
	Items     []types.ChannelHandshakeSummary `json:"items,omitempty"`
	NextToken *string                         `json:"nextToken,omitempty"`
}

// ListChannelHandshakes lists what the caller has sent or received. It is the only way to learn a handshake's status.
func (c *Client) ListChannelHandshakes(
	ctx context.Context, params *ListChannelHandshakesInput, change ...func(*Options),
) (*ListChannelHandshakesOutput, error) {
	in := orEmpty(params)
	return call[ListChannelHandshakesOutput](ctx, c, "ListChannelHandshakes", &in, change)
}

// ListProgramManagementAccountsInput chooses program management accounts; filters that are empty choose all.
type ListProgramManagementAccountsInput struct {
	Catalog      *string                                `json:"catalog,omitempty"` // required
	AccountIds   []string                               `json:"accountIds,omitempty"`
	DisplayNames []string                               `json:"displayNames,omitempty"`
	MaxResults   *int32                                 `json:"maxResults,omitempty"` // at most 100
	NextToken    *string                                `json:"nextToken,omitempty"`
	Programs     []types.Program                        `json:"programs,omitempty"`
	Statuses     []types.ProgramManagementAccountStatus `json:"statuses,omitempty"`
}

// ListProgramManagementAccountsOutput is one page; there is another while NextToken is set.
type ListProgramManagementAccountsOutput struct {
	Items     []types.ProgramManagementAccountSummary `json:"items,omitempty"`
	NextToken *string                                 `json:"nextToken,omitempty"`
}

// ListProgramManagementAccounts lists the caller's program management accounts.
func (c *Client) ListProgramManagementAccounts(
	ctx context.Context, params *ListProgramManagementAccountsInput, change ...func(*Options),
) (*ListProgramManagementAccountsOutput, error) {
	in := orEmpty(params)
	return call[ListProgramManagementAccountsOutput](ctx, c, "ListProgramManagementAccounts", &in, change)
}
