package accounttransfer

import (
	"context"
	"log/slog"
	"time"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/store"
	"example.com/handover/services/accounttransfer/internal/billingconductor"
	"example.com/handover/services/accounttransfer/internal/organizations"
	"example.com/handover/services/accounttransfer/internal/partnercentral"
	"example.com/handover/services/accounttransfer/internal/roles"
	"example.com/handover/services/accounttransfer/internal/transfer"
)

// reconciler does the one next thing of a transfer, at AWS or at another service of ours, and records what came of it.
type reconciler struct {
	tables    *tables
	log       *slog.Logger
	aws       *organizations.Client
	groups    *billingconductor.Client
	partner   *partnercentral.Client
	roles     *roles.Client
	peers     peers
	settle    time.Duration // machine time that AWS is given after an unanswered call
	perSecond float64       // calls in one payer account, over all replicas
}

type claim = store.Claim[transfer.Transfer]

// decision applies what was learned to the newest transfer.
type decision func(t *transfer.Transfer, now time.Time) ([]fact.Fact, error)

// deed does one action. Calls outside use the context calls, which leaves time to record what came of them.
type deed func(ctx, calls context.Context, c *claim, a transfer.Action) (decision, error)

func (r *reconciler) work(ctx context.Context, c *claim) error {
	a := transfer.NextAction(c.Doc, c.Now())
	calls, cancel := kit.Outside(ctx)
	defer cancel()
	apply, err := r.deed(a.Kind)(ctx, calls, c, a)
	if err != nil {
		return err
	}
	now := c.Now()
	return c.Finish(ctx, func(t *transfer.Transfer) ([]fact.Fact, error) {
		facts, err := apply(t, now)
		if err != nil {
			return nil, err
		}
		more, err := t.Tick(a, now)
		return append(facts, more...), err
	})
}

// deed finds what is done for an action: a new one is a line here.
func (r *reconciler) deed(kind transfer.ActionKind) deed {
	switch kind {
	case transfer.Validate:
		return r.validate
	case transfer.Invite:
		return r.invite
	case transfer.LookUpInvitation:
		return r.lookUp
	case transfer.CheckInvitation:
		return r.check
	case transfer.CancelInvitation:
		return r.cancel
	case transfer.WithdrawInvitation:
		return r.withdraw
	case transfer.LookUpWithdrawal:
		return r.lookUpWithdrawal
	case transfer.CancelTerm:
		return r.cancelTerm
	case transfer.RevokeTerm:
		return r.revokeTerm
	case transfer.CheckRevocation:
		return r.checkRevocation
	case transfer.CancelRevocation:
		return r.cancelRevocation
	case transfer.Create:
		return r.create
	case transfer.LookUpCreation:
		return r.lookUpCreation
	case transfer.CheckTerm:
		return r.checkTerm
	case transfer.CheckRole:
		return r.checkRole
	case transfer.FlagRoles:
		return r.flagRoles
	case transfer.SetUpChannel:
		return r.setUpChannel
	case transfer.OpenCase:
		return r.openCase
	case transfer.CloseCase:
		return r.closeCase
	case transfer.PlanReminder:
		return r.planReminder
	case transfer.StopReminder:
		return r.stopReminder
	case transfer.None:
	}
	return func(context.Context, context.Context, *claim, transfer.Action) (decision, error) {
		return unchanged, nil
	}
}

func unchanged(*transfer.Transfer, time.Time) ([]fact.Fact, error) { return nil, nil }

func (r *reconciler) validate(context.Context, context.Context, *claim, transfer.Action) (decision, error) {
	return (*transfer.Transfer).Validated, nil
}

// door is a payer's account, ready to be entered.
type door struct {
	aws.Payer
	program string // its program management account in Partner Central; "" when none is known
}

// The APIs that are called in a payer's account, each with permits of its own.
const (
	apiOrganizations    = "organizations"
	apiBillingConductor = "billingconductor"
	apiPartnerCentral   = "partnercentral"
)

// enter draws a permit for a call in the payer's account and returns how to get into it.
func (r *reconciler) enter(ctx context.Context, payerID, api string) (door, error) {
	row, err := r.tables.payers.Get(ctx, payersAreOurs(), payerID)
	if err != nil {
		return door{}, err
	}
	if err := r.permit(ctx, row.Doc.AccountID, api); err != nil {
		return door{}, err
	}
	return door{
		Payer:   aws.Payer{AccountID: row.Doc.AccountID, RoleARN: row.Doc.RoleARN, ExternalID: row.Doc.ExternalID},
		program: row.Doc.ProgramManagementAccountID,
	}, nil
}

// permit draws one of the calls that all replicas together make at one API on behalf of one party.
func (r *reconciler) permit(ctx context.Context, party, api string) error {
	return r.tables.db.Admit(ctx, party, api, r.perSecond, max(1, int(2*r.perSecond)))
}

// later backs off for at least the time that AWS is given to settle, whatever happens to the transfer meanwhile. What
// AWS refuses is a failure that somebody must look at. All else is tried for as long as it takes: also being let into no
// account, which is the payer's matter, is mended once for all its transfers, and must not park each of them.
func (r *reconciler) later(cause error) error {
	o := aws.Classify(cause)
	kind := errs.Unavailable
	if o.Class == aws.Refused && o.Reason != writeConflict {
		kind = errs.Precondition
	}
	e := errs.Wrap(cause, kind, "AWS_"+string(o.Class), "AWS did not do it for now")
	e.RetryAfter = r.settle
	return e
}

// writeConflict is Billing Conductor's reason for a call that only has to be repeated.
const writeConflict = "WRITE_CONFLICT_RETRY"

// reasonOf is AWS's typed reason; a code where there is none.
func reasonOf(o aws.Outcome) string {
	switch {
	case o.Class == aws.Denied:
		return "ACCESS_DENIED"
	case o.Reason != "":
		return o.Reason
	default:
		return o.Code
	}
}
