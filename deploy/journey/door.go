package journey

import (
	"fmt"
	"io"
	"net/http"
	"time"

	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/auth"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// throughDoors reads the order as JSON through every gateway, and compares it with what the service itself answers.
func (l *Life) throughDoors() error {
	direct, err := l.orders.GetOrder(l.customer, &ordersv1.GetOrderRequest{OrderId: l.orderID})
	if err != nil {
		return err
	}
	for _, door := range l.doors {
		seen, err := l.readThrough("http://" + door + "/v1/orders/" + l.orderID)
		if err != nil {
			return fmt.Errorf("door %s: %w", door, err)
		}
		if !proto.Equal(direct, seen) {
			return fmt.Errorf("door %s shows %v, the service %v", door, seen, direct)
		}
	}
	l.print("  doors: %d, each shows %s", len(l.doors), direct.GetOrder().GetState())
	return nil
}

func (l *Life) readThrough(url string) (*ordersv1.GetOrderResponse, error) {
	req, err := http.NewRequestWithContext(l.plain, http.MethodGet, url, http.NoBody)
	if err != nil {
		return nil, err
	}
	md, _ := metadata.FromOutgoingContext(l.customer)
	req.Header["Authorization"] = md.Get(auth.HeaderPerson)
	client := http.Client{Timeout: 10 * time.Second}
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", resp.Status, body)
	}
	out := &ordersv1.GetOrderResponse{}
	return out, protojson.Unmarshal(body, out)
}
