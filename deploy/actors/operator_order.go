package actors

import (
	"context"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
)

// Product is what is ordered.
const Product = "aws-billing-transfer-essentials"

// Draft is a complete order of a customer for its existing management account, with AWS's own support.
func Draft(customerID, accountID string) *ordersv1.Order {
	return &ordersv1.Order{
		CustomerId: customerID, ProductId: Product, AccountOption: ordersv1.AccountOption_ACCOUNT_OPTION_TRANSFER_EXISTING,
		ManagementAccountId: accountID, SupportOption: ordersv1.SupportOption_SUPPORT_OPTION_RESOLD,
		Declared: &ordersv1.DeclaredFacts{Partition: ordersv1.AwsPartition_AWS_PARTITION_AWS, PermissionsConfirmed: true},
	}
}

// CreateDraft prepares an order.
func (o Operator) CreateDraft(ctx context.Context, draft *ordersv1.Order) (*ordersv1.Order, error) {
	resp, err := o.Orders.CreateOrder(o.Once(ctx), &ordersv1.CreateOrderRequest{Order: draft})
	return resp.GetOrder(), err
}

// SendLink has the link to a draft mailed to its customer.
func (o Operator) SendLink(ctx context.Context, orderID string) (*ordersv1.Order, error) {
	resp, err := o.Orders.SendOrder(o.Once(ctx), &ordersv1.SendOrderRequest{OrderId: orderID})
	return resp.GetOrder(), err
}

// FailOrder wishes that an order ends as failed, which happens when nothing is left of it at AWS.
func (o Operator) FailOrder(ctx context.Context, orderID, reason string) error {
	_, err := o.Orders.FailOrder(o.Once(ctx), &ordersv1.FailOrderRequest{OrderId: orderID, Reason: reason})
	return err
}

// CancelTransfer wishes that a transfer ends.
func (o Operator) CancelTransfer(ctx context.Context, transferID, reason string) error {
	_, err := o.Transfers.CancelTransfer(o.Once(ctx), &accounttransferv1.CancelTransferRequest{TransferId: transferID, Reason: reason})
	return err
}

// Withdraw decides that a transfer is withdrawn at AWS, and who pays what it has charged.
func (o Operator) Withdraw(ctx context.Context, transferID string, pays accounttransferv1.ChargesPayer, reason string) error {
	return o.decide(ctx, &accounttransferv1.RecordDecisionRequest{
		TransferId: transferID, Outcome: accounttransferv1.DecisionOutcome_DECISION_OUTCOME_WITHDRAW, ChargesPaidBy: pays, Reason: reason,
	})
}

// Keep decides that a transfer goes on.
func (o Operator) Keep(ctx context.Context, transferID, reason string) error {
	return o.decide(ctx, &accounttransferv1.RecordDecisionRequest{
		TransferId: transferID, Outcome: accounttransferv1.DecisionOutcome_DECISION_OUTCOME_KEEP, Reason: reason,
	})
}

func (o Operator) decide(ctx context.Context, req *accounttransferv1.RecordDecisionRequest) error {
	_, err := o.Transfers.RecordDecision(o.Once(ctx), req)
	return err
}

// WithdrawConnection ends what binds an account, after its journey.
func (o Operator) WithdrawConnection(ctx context.Context, connectionID, reason string) error {
	_, err := o.Connections.WithdrawConnection(o.Once(ctx), &accounttransferv1.WithdrawConnectionRequest{
		ConnectionId: connectionID, Reason: reason,
	})
	return err
}

// KeepConnection keeps what was to be withdrawn.
func (o Operator) KeepConnection(ctx context.Context, connectionID, reason string) error {
	_, err := o.Connections.KeepConnection(o.Once(ctx), &accounttransferv1.KeepConnectionRequest{ConnectionId: connectionID, Reason: reason})
	return err
}

// AcknowledgeDeparture says what was done about an account that has left, or was closed.
func (o Operator) AcknowledgeDeparture(ctx context.Context, connectionID, accountID, reason string) error {
	_, err := o.Connections.AcknowledgeDeparture(o.Once(ctx), &accounttransferv1.AcknowledgeDepartureRequest{
		ConnectionId: connectionID, AccountId: accountID, Reason: reason,
	})
	return err
}

// RecordReturn says that a customer's own organization was handed back.
func (o Operator) RecordReturn(ctx context.Context, connectionID, evidence string) error {
	_, err := o.Connections.RecordReturn(o.Once(ctx), &accounttransferv1.RecordReturnRequest{ConnectionId: connectionID, Evidence: evidence})
	return err
}

// CheckTransfer has a transfer look at AWS now.
func (o Operator) CheckTransfer(ctx context.Context, transferID string) error {
	_, err := o.Transfers.CheckTransfer(o.Once(ctx), &accounttransferv1.CheckTransferRequest{TransferId: transferID})
	return err
}

// CompleteStep says that a step is done, with what proves it.
func (p Person) CompleteStep(ctx context.Context, req *accounttransferv1.CompleteStepRequest) error {
	_, err := p.Transfers.CompleteStep(p.Once(ctx), req)
	return err
}

// ScheduleSession plans the session in which a step is done.
func (o Operator) ScheduleSession(ctx context.Context, transferID, key string, start time.Time, attendees ...string) error {
	_, err := o.Transfers.ScheduleSession(o.Once(ctx), &accounttransferv1.ScheduleSessionRequest{
		TransferId: transferID, StepKey: key, StartTime: timestamppb.New(start), AttendeeIds: attendees,
	})
	return err
}

// RequireConsent decides whether a transfer of the public sector needs AWS's consent, or goes on without.
func (o Operator) RequireConsent(ctx context.Context, transferID string, needed bool, reason string) error {
	outcome := accounttransferv1.DecisionOutcome_DECISION_OUTCOME_WAIVE_CONSENT
	if needed {
		outcome = accounttransferv1.DecisionOutcome_DECISION_OUTCOME_REQUIRE_CONSENT
	}
	return o.decide(ctx, &accounttransferv1.RecordDecisionRequest{TransferId: transferID, Outcome: outcome, Reason: reason})
}

// SkipStep says that a step is not needed.
func (o Operator) SkipStep(ctx context.Context, transferID, key, reason string) error {
	_, err := o.Transfers.SkipStep(o.Once(ctx), &accounttransferv1.SkipStepRequest{TransferId: transferID, StepKey: key, Reason: reason})
	return err
}

// ReopenStep opens a step again.
func (o Operator) ReopenStep(ctx context.Context, transferID, key, reason string) error {
	_, err := o.Transfers.ReopenStep(o.Once(ctx), &accounttransferv1.ReopenStepRequest{TransferId: transferID, StepKey: key, Reason: reason})
	return err
}

// RetryStep has a failed step tried again.
func (o Operator) RetryStep(ctx context.Context, transferID, key string) error {
	_, err := o.Transfers.RetryStep(o.Once(ctx), &accounttransferv1.RetryStepRequest{TransferId: transferID, StepKey: key})
	return err
}

// ErasePerson erases what the suite knows about a person.
func (o Operator) ErasePerson(ctx context.Context, customerID, personID, reason string) error {
	_, err := o.Customers.ErasePerson(o.Once(ctx), &ordersv1.ErasePersonRequest{CustomerId: customerID, PersonId: personID, Reason: reason})
	return err
}

// CommentCase says something in a case.
func (o Operator) CommentCase(ctx context.Context, caseID, text string) error {
	_, err := o.Cases.CommentCase(o.Once(ctx), &supportv1.CommentCaseRequest{CaseId: caseID, Text: text})
	return err
}

// ResolveCase resolves a case in the suite, which resolves its record.
func (o Operator) ResolveCase(ctx context.Context, caseID, notes string) error {
	_, err := o.Cases.ResolveCase(o.Once(ctx), &supportv1.ResolveCaseRequest{CaseId: caseID, Notes: notes})
	return err
}
