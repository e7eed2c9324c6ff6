package main

import (
	"context"
	"fmt"
	"strings"

	"example.com/handover/deploy/actors"
	"example.com/handover/deploy/config"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
)

// withPayers configures the all-in-one as shipped, with a number of payers at AWS that may receive any number of transfers.
func withPayers(n int) func(config.Listeners) string {
	var payers strings.Builder
	payers.WriteString("      payers:\n")
	for i := range n {
		fmt.Fprintf(&payers, "        - {account_id: '%s', name: Reseller payer, email: payer-%d@example.com, role: handover, "+
			"external_id: %s, inbound_quota: %d, program_management_account: pma-sandbox%06d}\n",
			payerAccount(i), i, actors.PayerExternalID, largeQuota, i+1)
	}
	return func(l config.Listeners) string {
		return strings.Replace(asShipped(l), "  sandbox:\n    aws:\n", "  sandbox:\n    aws:\n"+payers.String(), 1)
	}
}

// largeQuota is the largest that a payer may have.
const largeQuota = 10_000

// payerAccount is the account of the i-th payer; the first is the sandbox's own.
func payerAccount(i int) string {
	if i == 0 {
		return actors.PayerAccount
	}
	return fmt.Sprintf("2222333344%02d", i)
}

// payers lifts the quota of the payer that there is and registers the others.
func (s *suite) payers(ctx context.Context, n int) ([]string, error) {
	ids := []string{s.payerID}
	if err := s.operator.UpdatePayer(ctx, s.payerID, &accounttransferv1.Payer{InboundQuota: largeQuota}, "inbound_quota"); err != nil {
		return nil, fmt.Errorf("lift the payer's quota: %w", err)
	}
	for i := 1; i < n; i++ {
		resp, err := s.operator.Payers.CreatePayer(s.operator.Once(ctx), &accounttransferv1.CreatePayerRequest{Payer: &accounttransferv1.Payer{
			SellerId: s.sellerID, DisplayName: "Another payer", AccountId: payerAccount(i), ExternalId: actors.PayerExternalID,
			RoleArn: "arn:aws:iam::" + payerAccount(i) + ":role/handover", InboundQuota: largeQuota,
			ProgramManagementAccountId: fmt.Sprintf("pma-sandbox%06d", i+1),
		}})
		if err != nil {
			return nil, fmt.Errorf("create payer: %w", err)
		}
		ids = append(ids, resp.GetPayer().GetPayerId())
	}
	return ids, nil
}
