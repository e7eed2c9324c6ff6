package aws_test

import (
	"context"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/aws/channel"
	"example.com/handover/pkg/errs"
)

// The hand-written client must be judged as the SDK's own clients are.
func TestClassifyOfTheChannel(t *testing.T) {
	throttle := refuse(400, "ThrottlingException", "")
	for name, c := range map[string]struct {
		sts, answers []answer
		want         aws.Class
		code         string
		attempts     int
	}{
		"done":                   {[]answer{ok}, []answer{ok}, aws.Done, "", 1},
		"refused":                {[]answer{ok}, []answer{refuse(400, "ConflictException", "")}, aws.Refused, "Conflict", 1},
		"denied":                 {[]answer{ok}, []answer{refuse(400, "AccessDeniedException", "")}, aws.Denied, "AccessDenied", 1},
		"throttled":              {[]answer{ok}, []answer{throttle}, aws.Throttled, "Throttling", 3},
		"throttled once":         {[]answer{ok}, []answer{throttle, ok}, aws.Done, "", 2},
		"server error":           {[]answer{ok}, []answer{refuse(500, "InternalServerException", "")}, aws.Unanswered, "InternalServer", 3},
		"server's own fault":     {[]answer{ok}, []answer{refuse(400, "InternalServerException", "")}, aws.Unanswered, "InternalServer", 1},
		"connection lost":        {[]answer{ok}, []answer{hangUp}, aws.Unanswered, "", 3},
		"answer cut short":       {[]answer{ok}, []answer{cutShort}, aws.Unanswered, "", 1},
		"lost, then done":        {[]answer{ok}, []answer{hangUp, ok}, aws.Done, "", 2},
		"lost, then refused":     {[]answer{ok}, []answer{hangUp, refuse(400, "ConflictException", "")}, aws.Unanswered, "Conflict", 2},
		"lost, then throttled":   {[]answer{ok}, []answer{hangUp, throttle}, aws.Unanswered, "Throttling", 3},
		"no trust":               {[]answer{refuseRole(403, "AccessDenied")}, []answer{ok}, aws.Denied, "AccessDenied", 0},
		"credentials unanswered": {[]answer{hangUp}, []answer{ok}, aws.Unreached, "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, c.sts, c.answers)
			got := aws.Classify(list(t, t.Context(), s.clients(t, nil)))
			if got.Class != c.want || got.Code != c.code || len(s.attempts()) != c.attempts {
				t.Errorf("got %+v after %d attempts", got, len(s.attempts()))
			}
		})
	}
	t.Run("time-out of an attempt", func(t *testing.T) {
		s := newServer(t, []answer{ok}, []answer{hang})
		clients := s.clients(t, func(c *aws.Config) { c.Timeout = 500 * time.Millisecond })
		if got := aws.Classify(list(t, t.Context(), clients)); got.Class != aws.Unanswered || len(s.attempts()) != 3 {
			t.Errorf("got %+v after %d attempts", got, len(s.attempts()))
		}
	})
	t.Run("nobody listens", func(t *testing.T) {
		s := newServer(t, []answer{ok}, []answer{ok})
		clients := s.clients(t, nil)
		s.Close()
		if got := aws.Classify(list(t, t.Context(), clients)); got.Class != aws.Unreached {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("role of another account", func(t *testing.T) {
		p := payer("111111111111")
		p.AccountID = "222222222222"
		if _, err := newServer(t, nil, nil).clients(t, nil).Channel(p); errs.ReasonOf(err) != "PAYER_ROLE_INVALID" {
			t.Errorf("got %v", err)
		}
	})
}

func list(t *testing.T, ctx context.Context, clients *aws.Clients) error {
	t.Helper()
	client, err := clients.Channel(payer("111111111111"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.ListRelationships(ctx, &channel.ListRelationshipsInput{Catalog: sdk.String("AWS")})
	return err
}
