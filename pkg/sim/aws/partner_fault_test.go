package aws_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	handover "example.com/handover/pkg/aws"
	"example.com/handover/pkg/aws/channel"
	"example.com/handover/pkg/aws/channel/types"
	simaws "example.com/handover/pkg/sim/aws"
	"example.com/handover/pkg/sim/aws/state"
	"example.com/handover/pkg/sim/fault"
)

// clients are the suite's own, with the time-outs, retries and verdicts of production; they start from the payer's
// key.
func (r *rig) clients() *handover.Clients {
	r.t.Helper()
	id, secret := simaws.AccessKey(payer)
	c, err := handover.New(r.t.Context(), handover.Config{
		Endpoint: r.server.URL, AccessKeyID: id, SecretAccessKey: secret, MaxBackoff: time.Millisecond,
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return c
}

// partner is the suite's client of the channel, in the payer's account by its role.
func (r *rig) partner() *channel.Client {
	r.t.Helper()
	role := r.role(state.Role{Account: payer, Name: "Handover", Trusts: []string{payer}, ExternalID: "own-1"})
	client, err := r.clients().Channel(handover.Payer{AccountID: payer, RoleARN: role, ExternalID: "own-1"})
	if err != nil {
		r.t.Fatal(err)
	}
	return client
}

func TestVerdictsOnRelationships(t *testing.T) {
	const attempts = 3 // of the suite's clients
	for name, c := range map[string]struct {
		fault *fault.Fault // nil: none
		in    func(*channel.CreateRelationshipInput)
		want  handover.Outcome
		left  int // relationships
	}{
		"done": {want: handover.Outcome{Class: handover.Done}, left: 1},
		"every answer lost": {
			fault: &fault.Fault{Kind: fault.LostAnswer, Times: attempts},
			want:  handover.Outcome{Class: handover.Unanswered}, left: 1,
		},
		"one answer lost": { // the token makes the retry the same call
			fault: &fault.Fault{Kind: fault.LostAnswer, Times: 1},
			want:  handover.Outcome{Class: handover.Done}, left: 1,
		},
		"AWS at fault": {
			fault: &fault.Fault{Kind: fault.ServerError, Times: attempts},
			want:  handover.Outcome{Class: handover.Unanswered, Code: "InternalServer", Message: "An internal error has occurred."},
		},
		"throttled": {
			fault: &fault.Fault{Kind: fault.Throttle, Times: attempts},
			want:  handover.Outcome{Class: handover.Throttled, Code: "Throttling", Message: "Rate exceeded"},
		},
		"sent twice": {
			fault: &fault.Fault{Kind: fault.Duplicate, Times: 1},
			want:  handover.Outcome{Class: handover.Done}, left: 1,
		},
		"refused": {
			in: func(in *channel.CreateRelationshipInput) { in.Sector = "X" },
			want: handover.Outcome{
				Class: handover.Refused, Code: "Validation", Reason: "REQUEST_VALIDATION_FAILED", Message: `"X" is no value of sector.`,
			},
		},
		"not sent": {
			in: func(in *channel.CreateRelationshipInput) { in.Sector = "" },
			want: handover.Outcome{
				Class: handover.Refused, Code: "InvalidParameters",
				Message: "1 validation error(s) found.\n- missing required field, CreateRelationshipInput.Sector.\n",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			p := r.partnership()
			in, client := p.relation(), r.partner()
			if c.in != nil {
				c.in(in)
			}
			if c.fault != nil {
				c.fault.Operation = "CreateRelationship"
				r.fault(*c.fault)
			}
			_, err := client.CreateRelationship(t.Context(), in)
			got := handover.Classify(err)
			if c.want.Class != handover.Done {
				c.want.Operation = "PartnerCentral Channel.CreateRelationship"
			}
			if got.Code != "" && got.Code != "InvalidParameters" {
				if got.RequestID == "" {
					t.Error("no request id")
				}
				got.RequestID = ""
			}
			if got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
			if n := len(r.sim.Relationships("")); n != c.left {
				t.Errorf("%d relationships, want %d", n, c.left)
			}
		})
	}
}

// The way back after a lost answer: the same token once more answers what the first call made.
func TestLostHandshakeIsFoundAgainByItsToken(t *testing.T) {
	r := newRig(t, kept(t))
	p := r.partnership()
	in := p.fixed(p.related(), now.AddDate(0, 0, 90))
	in.ClientToken = aws.String("term-1")
	r.fault(fault.Fault{Service: "partnercentral-channel", Operation: "CreateChannelHandshake", Kind: fault.LostAnswer, Times: 3})
	_, err := r.partner().CreateChannelHandshake(t.Context(), in)
	if got := handover.Classify(err); got.Class != handover.Unanswered {
		t.Errorf("got %+v", got)
	}
	r.restart()
	handshake := p.propose(in)
	if terms := r.sim.ServiceTerms(p.customer); len(terms) != 1 || terms[0].ID != handshake {
		t.Errorf("got %+v", terms)
	}
}

func TestVerdictWithoutARole(t *testing.T) {
	r := newRig(t)
	p := r.partnership()
	client, err := r.clients().Channel(handover.Payer{AccountID: payer, RoleARN: "arn:aws:iam::" + payer + ":role/Missing"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.CreateRelationship(t.Context(), p.relation())
	if got := handover.Classify(err); got.Class != handover.Denied {
		t.Errorf("got %+v", got)
	}
	stranger := r.customer()
	_, err = r.channel(stranger).CreateRelationship(t.Context(), p.relation())
	refused(t, err, is[*types.ResourceNotFoundException])
	if n := len(r.sim.Relationships("")); n != 0 {
		t.Errorf("%d relationships", n)
	}
}

func TestRoleIsTriedWithAndWithoutItsExternalID(t *testing.T) {
	r := newRig(t)
	customer, clients := r.customer(), r.clients()
	guarded := r.role(state.Role{Account: customer, Name: "Bootstrap", Trusts: []string{payer}, ExternalID: "cus-1"})
	open := r.role(state.Role{Account: customer, Name: "Open", Trusts: []string{payer}})
	own := r.role(state.Role{Account: payer, Name: "Handover", Trusts: []string{payer}})
	inPayer, err := clients.Config(handover.Payer{AccountID: payer, RoleARN: own})
	if err != nil {
		t.Fatal(err)
	}
	for name, enter := range map[string]func(role, id string) (handover.Entered, error){
		"from the base": func(role, id string) (handover.Entered, error) {
			return clients.Enter(t.Context(), clients.STS(), role, id)
		},
		"by the payer": func(role, id string) (handover.Entered, error) {
			return clients.Enter(t.Context(), sts.NewFromConfig(inPayer), role, id)
		},
	} {
		t.Run(name, func(t *testing.T) {
			in, err := enter(guarded, "cus-1")
			if err != nil || in.AccountID != customer || in.ARN != "arn:aws:sts::"+customer+":assumed-role/Bootstrap/handover" {
				t.Errorf("entered %+v, %v", in, err)
			}
			for _, id := range []string{"", "cus-2"} {
				if _, err := enter(guarded, id); handover.Classify(err).Class != handover.Denied || handover.Classify(err).Code != "AccessDenied" {
					t.Errorf("with %q: %v", id, err)
				}
			}
			if in, err := enter(open, ""); err != nil || in.AccountID != customer {
				t.Errorf("an open role: %+v, %v", in, err)
			}
		})
	}
	if err := r.sim.RemoveRole(t.Context(), guarded); err != nil {
		t.Fatal(err)
	}
	if _, err := clients.Enter(t.Context(), clients.STS(), guarded, "cus-1"); handover.Classify(err).Class != handover.Denied {
		t.Errorf("a removed role: %v", err)
	}
}
