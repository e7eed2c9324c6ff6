package types

// HandshakeType is what a handshake is for.
type HandshakeType string

// The values of HandshakeType.
const (
	HandshakeTypeStartServicePeriod       HandshakeType = "START_SERVICE_PERIOD"
	HandshakeTypeRevokeServicePeriod      HandshakeType = "REVOKE_SERVICE_PERIOD"
	HandshakeTypeProgramManagementAccount HandshakeType = "PROGRAM_MANAGEMENT_ACCOUNT"
)

// Values are those that this version knows.
func (HandshakeType) Values() []HandshakeType {
	return []HandshakeType{HandshakeTypeStartServicePeriod, HandshakeTypeRevokeServicePeriod, HandshakeTypeProgramManagementAccount}
}

// HandshakeStatus is where a handshake stands.
type HandshakeStatus string

// The values of HandshakeStatus.
const (
	HandshakeStatusPending  HandshakeStatus = "PENDING"
	HandshakeStatusAccepted HandshakeStatus = "ACCEPTED"
	HandshakeStatusRejected HandshakeStatus = "REJECTED"
	HandshakeStatusCanceled HandshakeStatus = "CANCELED"
	HandshakeStatusExpired  HandshakeStatus = "EXPIRED"
)

// Values are those that this version knows.
func (HandshakeStatus) Values() []HandshakeStatus {
	return []HandshakeStatus{
		HandshakeStatusPending, HandshakeStatusAccepted, HandshakeStatusRejected, HandshakeStatusCanceled, HandshakeStatusExpired,
	}
}

// ParticipantType is the side of a handshake.
type ParticipantType string

// The values of ParticipantType.
const (
	ParticipantTypeSender   ParticipantType = "SENDER"
	ParticipantTypeReceiver ParticipantType = "RECEIVER"
)

// Values are those that this version knows.
func (ParticipantType) Values() []ParticipantType {
	return []ParticipantType{ParticipantTypeSender, ParticipantTypeReceiver}
}

// ServicePeriodType is how a service period binds.
type ServicePeriodType string

// The values of ServicePeriodType.
const (
	ServicePeriodTypeMinimumNoticePeriod   ServicePeriodType = "MINIMUM_NOTICE_PERIOD"
	ServicePeriodTypeFixedCommitmentPeriod ServicePeriodType = "FIXED_COMMITMENT_PERIOD"
)

// Values are those that this version knows.
func (ServicePeriodType) Values() []ServicePeriodType {
	return []ServicePeriodType{ServicePeriodTypeMinimumNoticePeriod, ServicePeriodTypeFixedCommitmentPeriod}
}

// ValidationExceptionReason is what kind of rule an input breaks.
type ValidationExceptionReason string

// The values of ValidationExceptionReason.
const (
	ValidationExceptionReasonRequestValidationFailed  ValidationExceptionReason = "REQUEST_VALIDATION_FAILED"
	ValidationExceptionReasonBusinessValidationFailed ValidationExceptionReason = "BUSINESS_VALIDATION_FAILED"
)

// Values are those that this version knows.
func (ValidationExceptionReason) Values() []ValidationExceptionReason {
	return []ValidationExceptionReason{ValidationExceptionReasonRequestValidationFailed, ValidationExceptionReasonBusinessValidationFailed}
}
