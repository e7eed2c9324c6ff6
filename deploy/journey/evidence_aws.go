package journey

import (
	"encoding/json"
	"slices"
	"strings"

	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// effective are the operations that change something at AWS.
func effective() []string {
	return []string{
		"InviteOrganizationToTransferResponsibility", "CancelHandshake", "TerminateResponsibilityTransfer", "CreateBillingGroup",
		"CreateRelationship", "CreateChannelHandshake", "CancelChannelHandshake",
	}
}

func atAWS(l *Life, e *Evidence) error {
	var err error
	if e.AtAWS, err = l.aws.TransfersAtAWS(l.ctx, l.accountID); err != nil {
		return err
	}
	if e.Contract, err = l.aws.Contract(l.ctx, l.accountID); err != nil {
		return err
	}
	subjects := []string{l.accountID}
	for _, t := range e.AtAWS {
		subjects = append(subjects, t.GetAwsTransferId(), t.GetAwsHandshakeId())
	}
	for _, r := range e.Contract.GetRelationships() {
		subjects = append(subjects, r.GetRelationshipId())
	}
	for _, t := range e.Contract.GetServiceTerms() {
		subjects = append(subjects, t.GetHandshakeId())
	}
	for _, operation := range effective() {
		calls, err := l.aws.Calls(l.ctx, operation)
		if err != nil {
			return err
		}
		for _, c := range calls {
			if c.GetEffect() && concerns(c, subjects) {
				e.Effects = append(e.Effects, strings.TrimSpace(operation+" "+kindOf(c)))
			}
		}
	}
	return nil
}

func concerns(c *sandboxv1.AwsCall, subjects []string) bool {
	return slices.ContainsFunc(subjects, func(s string) bool { return strings.Contains(c.GetRequest(), s) })
}

// kindOf tells what a handshake of Partner Central begins from what one ends; empty for anything else.
func kindOf(c *sandboxv1.AwsCall) string {
	var in struct {
		HandshakeType string `json:"handshakeType"` // read without regard to case
	}
	if json.Unmarshal([]byte(c.GetRequest()), &in) != nil {
		return "" // shortened: it is counted with its operation
	}
	return in.HandshakeType
}
