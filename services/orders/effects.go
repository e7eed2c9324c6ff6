package orders

import (
	"context"
	"strconv"
	"strings"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/notice"
	"example.com/handover/pkg/rpc"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	"example.com/handover/services/orders/internal/agreement"
	"example.com/handover/services/orders/internal/link"
	"example.com/handover/services/orders/internal/order"
	"example.com/handover/services/orders/internal/party"
)

// outside is what the effects of orders and agreements need. The zero value serves where only their times are asked for.
type outside struct {
	transfers   accounttransferv1.TransferServiceClient
	connections accounttransferv1.ConnectionServiceClient
	channels    supportv1.ChannelServiceClient
	sellers     *store.Table[party.Seller]
	notices     *notice.Peers
	signer      *link.Signer
	base        string // what the path of a link comes after
}

type attempt = kit.Attempt[order.Order]

// orderEffects are all that an order has done outside, in order of precedence. Mails come first, although they matter
// least: a Notifications that is away is asked again later, by itself, and delays the transfer by one call; an absent
// AccountTransfer holds up all that comes behind it, and nobody would stop the reminders of a submitted draft.
func orderEffects(out outside) *kit.Effects[order.Order] {
	return &kit.Effects[order.Order]{
		Ledger: func(o *order.Order) *intent.Ledger { return &o.Intents },
		Dates:  (*order.Order).Dates, Tick: (*order.Order).Tick,
		All: []kit.Effect[order.Order]{
			notice.Effect(out.notices, notice.Set[order.Order]{
				Wanted: (*order.Order).Notices, Kept: func(o *order.Order) *intent.Wishes { return &o.Wished }, Secrets: out.secrets,
			}),
			{Name: "cancel-transfer", Wanted: (*order.Order).WantsCancel, Do: out.cancelTransfer},
			{
				Name: order.RequestEffect, Wanted: (*order.Order).WantsTransfer, Do: out.requestTransfer,
				Token: func(o *order.Order, _ string) string { return o.TransferID }, // a repetition finds its own effect
			},
			{Name: order.KeepEffect, Wanted: order.WantsKeep, Do: out.keepConnection},
			{ // AccountTransfer may have to ask AWS first, which may be away: that holds up nothing else of the order
				Name: order.SupersedeEffect, Wanted: order.WantsSupersede, Do: out.supersedeConnection, Patient: true,
				Refused: func(o *order.Order, _ kit.Intended, seen intent.Outcome, now time.Time) ([]fact.Fact, error) {
					return order.RecordSupersedeRefused(o, seen.Message, now)
				},
			},
			{
				Name: "set-up-channel", Wanted: order.WantsChannel, Do: out.setUpChannel, Patient: true,
				Token: func(*order.Order, string) string { return id.New("chn") }, // a repetition finds its own channel
			},
			{Name: order.WithdrawEffect, Wanted: order.WantsWithdrawal, Do: out.withdrawConnection},
			{Name: "check-transfer", Wanted: (*order.Order).WantsCheck, Do: out.checkTransfer, Look: true},
		},
	}
}

// agreementEffects are the mails about an end.
func agreementEffects(out outside) *kit.Effects[agreement.Agreement] {
	return &kit.Effects[agreement.Agreement]{
		Ledger: func(a *agreement.Agreement) *intent.Ledger { return &a.Intents },
		All: []kit.Effect[agreement.Agreement]{notice.Effect(out.notices, notice.Set[agreement.Agreement]{
			Wanted: (*agreement.Agreement).Notices, Kept: func(a *agreement.Agreement) *intent.Wishes { return &a.Wished },
		})},
	}
}

func (out outside) requestTransfer(ctx context.Context, a attempt) (kit.Record[order.Order], error) {
	o := a.Doc
	if o.Transferring || o.State.Ended() {
		return nil, nil // its event was faster than the answer
	}
	seller, err := out.sellers.Get(ctx, anySeller(), o.SellerID)
	if err != nil {
		return nil, err
	}
	template, err := order.Template(o)
	if err != nil {
		return nil, err
	}
	ctx = rpc.WithKey(call.OnBehalfOf(ctx, o.SubmittedBy.Subject), a.Token)
	_, err = out.transfers.CreateTransfer(ctx, &accounttransferv1.CreateTransferRequest{
		TransferId: o.TransferID, OrderId: a.ID, CustomerId: o.CustomerID, SellerId: o.SellerID, PayerId: o.PayerID,
		TemplateKey: template, SourceAccountId: o.ManagementAccountID, AgreementId: o.AgreementID,
		SupportModel:     wire.Value[accounttransferv1.SupportModel](string(o.SupportOption)),
		LinkedAccountIds: o.LinkedAccountIDs, PublicSector: o.PublicSector, SellerName: seller.Doc.DisplayName,
		ReplacesConnectionId: order.ReplacedConnection(o), StartTime: wire.Time(o.StartAt),
	})
	refusal, _ := errs.As(err)
	switch {
	case err == nil, errs.KindOf(err) == errs.Exists && refusal.Meta["unique"] == "id": // from another try at the same moment
		return func(o *order.Order, _ time.Time) ([]fact.Fact, error) { return o.RecordTransferRequested() }, nil
	case refused(err), errs.KindOf(err) == errs.Denied: // an order that does not begin is asked for again when somebody says so
		return func(o *order.Order, now time.Time) ([]fact.Fact, error) { return o.RecordTransferRefused(refusal, now) }, nil
	}
	return nil, err
}

// setUpChannel has Support set up the channel of those who support from now on, for the order that has the agreement's channel.
func (out outside) setUpChannel(ctx context.Context, a attempt) (kit.Record[order.Order], error) {
	ctx = rpc.WithKey(call.OnBehalfOf(ctx, a.Doc.Change.Decision.DecidedBy.Subject), a.Token)
	_, err := out.channels.SetUpChannel(ctx, &supportv1.SetUpChannelRequest{
		ChannelId: a.Token, CustomerId: a.Doc.CustomerID, OrderId: a.Doc.Change.Changes,
		Kind: wire.Value[supportv1.ChannelKind](string(a.Doc.Change.SupportOption)),
	})
	return func(o *order.Order, _ time.Time) ([]fact.Fact, error) { return order.RecordChannel(o, a.Token) }, err
}

func (out outside) cancelTransfer(ctx context.Context, a attempt) (kit.Record[order.Order], error) {
	if a.Doc.Ending == nil {
		return nil, nil // kept by Operations while the answer was lost
	}
	ctx = rpc.WithKey(call.OnBehalfOf(ctx, a.Doc.Ending.RequestedBy.Subject), a.ID+"-cancel-"+a.Subject)
	resp, err := out.transfers.CancelTransfer(ctx, &accounttransferv1.CancelTransferRequest{
		TransferId: a.Doc.TransferID, Reason: a.Doc.Ending.Reason,
	})
	if err != nil && errs.KindOf(err) != errs.Precondition { // it has ended or is ending; its event says how
		return nil, err
	}
	revision, _ := strconv.ParseInt(resp.GetTransfer().GetEtag(), 10, 64) // an etag is the revision; 0 when it refused
	return func(o *order.Order, _ time.Time) ([]fact.Fact, error) { return o.RecordCancelRequested(revision) }, nil
}

func (out outside) checkTransfer(ctx context.Context, a attempt) (kit.Record[order.Order], error) {
	looks := a.Doc.Looks
	ctx = rpc.WithKey(call.OnBehalfOf(ctx, a.Doc.LookedBy), a.ID+"-check-"+strconv.FormatInt(looks, 10))
	_, err := out.transfers.CheckTransfer(ctx, &accounttransferv1.CheckTransferRequest{TransferId: a.Doc.TransferID})
	if err != nil && errs.KindOf(err) != errs.Precondition { // an ended transfer refuses; its event says how it ended
		return nil, err
	}
	return func(o *order.Order, _ time.Time) ([]fact.Fact, error) { return o.RecordChecked(looks) }, nil
}

// secrets is the link itself, which stands in its mail and nowhere else.
func (out outside) secrets(o *order.Order, w intent.Wish) map[string]string {
	if o.Link == nil || w.Key != o.Link.LinkKey() {
		return nil
	}
	token := out.signer.Token(link.Named{OrderID: o.ID, Number: o.Link.Number, ExpiresAt: o.Link.ExpiresAt})
	return map[string]string{"link": strings.TrimSuffix(out.base, "/") + "/v1/orderLinks/" + token}
}

// refused tells a decision of the other service, which somebody must mend, from its absence, and from our not being let in.
func refused(err error) bool {
	switch errs.KindOf(err) {
	case errs.Invalid, errs.Precondition, errs.NotFound, errs.Exists:
		return true
	default:
		return false
	}
}

// withdrawConnection has AccountTransfer end what binds the account. What it refuses is held against the connection: AWS, or somebody else,
// may have been faster; else it is for Operations to decide on again.
func (out outside) withdrawConnection(ctx context.Context, a attempt) (kit.Record[order.Order], error) {
	t := a.Doc.Termination
	ctx = call.OnBehalfOf(ctx, t.Decision.DecidedBy.Subject)
	resp, err := out.connections.WithdrawConnection(rpc.WithKey(ctx, a.Token), &accounttransferv1.WithdrawConnectionRequest{
		ConnectionId: t.ConnectionID, Reason: a.ID + ": " + t.Reason,
	})
	if err == nil {
		return func(o *order.Order, now time.Time) ([]fact.Fact, error) {
			return order.RecordWithdrawing(o, endOf(resp.GetConnection()), now)
		}, nil
	}
	refusal, _ := errs.As(err)
	seen, err := out.lookAfter(ctx, t.ConnectionID, err)
	if err != nil {
		return nil, err
	}
	return func(o *order.Order, now time.Time) ([]fact.Fact, error) {
		return order.RecordWithdrawRefused(o, refusal, seen, now)
	}, nil
}

// keepConnection has AccountTransfer drop a withdrawal that it could not carry out. What it refuses to drop is not there, or is
// begun anew.
func (out outside) keepConnection(ctx context.Context, a attempt) (kit.Record[order.Order], error) {
	t := a.Doc.Termination
	number, err := strconv.ParseInt(a.Subject, 10, 32)
	if err != nil {
		return nil, err
	}
	ctx = call.OnBehalfOf(ctx, a.Doc.SubmittedBy.Subject)
	resp, err := out.connections.KeepConnection(rpc.WithKey(ctx, a.Token), &accounttransferv1.KeepConnectionRequest{
		ConnectionId: t.ConnectionID, Reason: a.ID + ": the agreement goes on", Attempt: int32(number),
	})
	seen := endOf(resp.GetConnection())
	if err != nil {
		refusal := err
		if seen, err = out.lookAfter(ctx, t.ConnectionID, err); err != nil {
			return nil, err
		}
		if seen.Left(int(number)) {
			return nil, refusal // it is there, and is not dropped
		}
	}
	return func(o *order.Order, now time.Time) ([]fact.Fact, error) { return order.RecordKept(o, seen, now) }, nil
}

// lookAfter reads how a connection ends, after AccountTransfer has refused something of it. Any other error is returned: not to be let in
// decides nothing.
func (out outside) lookAfter(ctx context.Context, connectionID string, err error) (order.EndView, error) {
	if !refused(err) {
		return order.EndView{}, err
	}
	resp, err := out.connections.GetConnection(ctx, &accounttransferv1.GetConnectionRequest{ConnectionId: connectionID})
	return endOf(resp.GetConnection()), err
}

// supersedeConnection tells AccountTransfer that AWS bills the account of an order in the place of the membership that it replaces.
func (out outside) supersedeConnection(ctx context.Context, a attempt) (kit.Record[order.Order], error) {
	ctx = rpc.WithKey(call.OnBehalfOf(ctx, a.Doc.SubmittedBy.Subject), a.Token)
	_, err := out.connections.SupersedeConnection(ctx, &accounttransferv1.SupersedeConnectionRequest{
		ConnectionId: a.Doc.Replaces.ConnectionID, TransferId: a.Doc.TransferID,
	})
	if err != nil {
		return nil, err
	}
	return func(o *order.Order, now time.Time) ([]fact.Fact, error) { return order.RecordSuperseded(o, now) }, nil
}
