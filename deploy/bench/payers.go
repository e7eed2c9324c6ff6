package main

import (
	"context"
	"fmt"
	"strings"

	"example.com/handover/deploy/actors"
	"example.com/handover/deploy/config"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
)

// withPayers configures the all-in-one as shipped, with a number of payers at AWS.
func withPayers(n int) func(config.Listeners) string {
	return func(l config.Listeners) string {
		return strings.Replace(asShipped(l), "  sandbox:\n    aws:\n", "  sandbox:\n    aws:\n"+payersAtAWS(n), 1)
	}
}

// payersAtAWS configures payers that exist at AWS from the start.
func payersAtAWS(n int) string {
	var payers strings.Builder
	payers.WriteString("      payers:\n")
	for i := range n {
		fmt.Fprintf(&payers, "        - {account_id: '%s', name: Reseller payer, email: payer-%d@example.com, role: handover, "+
			"external_id: %s, inbound_quota: %d, program_management_account: %s}\n",
			payerAccount(i), i, actors.PayerExternalID, largeQuota, payerProgram(i))
	}
	return payers.String()
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

// payerProgram is its program management account in Partner Central.
func payerProgram(i int) string { return fmt.Sprintf("pma-sandbox%06d", i+1) }

// payers lifts the quota of the payer that there is and registers the others.
func (s *suite) payers(ctx context.Context, n int) ([]string, error) {
	ids := []string{s.payerID}
	if err := s.operator.UpdatePayer(ctx, s.payerID, &accounttransferv1.Payer{InboundQuota: largeQuota}, "inbound_quota"); err != nil {
		return nil, fmt.Errorf("lift the payer's quota: %w", err)
	}
	for i := 1; i < n; i++ {
		payerID, err := createPayer(ctx, s.operator, s.sellerID, i)
		if err != nil {
			return nil, err
		}
		ids = append(ids, payerID)
	}
	return ids, nil
}

// createPayer registers the i-th payer.
func createPayer(ctx context.Context, operator actors.Operator, sellerID string, i int) (payerID string, err error) {
	resp, err := operator.Payers.CreatePayer(operator.Once(ctx), &accounttransferv1.CreatePayerRequest{Payer: &accounttransferv1.Payer{
		SellerId: sellerID, DisplayName: fmt.Sprintf("Payer %d", i+1), AccountId: payerAccount(i), ExternalId: actors.PayerExternalID,
		RoleArn: "arn:aws:iam::" + payerAccount(i) + ":role/handover", InboundQuota: largeQuota, ProgramManagementAccountId: payerProgram(i),
	}})
	if err != nil {
		return "", fmt.Errorf("create payer %d: %w", i+1, err)
	}
	return resp.GetPayer().GetPayerId(), nil
}
