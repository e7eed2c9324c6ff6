package billing

import (
	"google.golang.org/grpc"

	"example.com/handover/pkg/kit"
)

// peers connects to the services that this one asks.
func peers(e *kit.Env) (orders, transfers, notifications grpc.ClientConnInterface, err error) {
	if orders, err = e.Conn("orders"); err != nil {
		return nil, nil, nil, err
	}
	if transfers, err = e.Conn("accounttransfer"); err != nil {
		return nil, nil, nil, err
	}
	notifications, err = e.Conn("notifications")
	return orders, transfers, notifications, err
}
