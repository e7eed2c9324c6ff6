package sandbox

import (
	"cmp"
	"context"

	"example.com/handover/pkg/sim/aws/state"
	"example.com/handover/pkg/wire"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// bootstrapRole is the role's usual name, as AccountTransfer's configuration has it.
const bootstrapRole = "HandoverBootstrapRole"

func (s *server) AcceptServiceTerm(
	ctx context.Context, req *sandboxv1.AcceptServiceTermRequest,
) (*sandboxv1.AcceptServiceTermResponse, error) {
	if _, err := s.worlds.aws.AcceptServiceTerm(ctx, req.GetAccountId()); err != nil {
		return nil, refusal(err)
	}
	return &sandboxv1.AcceptServiceTermResponse{Contract: s.contract(req.GetAccountId())}, nil
}

func (s *server) RejectServiceTerm(
	ctx context.Context, req *sandboxv1.RejectServiceTermRequest,
) (*sandboxv1.RejectServiceTermResponse, error) {
	if _, err := s.worlds.aws.RejectServiceTerm(ctx, req.GetAccountId()); err != nil {
		return nil, refusal(err)
	}
	return &sandboxv1.RejectServiceTermResponse{Contract: s.contract(req.GetAccountId())}, nil
}

// DeployRole deploys a role that trusts the reseller's own account, as the customer does with one click.
func (s *server) DeployRole(ctx context.Context, req *sandboxv1.DeployRoleRequest) (*sandboxv1.DeployRoleResponse, error) {
	role, err := s.worlds.aws.DeployRole(ctx, state.Role{
		Account: req.GetAccountId(), Name: cmp.Or(req.GetRoleName(), bootstrapRole),
		Trusts: []string{s.reseller}, ExternalID: req.GetExternalId(), Denies: req.GetDeniedActions(),
	})
	if err != nil {
		return nil, refusal(err)
	}
	return &sandboxv1.DeployRoleResponse{RoleArn: role.ARN()}, nil
}

func (s *server) RemoveRole(ctx context.Context, req *sandboxv1.RemoveRoleRequest) (*sandboxv1.RemoveRoleResponse, error) {
	owner, err := s.worlds.aws.Account(req.GetAccountId())
	if err != nil {
		return nil, refusal(err)
	}
	role := state.Role{Account: owner.ID, Name: cmp.Or(req.GetRoleName(), bootstrapRole), Partition: owner.Partition}
	return &sandboxv1.RemoveRoleResponse{}, s.worlds.aws.RemoveRole(ctx, role.ARN())
}

func (s *server) GetContract(_ context.Context, req *sandboxv1.GetContractRequest) (*sandboxv1.GetContractResponse, error) {
	if _, err := s.worlds.aws.Account(req.GetAccountId()); err != nil {
		return nil, refusal(err)
	}
	return &sandboxv1.GetContractResponse{Contract: s.contract(req.GetAccountId())}, nil
}

// contract is what AWS holds of an account besides its billing transfer.
func (s *server) contract(account string) *sandboxv1.AwsContract {
	c := &sandboxv1.AwsContract{}
	own := map[string]bool{}
	for _, t := range s.worlds.aws.Transfers(account) {
		own[t.ID] = true
	}
	for _, g := range s.worlds.aws.BillingGroups() {
		if own[g.Transfer] {
			c.BillingGroups = append(c.BillingGroups, &sandboxv1.AwsBillingGroup{Arn: g.ARN, Name: g.Name, AwsTransferId: g.Transfer})
		}
	}
	for _, r := range s.worlds.aws.Relationships(account) {
		c.Relationships = append(c.Relationships, &sandboxv1.AwsRelationship{
			RelationshipId: r.ID, DisplayName: r.DisplayName, AssociationType: string(r.Association),
		})
	}
	for _, h := range s.worlds.aws.ServiceTerms(account) {
		c.ServiceTerms = append(c.ServiceTerms, &sandboxv1.AwsServiceTerm{
			HandshakeId: h.ID, RelationshipId: h.Relationship, Status: string(h.Status), EndTime: wire.Time(h.Period.EndsAt),
		})
	}
	return c
}
