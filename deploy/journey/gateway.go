package journey

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// linkIn finds the last part of the link in the mail.
var linkIn = regexp.MustCompile(`/v1/orderLinks/([0-9A-Za-z_-]+)`)

// linked has the link sent, finds it in the customer's mailbox, and opens it as anybody could who holds it.
func linked(l *Life) error {
	if err := l.Send(); err != nil {
		return err
	}
	notificationID, err := linkMail(l)
	if err != nil {
		return err
	}
	mail, err := mailed(l, notificationID)
	if err != nil {
		return err
	}
	found := linkIn.FindStringSubmatch(mail.GetText())
	if found == nil {
		return fmt.Errorf("no link in the mail %q", mail.GetSubject())
	}
	for _, gateway := range l.gateways {
		body, err := l.read(gateway+"/v1/orderLinks/"+found[1], "")
		if err != nil {
			return fmt.Errorf("open the link: %w", err)
		}
		var opened struct {
			OrderID  string `json:"orderId"`
			NextStep string `json:"nextStep"`
		}
		if err := json.Unmarshal(body, &opened); err != nil {
			return err
		}
		if opened.OrderID != l.orderID {
			return fmt.Errorf("the link opens %q", opened.OrderID)
		}
		l.print("  mailed %q to the customer; its link says: %s", mail.GetSubject(), opened.NextStep)
	}
	return nil
}

// Send has the link to the draft sent.
func (l *Life) Send() error {
	if _, err := l.operator.SendLink(l.ctx, l.orderID); err != nil {
		return fmt.Errorf("send: %w", err)
	}
	return nil
}

// linkMail waits until the world is quiet and returns the id of the mail with the link.
func linkMail(l *Life) (string, error) {
	if err := l.Quiet(); err != nil {
		return "", err
	}
	read, err := l.Orders.GetOrder(l.asOperator(), &ordersv1.GetOrderRequest{OrderId: l.orderID})
	if err != nil {
		return "", fmt.Errorf("order: %w", err)
	}
	return read.GetOrder().GetLink().GetNotificationId(), nil
}

// throughGateways reads the order as JSON through every gateway, and compares it with what the service itself answers.
func throughGateways(l *Life) error {
	direct, err := l.Orders.GetOrder(l.asCustomer(), &ordersv1.GetOrderRequest{OrderId: l.orderID})
	if err != nil {
		return err
	}
	for _, gateway := range l.gateways {
		body, err := l.read(gateway+"/v1/orders/"+l.orderID, l.customer.Bearer)
		if err != nil {
			return fmt.Errorf("gateway %s: %w", gateway, err)
		}
		seen := &ordersv1.GetOrderResponse{}
		if err := protojson.Unmarshal(body, seen); err != nil {
			return fmt.Errorf("gateway %s: %w", gateway, err)
		}
		if !proto.Equal(direct, seen) {
			return fmt.Errorf("gateway %s shows %v, the service %v", gateway, seen, direct)
		}
	}
	l.print("  gateways: %d, each shows %s", len(l.gateways), direct.GetOrder().GetState())
	return nil
}

// read gets JSON from a gateway; without a token when bearer is empty.
func (l *Life) read(url, bearer string) ([]byte, error) {
	req, err := http.NewRequestWithContext(l.ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return nil, err
	}
	if bearer != "" {
		req.Header.Set("Authorization", bearer)
	}
	resp, err := l.web.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", resp.Status, body)
	}
	return body, err
}
