package channel

import (
	"context"

	"github.com/google/uuid"

	"example.com/handover/pkg/aws/channel/types"
)

// CreateRelationshipInput asks for a relationship with an account.
type CreateRelationshipInput struct {
	AssociatedAccountId *string               `json:"associatedAccountId,omitempty"` // required
	AssociationType     types.AssociationType `json:"associationType,omitempty"`     // required
	// required: "AWS" or "Sandbox"
	Catalog *string `json:"catalog,omitempty"`
	// required, at most 30 characters
	DisplayName *string `json:"displayName,omitempty"`
	// required: pma-… or its ARN
	ProgramManagementAccountIdentifier *string      `json:"programManagementAccountIdentifier,omitempty"`
	Sector                             types.Sector `json:"sector,omitempty"` // required
	// nil: a new one for each call
	ClientToken          *string                  `json:"clientToken,omitempty"`
	RequestedSupportPlan types.SupportPlan        `json:"requestedSupportPlan,omitempty"`
	ResaleAccountModel   types.ResaleAccountModel `json:"resaleAccountModel,omitempty"`
	Tags                 []types.Tag              `json:"tags,omitempty"`
}

// CreateRelationshipOutput is the answer to CreateRelationship.
type CreateRelationshipOutput struct {
	RelationshipDetail *types.CreateRelationshipDetail `json:"relationshipDetail,omitempty"`
}

// CreateRelationship begins a relationship. The same client token and input answer the same relationship; another one
// with the account is a *types.ConflictException that names the first.
func (c *Client) CreateRelationship(
	ctx context.Context, params *CreateRelationshipInput, change ...func(*Options),
) (*CreateRelationshipOutput, error) {
	in := orEmpty(params)
	in.ClientToken = orToken(in.ClientToken)
	return call[CreateRelationshipOutput](ctx, c, "CreateRelationship", &in, change)
}

// GetRelationshipInput asks for one relationship.
type GetRelationshipInput struct {
	Catalog                            *string `json:"catalog,omitempty"`                            // required
	Identifier                         *string `json:"identifier,omitempty"`                         // required: rs-… or its ARN
	ProgramManagementAccountIdentifier *string `json:"programManagementAccountIdentifier,omitempty"` // required
}

// GetRelationshipOutput is the answer to GetRelationship.
type GetRelationshipOutput struct {
	RelationshipDetail *types.RelationshipDetail `json:"relationshipDetail,omitempty"`
}

// GetRelationship reads a relationship.
func (c *Client) GetRelationship(
	ctx context.Context, params *GetRelationshipInput, change ...func(*Options),
) (*GetRelationshipOutput, error) {
	in := orEmpty(params)
	return call[GetRelationshipOutput](ctx, c, "GetRelationship", &in, change)
}

// UpdateRelationshipInput asks for another name or support plan.
type UpdateRelationshipInput struct {
	Catalog                            *string           `json:"catalog,omitempty"`                            // required
	Identifier                         *string           `json:"identifier,omitempty"`                         // required
	ProgramManagementAccountIdentifier *string           `json:"programManagementAccountIdentifier,omitempty"` // required
	DisplayName                        *string           `json:"displayName,omitempty"`
	RequestedSupportPlan               types.SupportPlan `json:"requestedSupportPlan,omitempty"`
	Revision                           *string           `json:"revision,omitempty"` // that was read; nil: whatever it is
}

// UpdateRelationshipOutput is the answer to UpdateRelationship.
type UpdateRelationshipOutput struct {
	RelationshipDetail *types.UpdateRelationshipDetail `json:"relationshipDetail,omitempty"`
}

// UpdateRelationship changes a relationship.
func (c *Client) UpdateRelationship(
	ctx context.Context, params *UpdateRelationshipInput, change ...func(*Options),
) (*UpdateRelationshipOutput, error) {
	in := orEmpty(params)
	return call[UpdateRelationshipOutput](ctx, c, "UpdateRelationship", &in, change)
}

// DeleteRelationshipInput names the relationship to end.
type DeleteRelationshipInput struct {
	Catalog                            *string `json:"catalog,omitempty"`                            // required
	Identifier                         *string `json:"identifier,omitempty"`                         // required
	ProgramManagementAccountIdentifier *string `json:"programManagementAccountIdentifier,omitempty"` // required
	ClientToken                        *string `json:"clientToken,omitempty"`                        // nil: a new one for each call
}

// DeleteRelationshipOutput is the answer to DeleteRelationship.
type DeleteRelationshipOutput struct{}

// DeleteRelationship ends a relationship.
func (c *Client) DeleteRelationship(
	ctx context.Context, params *DeleteRelationshipInput, change ...func(*Options),
) (*DeleteRelationshipOutput, error) {
	in := orEmpty(params)
	in.ClientToken = orToken(in.ClientToken)
	return call[DeleteRelationshipOutput](ctx, c, "DeleteRelationship", &in, change)
}

// call invokes an operation and returns its output.
func call[Out any](ctx context.Context, c *Client, operation string, in input, change []func(*Options)) (*Out, error) {
	out := new(Out)
	if err := c.invoke(ctx, operation, in, out, change); err != nil {
		return nil, err
	}
	return out, nil
}

// orEmpty copies the caller's input, which is not changed.
func orEmpty[In any](params *In) In {
	if params == nil {
		return *new(In)
	}
	return *params
}

func orToken(given *string) *string {
	if given == nil {
		token := uuid.NewString()
		given = &token
	}
	return given
}
