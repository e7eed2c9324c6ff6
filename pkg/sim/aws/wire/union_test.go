package wire_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/handover/pkg/aws/channel"
	"example.com/handover/pkg/aws/channel/types"
	"example.com/handover/pkg/sim/aws/wire"
)

func TestUnionHasOneKnownMember(t *testing.T) {
	protocol := wire.JSON{Target: "PartnerCentralChannel", Version: "1.0", Style: wire.Style{Camel: true, ISO: true, Unions: []any{
		&types.ChannelHandshakePayloadMemberStartServicePeriodPayload{},
		&types.SupportPlanMemberResoldEnterprise{},
	}}}
	decode := func(body string) (*channel.CreateChannelHandshakeInput, error) {
		in := &channel.CreateChannelHandshakeInput{}
		return in, protocol.Decode(wire.Request{Body: []byte(body)}, in)
	}
	const body = `{"payload":{"startServicePeriodPayload":{"endDate":"2027-02-28T23:59:59.999Z","note":"n"}}}`
	in, err := decode(body)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := protocol.Encode("CreateChannelHandshake", "id", in)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(body, string(answer.Body)); diff != "" {
		t.Errorf("sent (-), read and written again (+):\n%s", diff)
	}
	for name, wrong := range map[string]string{
		"no object":               `{"payload":1}`,
		"no member":               `{"payload":{}}`,
		"two members":             `{"payload":{"startServicePeriodPayload":{},"revokeServicePeriodPayload":{}}}`,
		"unknown member":          `{"payload":{"other":{}}}`,
		"member of another union": `{"payload":{"resoldEnterprise":{}}}`,
		"wrong inside":            `{"payload":{"startServicePeriodPayload":{"endDate":1}}}`,
	} {
		if _, err := decode(wrong); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}
