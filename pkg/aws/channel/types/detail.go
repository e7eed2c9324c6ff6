package types

// HandshakeDetail is what a handshake is about: one of the members below, or none that this version knows.
type HandshakeDetail interface{ isHandshakeDetail() }

// HandshakeDetailMemberStartServicePeriodHandshakeDetail is of START_SERVICE_PERIOD.
type HandshakeDetailMemberStartServicePeriodHandshakeDetail struct {
	Value StartServicePeriodHandshakeDetail
}

// HandshakeDetailMemberRevokeServicePeriodHandshakeDetail is of REVOKE_SERVICE_PERIOD.
type HandshakeDetailMemberRevokeServicePeriodHandshakeDetail struct {
	Value RevokeServicePeriodHandshakeDetail
}

// HandshakeDetailMemberProgramManagementAccountHandshakeDetail is of PROGRAM_MANAGEMENT_ACCOUNT.
type HandshakeDetailMemberProgramManagementAccountHandshakeDetail struct {
	Value ProgramManagementAccountHandshakeDetail
}

func (*HandshakeDetailMemberStartServicePeriodHandshakeDetail) isHandshakeDetail()       {}
func (*HandshakeDetailMemberRevokeServicePeriodHandshakeDetail) isHandshakeDetail()      {}
func (*HandshakeDetailMemberProgramManagementAccountHandshakeDetail) isHandshakeDetail() {}

// handshakeDetail is the union as it arrives: an object with at most one of these members.
type handshakeDetail struct {
	Start   *StartServicePeriodHandshakeDetail       `json:"startServicePeriodHandshakeDetail"`
	Revoke  *RevokeServicePeriodHandshakeDetail      `json:"revokeServicePeriodHandshakeDetail"`
	Program *ProgramManagementAccountHandshakeDetail `json:"programManagementAccountHandshakeDetail"`
}

func (d handshakeDetail) union() HandshakeDetail {
	switch {
	case d.Start != nil:
		return &HandshakeDetailMemberStartServicePeriodHandshakeDetail{*d.Start}
	case d.Revoke != nil:
		return &HandshakeDetailMemberRevokeServicePeriodHandshakeDetail{*d.Revoke}
	case d.Program != nil:
		return &HandshakeDetailMemberProgramManagementAccountHandshakeDetail{*d.Program}
	default:
		return nil
	}
}
