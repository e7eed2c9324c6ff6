package main

import (
	"context"
	"fmt"
	"time"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/id"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// requester is a customer that requests a new account.
type requester struct {
	resident
	requestID string
	failure   string // why AWS does not create the account at first; empty: it does
}

// The states of a request in which somebody may act.
const (
	routed   = accounttransferv1.AccountRequestState_ACCOUNT_REQUEST_STATE_ROUTED
	inReview = accounttransferv1.AccountRequestState_ACCOUNT_REQUEST_STATE_IN_REVIEW
	asked    = accounttransferv1.AccountRequestState_ACCOUNT_REQUEST_STATE_INFO_REQUESTED
	approved = accounttransferv1.AccountRequestState_ACCOUNT_REQUEST_STATE_APPROVED
	creating = accounttransferv1.AccountRequestState_ACCOUNT_REQUEST_STATE_CREATING
	followUp = accounttransferv1.AccountRequestState_ACCOUNT_REQUEST_STATE_FOLLOW_UP
)

// What reviewers may do.
const (
	approves, rejects = "approve", "reject"
)

// fails draws why AWS does not create its account at first.
func (q *requester) fails() string {
	failures := []string{"INTERNAL_FAILURE", "CONCURRENT_ACCOUNT_MODIFICATION", "ACCOUNT_LIMIT_EXCEEDED", "EMAIL_ALREADY_EXISTS"}
	if r := q.chance("failure"); r.IntN(3) == 0 {
		return failures[r.IntN(len(failures))]
	}
	return ""
}

// request has a customer request a new account.
func (p *population) request(ctx context.Context, number int) (*requester, error) {
	r, err := p.settle(ctx, number)
	if err != nil {
		return nil, err
	}
	q := &requester{resident: r}
	q.failure = q.fails()
	if err := p.operator.SetProvider(ctx, q.id); err != nil {
		return nil, fmt.Errorf("set its provider up: %w", err)
	}
	if err := p.clock.Settle(ctx); err != nil { // AccountTransfer hears of the customer by an event
		return nil, err
	}
	person, err := q.person(p)
	if err != nil {
		return nil, err
	}
	req := actors.AccountRequest(q.id)
	req.AccountRequest.PayerId = p.payerID
	made, err := person.RequestAccount(ctx, req)
	if err != nil {
		return nil, fmt.Errorf("request an account: %w", err)
	}
	q.requestID = made.GetAccountRequestId()
	return q, nil
}

func (q *requester) get(ctx context.Context, p *population) (*accounttransferv1.AccountRequest, error) {
	resp, err := p.operator.Requests.GetAccountRequest(
		p.operator.In(ctx), &accounttransferv1.GetAccountRequestRequest{AccountRequestId: q.requestID},
	)
	return resp.GetAccountRequest(), err
}

// day does what the customer does about its request today.
func (q *requester) day(ctx context.Context, p *population, today time.Time) (bool, error) {
	r, err := q.get(ctx, p)
	if err != nil {
		return false, err
	}
	switch r.GetState() {
	case asked:
		err = q.provides(ctx, p, today)
	case followUp:
		err = q.followsUp(ctx, p, r, today)
	case routed, inReview:
		if q.meets("take back", q.seldom("take back", 5, 20), today) {
			_, err = p.operator.Requests.CancelAccountRequest(p.operator.Once(ctx), &accounttransferv1.CancelAccountRequestRequest{
				AccountRequestId: q.requestID, Reason: "It is not needed any more.",
			})
			err = refusable(err)
		}
	default: // it goes on by itself, or has ended
	}
	return r.GetEndTime() == nil, err
}

// provides answers what is asked, once for each question, with another root address.
func (q *requester) provides(ctx context.Context, p *population, today time.Time) error {
	if !q.meets("provide", q.draw("provide", 12, 100, "", ""), today) {
		return nil
	}
	person, err := q.person(p)
	if err != nil {
		return err
	}
	_, err = p.operator.Requests.ProvideInformation(person.Once(ctx), &accounttransferv1.ProvideInformationRequest{
		AccountRequestId: q.requestID, RootEmail: id.New("root") + "@example.com", MailboxConfirmed: true,
	})
	return refusable(err)
}

// work does what an operator does about the request.
func (q *requester) work(ctx context.Context, p *population, _ *typev1.Action, _ time.Time) error {
	r, err := q.get(ctx, p)
	if err != nil {
		return err
	}
	switch r.GetState() {
	case routed, inReview:
		return q.reviewed(ctx, p)
	case creating:
		return q.createdAgain(ctx, p, r)
	case followUp:
		_, err = p.operator.Requests.SetSupportPlanGroup(p.operator.Once(ctx), &accounttransferv1.SetSupportPlanGroupRequest{
			AccountRequestId: q.requestID, SupportPlanGroup: accounttransferv1.SupportPlanGroup_SUPPORT_PLAN_GROUP_BUSINESS,
		})
		return refusable(err)
	default: // others have it
		return nil
	}
}

// reviewed asks, rejects or approves.
func (q *requester) reviewed(ctx context.Context, p *population) error {
	if q.draw("review first", 1, 80, "decide", "ask").what == "ask" && !q.done("asked") {
		q.meets("asked", answer{}, p.began)
		_, err := p.operator.Requests.RequestInformation(p.operator.Once(ctx), &accounttransferv1.RequestInformationRequest{
			AccountRequestId: q.requestID, Question: "Which mailbox is it?",
		})
		return refusable(err)
	}
	if q.draw("review", 1, 80, approves, rejects).what == rejects {
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
func (q *requester) createdAgain(ctx context.Context, p *population, r *accounttransferv1.AccountRequest) error {
	if r.GetCreation().GetFailure() == nil {
		return nil
	}
	if err := p.raiseAccounts(ctx); err != nil {
		return fmt.Errorf("raise the quota of accounts: %w", err)
	}
	if err := p.aws.PlanCreation(ctx, "", time.Minute); err != nil {
		return fmt.Errorf("plan the creation: %w", err)
	}
	_, err := p.operator.Requests.RetryCreation(p.operator.Once(ctx), &accounttransferv1.RetryCreationRequest{AccountRequestId: q.requestID})
	return refusable(err)
}

// followsUp does what the customer has to do after the creation.
func (q *requester) followsUp(ctx context.Context, p *population, r *accounttransferv1.AccountRequest, today time.Time) error {
	person, err := q.person(p)
	if err != nil {
		return err
	}
	for name, do := range map[string]func() error{
		"root": func() error {
			_, err := p.operator.Requests.ConfirmRootAccess(
				person.Once(ctx), &accounttransferv1.ConfirmRootAccessRequest{AccountRequestId: q.requestID},
			)
			return err
		},
		"role": func() error { return q.deploys(ctx, p, person.Person, r, safely) },
		"plan": func() error {
			if err := p.aws.ChangeSupportPlan(ctx, r.GetAccountId(), "BUSINESS"); err != nil {
				return err
			}
			_, err := p.operator.Requests.ConfirmSupportPlan(person.Once(ctx), &accounttransferv1.ConfirmSupportPlanRequest{
				AccountRequestId: q.requestID, SupportPlan: accounttransferv1.SupportType_SUPPORT_TYPE_BUSINESS, Evidence: "Seen in the console.",
			})
			return err
		},
	} {
		a := q.draw(name, 10, 85, safely, carelessly)
		if name == "role" && a.what == carelessly && q.meets("careless", answer{days: a.days}, today) {
			do = func() error { return q.deploys(ctx, p, person.Person, r, carelessly) }
		} else if !q.meets(name, a, today) {
			continue
		}
		if err := refusable(do()); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func (q *requester) deploys(
	ctx context.Context, p *population, person actors.Person, r *accounttransferv1.AccountRequest, how string,
) error {
	external := r.GetRole().GetExternalId()
	if how == carelessly {
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
