package journey

import (
	"fmt"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/deploy/actors"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
)

// State is the order's, in one word; empty before there is one.
func (l *Life) State() (string, error) {
	if l.orderID == "" {
		return "", nil
	}
	order, err := l.operator.Order(l.ctx, l.orderID)
	return strings.TrimPrefix(order.GetState().String(), "ORDER_STATE_"), err
}

// Republish has every service relay again where each of its aggregates stands, as for streams that were lost.
func (l *Life) Republish() error {
	for _, service := range actors.Services() {
		_, err := l.Operations(service).RepublishEvents(l.asOperator(), &opsv1.RepublishEventsRequest{
			Service: service, FromTime: timestamppb.New(time.Unix(0, 0)),
		})
		if err != nil {
			return fmt.Errorf("republish %s: %w", service, err)
		}
	}
	return nil
}

// Replay has a service take a dead letter once more.
func (l *Life) Replay(service, letter string) error {
	_, err := l.Operations(service).ReplayDeadLetter(l.asOperator(), &opsv1.ReplayDeadLetterRequest{Service: service, DeadLetterId: letter})
	return err
}
