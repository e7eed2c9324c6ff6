package actors

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/pkg/calendar"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// AWS is AWS's console in the customer's management account, and AWS itself: what it carries out, holds and has seen. The
// person has the sandbox's rights.
type AWS struct{ Person }

// CreateOrganization makes an organization with a root address, and returns its management account. The account's id is
// chosen here: a repetition of the call, whose answer was lost with the sandbox's process, means the same account.
func (a AWS) CreateOrganization(ctx context.Context, root string, traits *sandboxv1.OrganizationTraits) (accountID string, err error) {
	resp, err := a.Sandbox.CreateOrganization(a.Once(ctx), &sandboxv1.CreateOrganizationRequest{
		Name: "Example Customer", Email: root, Traits: traits, AccountId: fmt.Sprint(100_000_000_000 + rand.Int64N(900_000_000_000)),
	})
	return resp.GetOrganization().GetAccountId(), err
}

// Mend changes what AWS knows of an organization; nothing: AWS refuses it nothing any more.
func (a AWS) Mend(ctx context.Context, accountID string, traits *sandboxv1.OrganizationTraits) error {
	_, err := a.Sandbox.ChangeOrganization(a.Once(ctx), &sandboxv1.ChangeOrganizationRequest{AccountId: accountID, Traits: traits})
	return err
}

// SetInboundQuota has AWS let a payer receive so many transfers.
func (a AWS) SetInboundQuota(ctx context.Context, accountID string, quota int32) error {
	_, err := a.Sandbox.ChangeOrganization(a.Once(ctx), &sandboxv1.ChangeOrganizationRequest{AccountId: accountID, InboundQuota: &quota})
	return err
}

// SetAccountQuota has AWS let a payer's organization have so many accounts.
func (a AWS) SetAccountQuota(ctx context.Context, accountID string, quota int32) error {
	_, err := a.Sandbox.ChangeOrganization(a.Once(ctx), &sandboxv1.ChangeOrganizationRequest{AccountId: accountID, AccountQuota: &quota})
	return err
}

// SetDailyInvitations has AWS let a payer's organization send so many invitations in a day.
func (a AWS) SetDailyInvitations(ctx context.Context, accountID string, most int32) error {
	_, err := a.Sandbox.ChangeOrganization(a.Once(ctx), &sandboxv1.ChangeOrganizationRequest{AccountId: accountID, DailyInvitations: &most})
	return err
}

// CreateAccount signs a stand-alone account up.
func (a AWS) CreateAccount(ctx context.Context, root string) (accountID string, err error) {
	resp, err := a.Sandbox.CreateAccount(a.Once(ctx), &sandboxv1.CreateAccountRequest{Name: "Example Account", Email: root})
	return resp.GetAccountId(), err
}

// JoinPayer makes a stand-alone account a member of the payer's organization.
func (a AWS) JoinPayer(ctx context.Context, accountID string) error {
	return a.Join(ctx, accountID, PayerAccount)
}

// Join makes an account a member of an organization, and of no other one any more.
func (a AWS) Join(ctx context.Context, accountID, managementAccountID string) error {
	_, err := a.Sandbox.JoinOrganization(a.Once(ctx), &sandboxv1.JoinOrganizationRequest{
		AccountId: accountID, PayerAccountId: managementAccountID,
	})
	return err
}

// LeaveOrganization has an account leave its organization; it then stands alone.
func (a AWS) LeaveOrganization(ctx context.Context, accountID string) error {
	_, err := a.Sandbox.LeaveOrganization(a.Once(ctx), &sandboxv1.LeaveOrganizationRequest{AccountId: accountID})
	return err
}

// AnswerMembership answers the invitation of an account to the payer's organization, or lets it expire.
func (a AWS) AnswerMembership(ctx context.Context, accountID string, answer sandboxv1.MembershipAnswer) error {
	_, err := a.Sandbox.AnswerMembership(a.Once(ctx), &sandboxv1.AnswerMembershipRequest{AccountId: accountID, Answer: answer})
	return err
}

// AcceptInvitation accepts the invitation to a billing transfer.
func (a AWS) AcceptInvitation(ctx context.Context, accountID string) (*sandboxv1.AwsTransfer, error) {
	resp, err := a.Sandbox.AcceptBillingTransfer(a.Once(ctx), &sandboxv1.AcceptBillingTransferRequest{AccountId: accountID})
	return resp.GetTransfer(), err
}

// DeclineInvitation declines it.
func (a AWS) DeclineInvitation(ctx context.Context, accountID string) error {
	_, err := a.Sandbox.DeclineBillingTransfer(a.Once(ctx), &sandboxv1.DeclineBillingTransferRequest{AccountId: accountID})
	return err
}

// WithdrawTransfer ends an agreed billing transfer with this month, as the customer or as somebody in the payer's account.
func (a AWS) WithdrawTransfer(ctx context.Context, accountID string, byPayer bool) (*sandboxv1.AwsTransfer, error) {
	resp, err := a.Sandbox.WithdrawBillingTransfer(
		a.Once(ctx), &sandboxv1.WithdrawBillingTransferRequest{AccountId: accountID, ByPayer: byPayer},
	)
	return resp.GetTransfer(), err
}

// Invite invites an account to a billing transfer as somebody in the payer's account does, past the suite.
func (a AWS) Invite(ctx context.Context, accountID, name string, start time.Time) (*sandboxv1.AwsTransfer, error) {
	resp, err := a.Sandbox.InviteBillingTransfer(a.Once(ctx), &sandboxv1.InviteBillingTransferRequest{
		AccountId: accountID, PayerAccountId: PayerAccount, Name: name, StartTime: timestamppb.New(start),
	})
	return resp.GetTransfer(), err
}

// CancelInvitation cancels the invitation of an account as somebody in the payer's account does, past the suite.
func (a AWS) CancelInvitation(ctx context.Context, accountID string) error {
	_, err := a.Sandbox.CancelBillingTransfer(a.Once(ctx), &sandboxv1.CancelBillingTransferRequest{AccountId: accountID})
	return err
}

// AcceptTerm accepts what was proposed last in Partner Central: a service term, or its end.
func (a AWS) AcceptTerm(ctx context.Context, accountID string) error {
	_, err := a.Sandbox.AcceptServiceTerm(a.Once(ctx), &sandboxv1.AcceptServiceTermRequest{AccountId: accountID})
	return err
}

// RejectTerm rejects it.
func (a AWS) RejectTerm(ctx context.Context, accountID string) error {
	_, err := a.Sandbox.RejectServiceTerm(a.Once(ctx), &sandboxv1.RejectServiceTermRequest{AccountId: accountID})
	return err
}

// DeployRole deploys the Bootstrap Role; without an external id anybody could enter by it.
func (a AWS) DeployRole(ctx context.Context, accountID, externalID string) error {
	_, err := a.Sandbox.DeployRole(a.Once(ctx), &sandboxv1.DeployRoleRequest{AccountId: accountID, ExternalId: externalID})
	return err
}

// DeployLimitedRole deploys the Bootstrap Role without the right to do some IAM actions.
func (a AWS) DeployLimitedRole(ctx context.Context, accountID, externalID string, denied ...string) error {
	_, err := a.Sandbox.DeployRole(a.Once(ctx), &sandboxv1.DeployRoleRequest{
		AccountId: accountID, ExternalId: externalID, DeniedActions: denied,
	})
	return err
}

// EnterpriseSupport is the support of AWS that stands behind partner-led support, which is billed in the months that show it.
const EnterpriseSupport = "AWS Support (Enterprise)"

// RecordUsage has an organization use AWS in a month.
func (a AWS) RecordUsage(ctx context.Context, accountID string, m calendar.Month, lines ...*sandboxv1.UsageLine) error {
	_, err := a.Sandbox.RecordUsage(a.Once(ctx), &sandboxv1.RecordUsageRequest{AccountId: accountID, Month: Month(m), Lines: lines})
	return err
}

// CloseMonth issues AWS's invoices to the payer for a month that is over.
func (a AWS) CloseMonth(ctx context.Context, m calendar.Month) ([]*sandboxv1.AwsInvoice, error) {
	resp, err := a.Sandbox.CloseMonth(a.Once(ctx), &sandboxv1.CloseMonthRequest{AccountId: PayerAccount, Month: Month(m)})
	return resp.GetInvoices(), err
}

// Month is a month as the contract writes it.
func Month(m calendar.Month) *typev1.Month {
	return &typev1.Month{Year: int32(m.Year), Month: int32(m.Month)}
}

// SetFault lets coming calls go wrong.
func (a AWS) SetFault(ctx context.Context, f *sandboxv1.Fault) error {
	_, err := a.Sandbox.SetFault(a.Once(ctx), &sandboxv1.SetFaultRequest{Fault: f})
	return err
}

// ClearFaults forgets the faults that no call has met, and returns them.
func (a AWS) ClearFaults(ctx context.Context) ([]*sandboxv1.Fault, error) {
	resp, err := a.Sandbox.ClearFaults(a.Once(ctx), &sandboxv1.ClearFaultsRequest{})
	return resp.GetFaults(), err
}
