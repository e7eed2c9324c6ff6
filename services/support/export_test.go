package support

import (
	"context"

	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/event"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/store"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// HearAgreement has the service hear of an agreement, as if Orders had told of it.
func HearAgreement(ctx context.Context, e *kit.Env, a *ordersv1.Agreement) error {
	state := &ordersv1.AgreementEvent{Agreement: a}
	body, err := proto.Marshal(state)
	if err != nil {
		return err
	}
	m := event.Message{Type: string(state.ProtoReflect().Descriptor().FullName()), Body: body}
	return e.DB.InTx(ctx, func(tx *store.Tx) error { return observeAgreement(openTables(e.DB, e.English()), e.English())(tx, m) })
}
