package support

import (
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	"example.com/handover/services/support/internal/channel"
)

func fromWanted(req *supportv1.SetUpChannelRequest) channel.Wanted {
	return channel.Wanted{
		ID: req.GetChannelId(), CustomerID: req.GetCustomerId(), OrderID: req.GetOrderId(), Kind: channel.Kind(wire.Name(req.GetKind())),
	}
}

func toChannel(r store.Row[channel.Channel]) *supportv1.Channel {
	c := r.Doc
	if c == nil {
		return nil
	}
	return &supportv1.Channel{
		ChannelId: r.ID, CustomerId: c.CustomerID, OrderId: c.OrderID, Kind: wire.Value[supportv1.ChannelKind](string(c.Kind)),
		State: wire.Value[supportv1.ChannelState](string(c.State)), CaseId: c.CaseID, PortalUrl: c.PortalURL,
		AccountSysId: c.AccountSysID, Etag: r.ETag(), CreateTime: wire.Time(r.CreatedAt), UpdateTime: wire.Time(r.UpdatedAt),
		ReadyTime: wire.Time(c.ReadyAt), EndCaseId: c.EndCaseID,
	}
}
