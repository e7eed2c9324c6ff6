package main

import (
	"context"
	"fmt"
	"slices"

	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// atAWS holds what AWS has of each customer against what the suite says of it: nothing twice, nothing left over.
func (j *verdict) atAWS(ctx context.Context) error {
	for _, one := range j.known {
		var err error
		switch who := one.(type) {
		case *customer:
			err = j.billed(ctx, who)
		case *member:
			err = j.joined(ctx, who)
		}
		if err != nil {
			return fmt.Errorf("customer %d: %w", one.self().number, err)
		}
	}
	return nil
}

func (j *verdict) billed(ctx context.Context, c *customer) error {
	t, err := j.population.transfer(ctx, c.orderID, c.transferID)
	if err != nil {
		return err
	}
	held, err := j.aws.TransfersAtAWS(ctx, c.accountID)
	if err != nil {
		return err
	}
	contract, err := j.aws.Contract(ctx, c.accountID)
	if err != nil {
		return err
	}
	j.holds(c, t, held, contract)
	return nil
}

// joined wants no invitation to be left over of a transfer that has ended. Nobody lives any more whom an answer could disturb.
func (j *verdict) joined(ctx context.Context, m *member) error {
	t, err := j.population.transfer(ctx, m.orderID, m.transferID)
	if err != nil || !failed(t) {
		return err
	}
	for _, account := range m.accounts {
		if err := j.aws.AnswerMembership(ctx, account, sandboxv1.MembershipAnswer_MEMBERSHIP_ANSWER_DECLINE); err == nil {
			j.add("customer %d: %s has ended as %s, and AWS holds an invitation of %s", m.number, t.GetTransferId(), t.GetState(), account)
		} else if refusable(err) != nil {
			return err
		}
	}
	return nil
}

// failed reports whether a transfer has ended without anything to show for it.
func failed(t *accounttransferv1.Transfer) bool {
	return slices.Contains([]accounttransferv1.TransferState{
		accounttransferv1.TransferState_TRANSFER_STATE_FAILED, accounttransferv1.TransferState_TRANSFER_STATE_CANCELLED,
	}, t.GetState())
}

func (j *verdict) holds(c *customer, t *accounttransferv1.Transfer, held []*sandboxv1.AwsTransfer, contract *sandboxv1.AwsContract) {
	live := counted(held, func(h *sandboxv1.AwsTransfer) bool {
		return h.GetStatus() == "REQUESTED" || h.GetStatus() == "ACCEPTED"
	})
	pending := counted(contract.GetServiceTerms(), func(s *sandboxv1.AwsServiceTerm) bool { return s.GetStatus() == "PENDING" })
	for what, n := range map[string]int{
		"invitations that are open or accepted": live, "service terms that are pending": pending,
		"billing groups": len(contract.GetBillingGroups()), "relationships": len(contract.GetRelationships()),
	} {
		if n > 1 {
			j.add("customer %d has %d %s", c.number, n, what)
		}
	}
	if failed(t) && live+pending > 0 {
		j.add("customer %d: %s has ended as %s, and AWS holds %v and %v", c.number, t.GetTransferId(), t.GetState(), held,
			contract.GetServiceTerms())
	}
}

func counted[T any](all []T, is func(T) bool) (n int) {
	for _, one := range all {
		if is(one) {
			n++
		}
	}
	return n
}
