package journey

import (
	"context"
	"fmt"
	"io"
	"time"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/calendar"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
)

// monthsToUse is how long a customer under contract uses AWS: its term and the months around it.
const monthsToUse = cycles + 3

// Whole plays the life of [Play] in a deployment that goes on living: the customer stays under contract and uses AWS.
func Whole(l *Life) error {
	l.wait = wait
	if err := l.play(steps()...); err != nil {
		return err
	}
	return useOn(l, monthsToUse)
}

// Again takes a life up later, with tokens that are good for another hour. Its calls end with ctx.
func Again(ctx context.Context, l *Life, out io.Writer) (*Life, error) {
	again, err := l.Another(ctx, out)
	if err != nil {
		return nil, err
	}
	again.customerID, again.accountID, again.orderID, again.transferID = l.customerID, l.accountID, l.orderID, l.transferID
	again.agreementID, again.relationshipID = l.agreementID, l.relationshipID
	again.customer.Person, err = again.signIn(actors.PersonOf("customer-1", l.customerID))
	return again, err
}

// Bound reports whether the service term still keeps the customer from leaving.
func Bound(l *Life) (bool, error) {
	now, err := l.now()
	if err != nil {
		return false, err
	}
	contract, err := l.aws.Contract(l.ctx, l.accountID)
	if err != nil {
		return false, err
	}
	var end time.Time
	for _, term := range contract.GetServiceTerms() {
		end = term.GetEndTime().AsTime()
	}
	return now.Before(end), nil
}

// Leave ends the transfer as the customer in its console: AWS and the reseller bill to the end of the month.
func Leave(l *Life) error {
	if _, err := l.aws.WithdrawTransfer(l.ctx, l.accountID, false); err != nil {
		return fmt.Errorf("withdraw at AWS: %w", err)
	}
	return nil
}

// Left reports whether the billing has ended and its last month is invoiced. Operations, which is told of an end that it has
// not asked for, then resolves what it was told.
func Left(l *Life) (bool, error) {
	got, err := l.Billing.GetRelationship(l.asOperator(), &billingv1.GetRelationshipRequest{RelationshipId: l.relationshipID})
	if err != nil {
		return false, fmt.Errorf("relationship: %w", err)
	}
	r := got.GetRelationship()
	if r.GetState() != billingv1.RelationshipState_RELATIONSHIP_STATE_ENDED || r.GetNextMonth() != nil {
		return false, nil
	}
	return true, resolveAll(l)
}

// resolveAll resolves every case of the customer.
func resolveAll(l *Life) error {
	got, err := l.Cases.ListCases(l.asOperator(), &supportv1.ListCasesRequest{CustomerId: l.customerID, PageSize: 500})
	if err != nil {
		return fmt.Errorf("cases: %w", err)
	}
	for _, c := range got.GetCases() {
		if s := c.GetState(); s == supportv1.CaseState_CASE_STATE_RESOLVED || s == supportv1.CaseState_CASE_STATE_CLOSED {
			continue
		}
		if err := l.operator.ResolveCase(l.ctx, c.GetCaseId(), "The customer has left."); err != nil {
			return fmt.Errorf("resolve %s: %w", c.GetCaseId(), err)
		}
	}
	return nil
}

// Declined plays the life of an order whose invitation the customer declines.
func Declined(l *Life) error { return declines(l) }

// useOn has the customer use AWS in each of the coming months, the running one included.
func useOn(l *Life, months int) error {
	now, err := l.now()
	if err != nil {
		return err
	}
	for n := range months {
		err := l.aws.RecordUsage(l.ctx, l.accountID, calendar.MonthOf(now).AddMonths(n),
			&sandboxv1.UsageLine{Service: "Amazon Elastic Compute Cloud - Compute", Amount: "100"},
			&sandboxv1.UsageLine{Service: "Amazon Simple Storage Service", Amount: "7.5"},
		)
		if err != nil {
			return fmt.Errorf("use AWS: %w", err)
		}
	}
	return nil
}
