package types

import "time"

// StartServicePeriodPayload proposes a period in which the transfer of billing cannot end, or a notice before its end.
type StartServicePeriodPayload struct {
	EndDate                            *time.Time        `json:"endDate,omitempty"`           // of a fixed commitment
	MinimumNoticeDays                  *string           `json:"minimumNoticeDays,omitempty"` // digits, of a notice period
	Note                               *string           `json:"note,omitempty"`
	ProgramManagementAccountIdentifier *string           `json:"programManagementAccountIdentifier,omitempty"` // required
	ServicePeriodType                  ServicePeriodType `json:"servicePeriodType,omitempty"`                  // required
}

// RevokeServicePeriodPayload proposes to end such a period early.
type RevokeServicePeriodPayload struct {
	Note                               *string `json:"note,omitempty"`
	ProgramManagementAccountIdentifier *string `json:"programManagementAccountIdentifier,omitempty"` // required
}

// StartServicePeriodHandshakeDetail is a proposed or agreed service period.
type StartServicePeriodHandshakeDetail struct {
	EndDate           *time.Time        `json:"endDate,omitempty"`
	MinimumNoticeDays *string           `json:"minimumNoticeDays,omitempty"`
	Note              *string           `json:"note,omitempty"`
	ServicePeriodType ServicePeriodType `json:"servicePeriodType,omitempty"`
	StartDate         *time.Time        `json:"startDate,omitempty"`
}

// RevokeServicePeriodHandshakeDetail is the service period that is to end early.
type RevokeServicePeriodHandshakeDetail struct {
	EndDate           *time.Time        `json:"endDate,omitempty"`
	MinimumNoticeDays *string           `json:"minimumNoticeDays,omitempty"`
	Note              *string           `json:"note,omitempty"`
	ServicePeriodType ServicePeriodType `json:"servicePeriodType,omitempty"`
	StartDate         *time.Time        `json:"startDate,omitempty"`
}

// ProgramManagementAccountHandshakeDetail is the programme that an account is to join.
type ProgramManagementAccountHandshakeDetail struct {
	Program Program `json:"program,omitempty"`
}

// StartServicePeriodTypeFilters chooses among handshakes that start a service period.
type StartServicePeriodTypeFilters struct {
	ServicePeriodTypes []ServicePeriodType `json:"servicePeriodTypes,omitempty"`
}

// RevokeServicePeriodTypeFilters chooses among handshakes that end a service period.
type RevokeServicePeriodTypeFilters struct {
	ServicePeriodTypes []ServicePeriodType `json:"servicePeriodTypes,omitempty"`
}
