package rpc_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/internal/probe"
	"example.com/handover/pkg/rpc"
)

func TestUnknownFieldsAreFoundAnywhere(t *testing.T) {
	f := serve(t, setup{})
	conn := f.dial(rpc.DialOptions{})
	extra := protowire.AppendString(protowire.AppendTag(nil, 77, protowire.BytesType), "x")
	extra = protowire.AppendVarint(protowire.AppendTag(extra, 78, protowire.VarintType), 1)
	field := func(m protoreflect.Message, name protoreflect.Name) protoreflect.Value {
		return m.Get(m.Descriptor().Fields().ByName(name))
	}
	tests := map[string]func(protoreflect.Message) protoreflect.Message{
		"":           func(m protoreflect.Message) protoreflect.Message { return m },
		"thing.":     func(m protoreflect.Message) protoreflect.Message { return field(m, "thing").Message() },
		"things[1].": func(m protoreflect.Message) protoreflect.Message { return field(m, "things").List().Get(1).Message() },
		"thing.parts[0].": func(m protoreflect.Message) protoreflect.Message {
			return field(field(m, "thing").Message(), "parts").List().Get(0).Message()
		},
		`things[0].by_key["a.b"].`: func(m protoreflect.Message) protoreflect.Message {
			key := protoreflect.ValueOfString("a.b").MapKey()
			return field(field(m, "things").List().Get(0).Message(), "by_key").Map().Get(key).Message()
		},
	}
	for path, at := range tests {
		t.Run(path, func(t *testing.T) {
			req := probe.Request(`thing { parts { thing_id: "p" } } things { by_key { key: "a.b" value { thing_id: "m" } } } things { }`)
			at(req.ProtoReflect()).SetUnknown(extra)
			_, err := probe.Call(f.as(anna()), conn, "ListThings", req)
			e, ok := errs.As(err)
			if !ok || e.Kind != errs.Invalid || e.Reason != "FIELD_UNKNOWN" {
				t.Fatalf("got %v", err)
			}
			var got []string
			for _, v := range e.Fields {
				got = append(got, v.Path)
			}
			if diff := cmp.Diff([]string{path + "77", path + "78"}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNULIsRefusedAnywhere(t *testing.T) {
	reached := false
	f := serve(t, setup{handle: func(context.Context, string, proto.Message, func(string) error) error { reached = true; return nil }})
	conn := f.dial(rpc.DialOptions{})
	for path, request := range map[string]string{
		"customer_id":                 `customer_id: "cus_1\000"`,
		"thing_id":                    `thing_id: "\000"`,
		"thing.parts[1].thing_id":     `thing { parts { } parts { thing_id: "a\000b" } }`,
		"things[0].by_key":            `things { by_key { key: "\000" value { } } }`,
		`things[0].by_key["k"].email`: `things { by_key { key: "k" value { email: "\000" } } }`,
	} {
		for _, form := range forms() {
			_, err := probe.Call(f.as(anna()), conn, form, probe.Request(request))
			e, _ := errs.As(err)
			if e == nil || e.Kind != errs.Invalid || e.Reason != "REQUEST_INVALID" || len(e.Fields) != 1 || e.Fields[0].Path != path || reached {
				t.Errorf("%s %s: got %v, reached the handler: %v", form, path, err, reached)
			}
		}
	}
}

func TestViolationsNameFieldAndRule(t *testing.T) {
	f := serve(t, setup{})
	conn := f.dial(rpc.DialOptions{})
	req := probe.Request(`customer_id: "cus_1" things { } things { quantity: 12 } thing { parts { quantity: -1 } }`)
	for _, form := range forms() {
		_, err := probe.Call(f.as(anna()), conn, form, req)
		e, _ := errs.As(err)
		if e == nil {
			t.Fatalf("%s: got %v", form, err)
		}
		got := map[string]string{}
		for _, v := range e.Fields {
			if v.Message == "" {
				t.Errorf("%s has no message", v.Path)
			}
			got[v.Path] = v.Reason
		}
		want := map[string]string{"thing.parts[0].quantity": "int32.gte_lte", "things[1].quantity": "int32.gte_lte"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", form, diff)
		}
	}
}

func TestSizes(t *testing.T) {
	f := serve(t, setup{})
	large := probe.Request(`customer_id: "` + strings.Repeat("x", rpc.MaxRequest) + `"`)
	for _, form := range forms() {
		_, err := probe.Call(f.as(anna()), f.dialBare(), form, large)
		if status.Code(err) != codes.ResourceExhausted {
			t.Errorf("%s, refused by the server: got %v", form, err)
		}
		_, err = probe.Call(f.as(anna()), f.dial(rpc.DialOptions{}), form, large)
		if errs.KindOf(err) != errs.Exhausted {
			t.Errorf("%s, refused before it is sent: got %v", form, err)
		}
	}
	fits := probe.Request(`thing { thing_id: "` + strings.Repeat("x", rpc.MaxRequest-100) + `" }`)
	if _, err := probe.Call(f.as(anna()), f.dial(rpc.DialOptions{}), "ListThings", fits); err != nil {
		t.Errorf("a request below the limit: %v", err)
	}
}

func TestRedacted(t *testing.T) {
	m := probe.Request(
		`customer_id: "cus_1" thing { email: "a@x" parts { email: "b@x" thing_id: "p" } by_key { key: "k" value { email: "c@x" quantity: 3 } } }`,
	)
	m.ProtoReflect().SetUnknown(protowire.AppendString(protowire.AppendTag(nil, 77, protowire.BytesType), "d@x"))
	before := proto.Clone(m)
	got := string(rpc.Redacted(m).LogValue().Any().(json.RawMessage))
	want := `{"customerId":"cus_1","thing":{"parts":[{"thingId":"p"}],"byKey":{"k":{"quantity":3}}}}`
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if !proto.Equal(before, m) {
		t.Error("the message itself was changed")
	}
}
