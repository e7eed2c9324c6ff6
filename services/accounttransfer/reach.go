package accounttransfer

import (
	"context"
	"time"

	"example.com/handover/pkg/aws"
)

// account is a payer's account, ready to be entered.
type account struct {
	aws.Payer
	program string    // its program management account in Partner Central; "" when none is known
	sweptAt time.Time // when it was last swept; zero: never
}

// The APIs that are called in an account, each with permits of its own.
const (
	apiOrganizations    = "organizations"
	apiBillingConductor = "billingconductor"
	apiPartnerCentral   = "partnercentral"
	apiSTS              = "sts"
	apiSupport          = "support"
)

// payer returns how to get into a payer's account.
func (o *outside) payer(ctx context.Context, payerID string) (account, error) {
	row, err := o.tables.payers.Get(ctx, payersBelongToNobody(), payerID)
	if err != nil {
		return account{}, err
	}
	return account{
		Payer:   aws.Payer{AccountID: row.Doc.AccountID, RoleARN: row.Doc.RoleARN, ExternalID: row.Doc.ExternalID},
		program: row.Doc.ProgramManagementAccountID, sweptAt: row.Doc.SweptAt,
	}, nil
}

// admitted draws one of the calls that all replicas together make at one API in a payer's account.
func (o *outside) admitted(ctx context.Context, payerID, api string) error {
	row, err := o.tables.payers.Get(ctx, payersBelongToNobody(), payerID)
	if err != nil {
		return err
	}
	return o.permit(ctx, row.Doc.AccountID, api)
}

func (o *outside) permit(ctx context.Context, party, api string) error {
	return o.tables.db.Admit(ctx, party, api, o.perSecond, burst(o.perSecond))
}

// burst is how many calls may follow each other at once.
func burst(perSecond float64) int { return max(1, int(2*perSecond)) }
