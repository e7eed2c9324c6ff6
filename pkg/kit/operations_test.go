package kit_test

import (
	"testing"
	"time"

	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/rpc"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
)

func TestRepublishingIsAnOperatorsRight(t *testing.T) {
	c := loopback(t, "")
	p := start(t, c, stored("orders"))
	conn, err := rpc.Dial(rpc.Target(p.GRPCAddress()), rpc.DialOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	issuer, err := auth.OpenIssuer(c.Platform.Auth.Development)
	if err != nil {
		t.Fatal(err)
	}
	from := timestamppb.New(time.Date(2026, time.February, 16, 0, 0, 0, 0, time.UTC))
	for name, tt := range map[string]struct {
		rights  []string
		request *opsv1.RepublishEventsRequest
		reason  string
	}{
		"with the right":     {[]string{"operations"}, &opsv1.RepublishEventsRequest{Service: "orders", FromTime: from}, ""},
		"only checked":       {[]string{"operations"}, &opsv1.RepublishEventsRequest{Service: "orders", FromTime: from, ValidateOnly: true}, ""},
		"without the right":  {[]string{"orders"}, &opsv1.RepublishEventsRequest{Service: "orders", FromTime: from}, "RIGHT_MISSING"},
		"without a time":     {[]string{"operations"}, &opsv1.RepublishEventsRequest{Service: "orders"}, "FIELD_REQUIRED"},
		"of another service": {[]string{"operations"}, &opsv1.RepublishEventsRequest{Service: "billing", FromTime: from}, "SERVICE_UNKNOWN"},
	} {
		t.Run(name, func(t *testing.T) {
			token, err := issuer.Person(auth.Principal{Subject: "olga", Role: auth.Operator, Rights: tt.rights}, time.Hour)
			if err != nil {
				t.Fatal(err)
			}
			ctx := metadata.AppendToOutgoingContext(t.Context(), auth.HeaderPerson, "Bearer "+token)
			resp, err := opsv1.NewOperationsServiceClient(conn).RepublishEvents(ctx, tt.request)
			if errs.ReasonOf(err) != tt.reason || resp.GetEventCount() != 0 {
				t.Errorf("got %v, %v; want %q", resp, err, tt.reason)
			}
		})
	}
}
