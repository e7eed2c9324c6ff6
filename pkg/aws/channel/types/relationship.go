package types

import "time"

// CreateRelationshipDetail names a new relationship.
type CreateRelationshipDetail struct {
	Arn *string `json:"arn,omitempty"`
	Id  *string `json:"id,omitempty"` // rs-…
}

// UpdateRelationshipDetail is what an update has made of a relationship.
type UpdateRelationshipDetail struct {
	Arn         *string `json:"arn,omitempty"`
	DisplayName *string `json:"displayName,omitempty"`
	Id          *string `json:"id,omitempty"`
	Revision    *string `json:"revision,omitempty"`
}

// RelationshipDetail is a partner's relationship with a customer's account.
type RelationshipDetail struct {
	Arn                        *string            `json:"arn,omitempty"`
	AssociatedAccountId        *string            `json:"associatedAccountId,omitempty"`
	AssociationType            AssociationType    `json:"associationType,omitempty"`
	Catalog                    *string            `json:"catalog,omitempty"`
	CreatedAt                  *time.Time         `json:"createdAt,omitempty"`
	DisplayName                *string            `json:"displayName,omitempty"`
	Id                         *string            `json:"id,omitempty"`
	ProgramManagementAccountId *string            `json:"programManagementAccountId,omitempty"`
	ResaleAccountModel         ResaleAccountModel `json:"resaleAccountModel,omitempty"`
	Revision                   *string            `json:"revision,omitempty"`
	Sector                     Sector             `json:"sector,omitempty"`
	StartDate                  *time.Time         `json:"startDate,omitempty"`
	UpdatedAt                  *time.Time         `json:"updatedAt,omitempty"`
}

// RelationshipSummary is a relationship as lists show it: without its resale account model.
type RelationshipSummary struct {
	Arn                        *string         `json:"arn,omitempty"`
	AssociatedAccountId        *string         `json:"associatedAccountId,omitempty"`
	AssociationType            AssociationType `json:"associationType,omitempty"`
	Catalog                    *string         `json:"catalog,omitempty"`
	CreatedAt                  *time.Time      `json:"createdAt,omitempty"`
	DisplayName                *string         `json:"displayName,omitempty"`
	Id                         *string         `json:"id,omitempty"`
	ProgramManagementAccountId *string         `json:"programManagementAccountId,omitempty"`
	Revision                   *string         `json:"revision,omitempty"`
	Sector                     Sector          `json:"sector,omitempty"`
	StartDate                  *time.Time      `json:"startDate,omitempty"`
	UpdatedAt                  *time.Time      `json:"updatedAt,omitempty"`
}

// ResoldEnterprise is AWS Enterprise Support, resold.
type ResoldEnterprise struct {
	ChargeAccountId *string  `json:"chargeAccountId,omitempty"`
	Coverage        Coverage `json:"coverage,omitempty"`    // required
	TamLocation     *string  `json:"tamLocation,omitempty"` // required
}

// ResoldUnifiedOperations is AWS Unified Operations, resold.
type ResoldUnifiedOperations struct {
	ChargeAccountId *string  `json:"chargeAccountId,omitempty"`
	Coverage        Coverage `json:"coverage,omitempty"`    // required
	TamLocation     *string  `json:"tamLocation,omitempty"` // required
}

// PartnerLedSupport is support that the partner gives itself.
type PartnerLedSupport struct {
	Coverage    Coverage `json:"coverage,omitempty"` // required
	Provider    Provider `json:"provider,omitempty"`
	TamLocation *string  `json:"tamLocation,omitempty"` // required
}
