package actors

import (
	"context"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"

	"example.com/handover/pkg/id"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// SetProvider sets up how a customer buys from AWS: in euros, by its seller's first pricebook, which is made if there is none, and seen in
// its portal.
func (o Operator) SetProvider(ctx context.Context, customerID string) error {
	found, err := o.Customers.GetCustomer(o.In(ctx), &ordersv1.GetCustomerRequest{CustomerId: customerID})
	if err != nil {
		return err
	}
	bookID, err := o.firstBook(ctx, found.GetCustomer().GetSellerId())
	if err != nil {
		return err
	}
	_, err = o.Customers.SetProvider(o.Once(ctx), &ordersv1.SetProviderRequest{
		CustomerId: customerID, Provider: &ordersv1.Provider{CurrencyCode: "EUR", PricebookId: bookID, PortalEnabled: true},
	})
	return err
}

func (o Operator) firstBook(ctx context.Context, sellerID string) (string, error) {
	books, err := o.Pricebooks.ListPricebooks(o.In(ctx), &billingv1.ListPricebooksRequest{
		SellerId: sellerID, OrderBy: typev1.SortOrder_SORT_ORDER_CREATE_TIME,
	})
	if err != nil {
		return "", err
	}
	for _, b := range books.GetPricebooks() {
		if b.GetCurrencyCode() == "EUR" {
			return b.GetPricebookId(), nil
		}
	}
	made, err := o.Pricebooks.CreatePricebook(o.Once(ctx), &billingv1.CreatePricebookRequest{Pricebook: &billingv1.Pricebook{
		SellerId: sellerID, DisplayName: "At cost", CurrencyCode: "EUR",
	}})
	return made.GetPricebook().GetPricebookId(), err
}

// AccountRequest is a complete request for a new account.
func AccountRequest(customerID string) *accounttransferv1.CreateAccountRequestRequest {
	return &accounttransferv1.CreateAccountRequestRequest{
		AccountRequest: &accounttransferv1.AccountRequest{
			CustomerId: customerID, Nickname: "Example workloads", SupportType: accounttransferv1.SupportType_SUPPORT_TYPE_BUSINESS,
		},
		RootEmail: id.New("root") + "@example.com", MailboxConfirmed: true,
	}
}

// RequestAccount requests a new account.
func (p Person) RequestAccount(
	ctx context.Context, req *accounttransferv1.CreateAccountRequestRequest,
) (*accounttransferv1.AccountRequest, error) {
	resp, err := p.Requests.CreateAccountRequest(p.Once(ctx), req)
	return resp.GetAccountRequest(), err
}

// ApproveAccount approves a request.
func (o Operator) ApproveAccount(ctx context.Context, requestID string) error {
	_, err := o.Requests.ApproveAccountRequest(o.Once(ctx), &accounttransferv1.ApproveAccountRequestRequest{AccountRequestId: requestID})
	return err
}

// ChangeSupportPlan changes the support plan of an account, as its root owner.
func (a AWS) ChangeSupportPlan(ctx context.Context, accountID, plan string) error {
	_, err := a.Sandbox.ChangeSupportPlan(a.Once(ctx), &sandboxv1.ChangeSupportPlanRequest{AccountId: accountID, SupportPlan: plan})
	return err
}

// PlanCreation decides what becomes of the next account that the payer has AWS create; an empty reason lets it succeed.
func (a AWS) PlanCreation(ctx context.Context, reason string, takes time.Duration) error {
	_, err := a.Sandbox.PlanAccountCreation(a.Once(ctx), &sandboxv1.PlanAccountCreationRequest{
		AccountId: PayerAccount, FailureReason: reason, Duration: durationpb.New(takes),
	})
	return err
}

// CloseAccount closes an account, as its root user.
func (a AWS) CloseAccount(ctx context.Context, accountID string) error {
	_, err := a.Sandbox.CloseAccount(a.Once(ctx), &sandboxv1.CloseAccountRequest{AccountId: accountID})
	return err
}

// ReopenAccount has AWS reopen a closed account, as its owner asks for.
func (a AWS) ReopenAccount(ctx context.Context, accountID string) error {
	_, err := a.Sandbox.ReopenAccount(a.Once(ctx), &sandboxv1.ReopenAccountRequest{AccountId: accountID})
	return err
}

// SuspendAccount has AWS suspend an account, for abuse or an unpaid bill.
func (a AWS) SuspendAccount(ctx context.Context, accountID string) error {
	_, err := a.Sandbox.SuspendAccount(a.Once(ctx), &sandboxv1.SuspendAccountRequest{AccountId: accountID})
	return err
}

// ReactivateAccount has AWS end the suspension of an account.
func (a AWS) ReactivateAccount(ctx context.Context, accountID string) error {
	_, err := a.Sandbox.ReactivateAccount(a.Once(ctx), &sandboxv1.ReactivateAccountRequest{AccountId: accountID})
	return err
}
