// Package types holds the shapes of the Partner Central Channel API. It has the names and forms that the SDK's module
// has, so that the module can take its place.
//
// It owns what goes on the wire, under which name; it checks nothing.
package types

import "time"

// ProgramManagementAccountSummary is an account that manages a partner programme: a payer.
type ProgramManagementAccountSummary struct {
	AccountId   *string                        `json:"accountId,omitempty"`
	Arn         *string                        `json:"arn,omitempty"`
	Catalog     *string                        `json:"catalog,omitempty"`
	CreatedAt   *time.Time                     `json:"createdAt,omitempty"`
	DisplayName *string                        `json:"displayName,omitempty"`
	Id          *string                        `json:"id,omitempty"` // pma-…
	Program     Program                        `json:"program,omitempty"`
	Revision    *string                        `json:"revision,omitempty"`
	StartDate   *time.Time                     `json:"startDate,omitempty"`
	Status      ProgramManagementAccountStatus `json:"status,omitempty"`
	UpdatedAt   *time.Time                     `json:"updatedAt,omitempty"`
}

// Tag is a label of a resource.
type Tag struct {
	Key   *string `json:"key,omitempty"`
	Value *string `json:"value,omitempty"`
}
