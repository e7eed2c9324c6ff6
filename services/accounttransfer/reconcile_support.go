package accounttransfer

import (
	"context"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/wire"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	"example.com/handover/services/accounttransfer/internal/transfer"
)

// setUpChannel asks support for the customer's channel, under an id that was saved before.
func (r *reconciler) setUpChannel(ctx, calls context.Context, c *claim, _ transfer.Action) (decision, error) {
	if c.Doc.OrderID == "" {
		return (*transfer.Transfer).NoChannel, nil
	}
	err := c.Save(ctx, func(t *transfer.Transfer) ([]fact.Fact, error) { return t.IntendChannel(id.New("chn")) })
	if err != nil {
		return nil, err
	}
	req := &supportv1.SetUpChannelRequest{
		ChannelId: c.Doc.Channel.ID, CustomerId: c.Doc.CustomerID, OrderId: c.Doc.OrderID,
		Kind: wire.Value[supportv1.ChannelKind](string(c.Doc.SupportModel)),
	}
	err = ask(calls, req.GetChannelId(), func(ctx context.Context) error {
		_, err := r.peers.channels.SetUpChannel(ctx, req)
		return err
	})
	if err != nil {
		why := r.absenceOf(ctx, err, "support")
		return func(t *transfer.Transfer, now time.Time) ([]fact.Fact, error) {
			return t.ChannelNotRequested(req.GetChannelId(), why, now)
		}, nil
	}
	return func(t *transfer.Transfer, _ time.Time) ([]fact.Fact, error) {
		return t.ChannelRequested(req.GetChannelId())
	}, nil
}

// openCase opens the case of an open matter, under an id that was saved before.
func (r *reconciler) openCase(ctx, calls context.Context, c *claim, a transfer.Action) (decision, error) {
	req := &supportv1.OpenCaseRequest{
		CaseId: a.ID, CustomerId: c.Doc.CustomerID, Kind: supportv1.CaseKind_CASE_KIND_ROLES_MISSING,
		Title: "The Bootstrap Role is missing in account " + c.Doc.SourceAccountID,
		Description: "The customer did not deploy the role " + c.Doc.RoleARN() + " in time, and the transfer went on without it. " +
			"Have it deployed with the external id " + c.ID + ".",
		Correlation: c.Correlation, SubjectId: c.ID,
	}
	if m := c.Doc.Matter(a.ID); m != nil && m.Flag == transfer.FlagRoleUnsafe {
		req.Priority = supportv1.CasePriority_CASE_PRIORITY_P2
		req.Title = "The Bootstrap Role in account " + c.Doc.SourceAccountID + " can be entered by anybody"
		req.Description = "The role can be entered by anybody: " + c.Doc.RoleARN() + " does not insist on its external id. " +
			"The transfer waits until it is deployed again with the external id " + c.ID + "."
	}
	err := ask(calls, a.ID, func(ctx context.Context) error {
		_, err := r.peers.cases.OpenCase(ctx, req)
		return err
	})
	if err != nil {
		why := r.absenceOf(ctx, err, "support")
		return func(t *transfer.Transfer, now time.Time) ([]fact.Fact, error) { return t.CaseNotOpened(a.ID, why, now) }, nil
	}
	return func(t *transfer.Transfer, _ time.Time) ([]fact.Fact, error) { return t.CaseOpened(a.ID) }, nil
}

// closeCase has the case of a settled matter resolved. A case that is over already, or that support never got, needs
// nothing.
func (r *reconciler) closeCase(ctx, calls context.Context, _ *claim, a transfer.Action) (decision, error) {
	err := ask(calls, a.ID+"-resolve", func(ctx context.Context) error {
		_, err := r.peers.cases.ResolveCase(ctx, &supportv1.ResolveCaseRequest{CaseId: a.ID, Notes: "The Bootstrap Role is there, and safe."})
		return err
	})
	switch kind := errs.KindOf(err); {
	case err == nil, kind == errs.NotFound, kind == errs.Precondition:
		return func(t *transfer.Transfer, _ time.Time) ([]fact.Fact, error) { return t.CaseClosed(a.ID) }, nil
	}
	why := r.absenceOf(ctx, err, "support")
	return func(t *transfer.Transfer, now time.Time) ([]fact.Fact, error) { return t.CaseNotOpened(a.ID, why, now) }, nil
}
