package sandbox

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/sim/aws"
	"example.com/handover/pkg/sim/aws/state"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

func (s *server) CreateAccount(ctx context.Context, req *sandboxv1.CreateAccountRequest) (*sandboxv1.CreateAccountResponse, error) {
	a, err := s.worlds.aws.SignUp(ctx, aws.NewAccount{ID: req.GetAccountId(), Name: req.GetName(), Email: req.GetEmail()})
	if err != nil {
		return nil, refusal(err)
	}
	return &sandboxv1.CreateAccountResponse{AccountId: a.ID}, nil
}

func (s *server) JoinOrganization(
	ctx context.Context, req *sandboxv1.JoinOrganizationRequest,
) (*sandboxv1.JoinOrganizationResponse, error) {
	if err := s.worlds.aws.Members().Invite(ctx, req.GetPayerAccountId(), req.GetAccountId()); err != nil {
		return nil, refusal(err)
	}
	a, err := s.worlds.aws.Members().Join(ctx, req.GetAccountId())
	if err != nil {
		return nil, refusal(err)
	}
	return &sandboxv1.JoinOrganizationResponse{OrganizationId: a.Organization}, nil
}

func (s *server) PlanAccountCreation(
	ctx context.Context, req *sandboxv1.PlanAccountCreationRequest,
) (*sandboxv1.PlanAccountCreationResponse, error) {
	err := s.worlds.aws.PlanCreation(ctx, req.GetAccountId(), state.NextCreation{
		Failure: types.CreateAccountFailureReason(req.GetFailureReason()), Takes: req.GetDuration().AsDuration(),
	})
	if err != nil {
		return nil, refusal(err)
	}
	return &sandboxv1.PlanAccountCreationResponse{}, nil
}

func (s *server) ChangeSupportPlan(
	ctx context.Context, req *sandboxv1.ChangeSupportPlanRequest,
) (*sandboxv1.ChangeSupportPlanResponse, error) {
	if err := s.worlds.aws.ChangeSupportPlan(ctx, req.GetAccountId(), state.SupportPlan(req.GetSupportPlan())); err != nil {
		return nil, refusal(err)
	}
	return &sandboxv1.ChangeSupportPlanResponse{}, nil
}

func (s *server) AnswerMembership(
	ctx context.Context, req *sandboxv1.AnswerMembershipRequest,
) (*sandboxv1.AnswerMembershipResponse, error) {
	members := s.worlds.aws.Members()
	answer := members.Accept
	switch req.GetAnswer() {
	case sandboxv1.MembershipAnswer_MEMBERSHIP_ANSWER_DECLINE:
		answer = members.Decline
	case sandboxv1.MembershipAnswer_MEMBERSHIP_ANSWER_EXPIRE:
		answer = members.Expire
	case sandboxv1.MembershipAnswer_MEMBERSHIP_ANSWER_ACCEPT, sandboxv1.MembershipAnswer_MEMBERSHIP_ANSWER_UNSPECIFIED:
	}
	handshake, err := answer(ctx, req.GetAccountId())
	if err != nil {
		return nil, refusal(err)
	}
	return &sandboxv1.AnswerMembershipResponse{AwsHandshakeId: handshake}, nil
}

func (s *server) LeaveOrganization(
	ctx context.Context, req *sandboxv1.LeaveOrganizationRequest,
) (*sandboxv1.LeaveOrganizationResponse, error) {
	if err := s.worlds.aws.Members().Leave(ctx, req.GetAccountId()); err != nil {
		return nil, refusal(err)
	}
	return &sandboxv1.LeaveOrganizationResponse{}, nil
}

func (s *server) CloseAccount(ctx context.Context, req *sandboxv1.CloseAccountRequest) (*sandboxv1.CloseAccountResponse, error) {
	if err := s.worlds.aws.CloseAccount(ctx, req.GetAccountId()); err != nil {
		return nil, refusal(err)
	}
	return &sandboxv1.CloseAccountResponse{}, nil
}

func (s *server) SuspendAccount(ctx context.Context, req *sandboxv1.SuspendAccountRequest) (*sandboxv1.SuspendAccountResponse, error) {
	if err := aws.SuspendAccount(ctx, s.worlds.aws, req.GetAccountId()); err != nil {
		return nil, refusal(err)
	}
	return &sandboxv1.SuspendAccountResponse{}, nil
}

func (s *server) ReactivateAccount(
	ctx context.Context, req *sandboxv1.ReactivateAccountRequest,
) (*sandboxv1.ReactivateAccountResponse, error) {
	if err := aws.ReactivateAccount(ctx, s.worlds.aws, req.GetAccountId()); err != nil {
		return nil, refusal(err)
	}
	return &sandboxv1.ReactivateAccountResponse{}, nil
}

func (s *server) ReopenAccount(ctx context.Context, req *sandboxv1.ReopenAccountRequest) (*sandboxv1.ReopenAccountResponse, error) {
	if err := aws.ReopenAccount(ctx, s.worlds.aws, req.GetAccountId()); err != nil {
		return nil, refusal(err)
	}
	return &sandboxv1.ReopenAccountResponse{}, nil
}
