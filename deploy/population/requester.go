package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"example.com/handover/deploy/actors"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// everyFifth customer has no organization yet, and requests a new account.
const everyFifth = 5

// requester is a customer that requests a new account, and what it and the reviewers of its request do.
type requester struct {
	agenda
	number                          int
	id, requestID                   string
	review, root, role, plan, group answer
	failure                         string // why AWS does not create the account at first; empty: it does
	retried                         answer
}

// The states of a request in which somebody may act.
const (
	routed   = accounttransferv1.AccountRequestState_ACCOUNT_REQUEST_STATE_ROUTED
	inReview = accounttransferv1.AccountRequestState_ACCOUNT_REQUEST_STATE_IN_REVIEW
	creating = accounttransferv1.AccountRequestState_ACCOUNT_REQUEST_STATE_CREATING
	followUp = accounttransferv1.AccountRequestState_ACCOUNT_REQUEST_STATE_FOLLOW_UP
)

// What reviewers may do.
const (
	approves, rejects = "approve", "reject"
)

func newRequester(r *rand.Rand, number int) *requester {
	q := &requester{
		agenda: agenda{}, number: number, review: draw(r, 6, 80, approves, rejects), root: draw(r, 10, 100, "", ""),
		role: draw(r, 10, 85, safely, carelessly),
		plan: draw(r, 10, 100, "", ""), group: draw(r, 10, 100, "", ""), retried: draw(r, 10, 100, "", ""),
	}
	failures := []string{"INTERNAL_FAILURE", "CONCURRENT_ACCOUNT_MODIFICATION", "ACCOUNT_LIMIT_EXCEEDED"}
	if r.IntN(4) == 0 {
		q.failure = failures[r.IntN(len(failures))]
	}
	return q
}

// request has a customer request a new account.
func (p *population) request(ctx context.Context, number int) (*requester, error) {
	q := newRequester(chance(p.flags.Seed, uint64(number)), number)
	var err error
	if q.id, err = p.operator.CreateCustomer(ctx, p.sellerID, contact(number)); err != nil {
		return nil, fmt.Errorf("create the customer: %w", err)
	}
	if err := p.operator.SetProvider(ctx, q.id); err != nil {
		return nil, fmt.Errorf("set its provider up: %w", err)
	}
	if err := p.clock.Settle(ctx); err != nil { // AccountTransfer hears of the customer by an event
		return nil, err
	}
	person, err := p.suite.signIn(actors.PersonOf("customer-1", q.id))
	if err != nil {
		return nil, err
	}
	asked := actors.AccountRequest(q.id)
	asked.AccountRequest.PayerId = p.payerID
	made, err := person.RequestAccount(ctx, asked)
	if err != nil {
		return nil, fmt.Errorf("request an account: %w", err)
	}
	q.requestID = made.GetAccountRequestId()
	return q, nil
}

// contact is the one person of a customer.
func contact(number int) *ordersv1.NewContact {
	return &ordersv1.NewContact{
		GivenName: "Pat", FamilyName: fmt.Sprintf("Example-%d", number), Email: fmt.Sprintf("pat-%d@example.com", number),
		Roles: []ordersv1.ContactRole{
			ordersv1.ContactRole_CONTACT_ROLE_PRIMARY, ordersv1.ContactRole_CONTACT_ROLE_TECHNICAL, ordersv1.ContactRole_CONTACT_ROLE_BILLING,
		},
	}
}

// day does what is done about a request today, and reports whether there is anything left to do.
func (q *requester) day(ctx context.Context, p *population, today time.Time) (bool, error) {
	resp, err := p.operator.Requests.GetAccountRequest(
		p.operator.In(ctx), &accounttransferv1.GetAccountRequestRequest{AccountRequestId: q.requestID},
	)
	if err != nil {
		return false, fmt.Errorf("requester %d: %w", q.number, err)
	}
	r := resp.GetAccountRequest()
	switch r.GetState() {
	case routed, inReview:
		err = q.reviewed(ctx, p, today)
	case creating:
		err = q.createdAgain(ctx, p, r, today)
	case followUp:
		err = q.followsUp(ctx, p, r, today)
	default: // it goes on by itself, or has ended
	}
	return r.GetEndTime() == nil, err
}

func (q *requester) reviewed(ctx context.Context, p *population, today time.Time) error {
	if !q.meets("review", q.review, today) {
		return nil
	}
	if q.review.what == rejects {
		_, err := p.operator.Requests.RejectAccountRequest(p.operator.Once(ctx), &accounttransferv1.RejectAccountRequestRequest{
			AccountRequestId: q.requestID, Reason: "There is an account for that already.",
		})
		return refusable(err)
	}
	if err := p.aws.PlanCreation(ctx, q.failure, time.Minute); err != nil {
		return fmt.Errorf("plan the creation: %w", err)
	}
	return refusable(p.operator.ApproveAccount(ctx, q.requestID))
}

// createdAgain has AWS asked again for an account that it did not create.
func (q *requester) createdAgain(ctx context.Context, p *population, r *accounttransferv1.AccountRequest, today time.Time) error {
	if r.GetCreation().GetFailure() == nil || !q.meets("retry", q.retried, today) {
		return nil
	}
	if err := p.aws.PlanCreation(ctx, "", time.Minute); err != nil {
		return fmt.Errorf("plan the creation: %w", err)
	}
	_, err := p.operator.Requests.RetryCreation(p.operator.Once(ctx), &accounttransferv1.RetryCreationRequest{AccountRequestId: q.requestID})
	return refusable(err)
}

// followsUp does what is due after the creation.
func (q *requester) followsUp(ctx context.Context, p *population, r *accounttransferv1.AccountRequest, today time.Time) error {
	person, err := p.suite.signIn(actors.PersonOf("customer-1", q.id))
	if err != nil {
		return err
	}
	for _, a := range []struct {
		name   string
		answer answer
		do     func() error
	}{
		{"root", q.root, func() error {
			_, err := p.operator.Requests.ConfirmRootAccess(
				person.Once(ctx), &accounttransferv1.ConfirmRootAccessRequest{AccountRequestId: q.requestID},
			)
			return err
		}},
		{"role", q.role, func() error { return q.deploys(ctx, p, person, r) }},
		{"plan", q.plan, func() error {
			if err := p.aws.ChangeSupportPlan(ctx, r.GetAccountId(), "BUSINESS"); err != nil {
				return err
			}
			_, err := p.operator.Requests.ConfirmSupportPlan(person.Once(ctx), &accounttransferv1.ConfirmSupportPlanRequest{
				AccountRequestId: q.requestID, SupportPlan: accounttransferv1.SupportType_SUPPORT_TYPE_BUSINESS, Evidence: "Seen in the console.",
			})
			return err
		}},
		{"group", q.group, func() error {
			_, err := p.operator.Requests.SetSupportPlanGroup(p.operator.Once(ctx), &accounttransferv1.SetSupportPlanGroupRequest{
				AccountRequestId: q.requestID, SupportPlanGroup: accounttransferv1.SupportPlanGroup_SUPPORT_PLAN_GROUP_BUSINESS,
			})
			return err
		}},
	} {
		if !q.meets(a.name, a.answer, today) {
			continue
		}
		if err := refusable(a.do()); err != nil {
			return fmt.Errorf("requester %d, %s: %w", q.number, a.name, err)
		}
	}
	return nil
}

func (q *requester) deploys(ctx context.Context, p *population, person actors.Person, r *accounttransferv1.AccountRequest) error {
	external := r.GetRole().GetExternalId()
	if q.role.what == carelessly {
		external = ""
	}
	if err := p.aws.DeployRole(ctx, r.GetAccountId(), external); err != nil {
		return err
	}
	_, err := p.operator.Requests.ValidateRole(person.Once(ctx), &accounttransferv1.ValidateRoleRequest{
		AccountRequestId: q.requestID, RoleArn: "arn:aws:iam::" + r.GetAccountId() + ":role/HandoverBootstrapRole",
	})
	return err
}
