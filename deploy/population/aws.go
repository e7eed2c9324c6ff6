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
	for _, c := range j.customers {
		t, err := j.operator.Transfer(ctx, c.transferID)
		if err != nil {
			return fmt.Errorf("customer %d: %w", c.number, err)
		}
		held, err := j.aws.TransfersAtAWS(ctx, c.accountID)
		if err != nil {
			return fmt.Errorf("customer %d: %w", c.number, err)
		}
		contract, err := j.aws.Contract(ctx, c.accountID)
		if err != nil {
			return fmt.Errorf("customer %d: %w", c.number, err)
		}
		j.holds(c, t, held, contract)
	}
	return nil
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
	ended := slices.Contains([]accounttransferv1.TransferState{
		accounttransferv1.TransferState_TRANSFER_STATE_FAILED, accounttransferv1.TransferState_TRANSFER_STATE_CANCELLED,
	}, t.GetState())
	if ended && live+pending > 0 {
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
