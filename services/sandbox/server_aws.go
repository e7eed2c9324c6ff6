package sandbox

import (
	"context"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/sim/aws"
	"example.com/handover/pkg/sim/aws/state"
	"example.com/handover/pkg/wire"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

func (s *server) CreateOrganization(
	ctx context.Context, req *sandboxv1.CreateOrganizationRequest,
) (*sandboxv1.CreateOrganizationResponse, error) {
	n := aws.NewOrganization{NewAccount: aws.NewAccount{
		ID: req.GetAccountId(), Name: req.GetName(), Email: req.GetEmail(), Conditions: conditions(req.GetTraits()),
	}}
	if req.GetTraits().GetConsolidatedBillingOnly() {
		n.FeatureSet = types.OrganizationFeatureSetConsolidatedBilling
	}
	account, org, err := s.worlds.aws.CreateOrganization(ctx, n)
	if err != nil {
		return nil, refusal(err)
	}
	return &sandboxv1.CreateOrganizationResponse{Organization: &sandboxv1.Organization{
		OrganizationId: org.ID, AccountId: account.ID, Name: req.GetName(), Traits: req.GetTraits(),
	}}, nil
}

func (s *server) ChangeOrganization(
	ctx context.Context, req *sandboxv1.ChangeOrganizationRequest,
) (*sandboxv1.ChangeOrganizationResponse, error) {
	if req.GetTraits() != nil {
		if err := s.worlds.aws.SetConditions(ctx, req.GetAccountId(), conditions(req.GetTraits())...); err != nil {
			return nil, refusal(err)
		}
	}
	if req.InboundQuota == nil && req.AccountQuota == nil && req.DailyInvitations == nil {
		return &sandboxv1.ChangeOrganizationResponse{}, nil
	}
	err := s.worlds.aws.ChangeOrganization(ctx, req.GetAccountId(), func(org *state.Organization) {
		for _, quota := range []struct {
			given *int32
			kept  **int
		}{{req.InboundQuota, &org.InboundQuota}, {req.AccountQuota, &org.AccountQuota}, {req.DailyInvitations, &org.DailyInvitations}} {
			if quota.given != nil {
				n := int(*quota.given)
				*quota.kept = &n
			}
		}
	})
	if err != nil {
		return nil, refusal(err)
	}
	return &sandboxv1.ChangeOrganizationResponse{}, nil
}

// conditions are what AWS refuses such an organization for.
func conditions(t *sandboxv1.OrganizationTraits) []state.Condition {
	var out []state.Condition
	for _, c := range []struct {
		holds     bool
		condition state.Condition
	}{
		{t.GetPrivatePricing(), state.UnsupportedPricing},
		{t.GetAccountNotActive(), state.NotActive},
		{t.GetLegacyPermissions(), state.LegacyPermissions},
		{t.GetPastDueInvoice(), state.PastDueInvoice},
		{t.GetPrepaymentBalance(), state.UnusedPrepaymentBalance},
		{t.GetEmailNotVerified(), state.EmailNotVerified},
		{t.GetNotEligible(), state.TargetValidationFailure},
		{t.GetOtherSellerOfRecord(), state.DifferentSellerOfRecord},
		{t.GetBillingPrerequisiteUnmet(), state.UnmetBillingPrerequisite},
		{t.GetNoPaymentInstrument(), state.PaymentInstrumentRequired},
		{t.GetEarlierInvitationBlocks(), state.EarlierInvitationBlocks},
		{t.GetBoundToAnOrganization(), state.BoundToAnOrganization},
		{t.GetSuspended(), state.Suspended},
	} {
		if c.holds {
			out = append(out, c.condition)
		}
	}
	return out
}

func (s *server) ListTransfersAtAws(
	_ context.Context, req *sandboxv1.ListTransfersAtAwsRequest,
) (*sandboxv1.ListTransfersAtAwsResponse, error) {
	from, err := place(req.GetPageToken())
	if err != nil {
		return nil, err
	}
	page, next := cut(s.worlds.aws.Transfers(req.GetSourceAccountId()), from, req.GetPageSize())
	resp := &sandboxv1.ListTransfersAtAwsResponse{NextPageToken: next}
	for _, t := range page {
		resp.Transfers = append(resp.Transfers, toTransfer(t))
	}
	return resp, nil
}

// place reads a page token: how many entries are behind.
func place(token string) (int, error) {
	if token == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(token)
	if err != nil || n < 0 {
		return 0, errs.InvalidField("page_token", "PAGE_TOKEN_INVALID", "the token belongs to another list")
	}
	return n, nil
}

// cut returns the page that begins at a place, and the token of the next.
func cut[T any](all []T, from int, size int32) (page []T, next string) {
	from = min(from, len(all))
	to := min(from+wire.PageSize(size), len(all))
	if to < len(all) {
		next = strconv.Itoa(to)
	}
	return all[from:to], next
}
