package main

import (
	"errors"
	"net/netip"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/rpc"
)

func TestWhatGotInFails(t *testing.T) {
	denied := rpc.ToStatus(errs.New(errs.Denied, "ROLE_DENIED", "no"), "orders", nil).Err()
	for name, tt := range map[string]struct {
		err  error
		want string
	}{
		"refused as it must be":     {denied, ""},
		"admitted":                  {nil, "got in: a call: admitted, want ROLE_DENIED"},
		"refused for another cause": {status.Error(codes.Internal, "boom"), "got in: a call: Internal"},
		"nothing that was said":     {errors.New("lost"), "got in: a call: Unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			o, out := newOutcome(), &strings.Builder{}
			o.want("a call", tt.err, "ROLE_DENIED")
			if ok := o.show(out, "calls"); ok != (tt.want == "") || !strings.Contains(out.String(), tt.want) {
				t.Errorf("%t, %s", ok, out)
			}
		})
	}
	if out := (&strings.Builder{}); newOutcome().show(out, "calls") {
		t.Errorf("an attempt that tried nothing is good: %s", out)
	}
}

func TestOneProcessThatGrowsFails(t *testing.T) {
	before := resident{1: 100, 2: 50, 3: 50}
	for name, tt := range map[string]struct {
		peak resident
		want string
	}{
		"each a little": {resident{1: 190, 2: 140, 3: 140}, "RSS at most "},
		"one alone":     {resident{1: 100, 2: 147, 3: 50}, "got in: the memory of process 2 grew by 97 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			o, out := newOutcome(), &strings.Builder{}
			o.grown(before, tt.peak)
			if ok := o.show(out, "load"); ok == strings.HasPrefix(tt.want, "got in") || !strings.Contains(out.String(), tt.want) {
				t.Errorf("%t, %s", ok, out)
			}
		})
	}
}

func TestAddressesOfSockets(t *testing.T) {
	for text, want := range map[string]string{
		"0100007F:1F90":                         "127.0.0.1:8080",
		"00000000:0050":                         "0.0.0.0:80",
		"00000000000000000000000001000000:2382": "[::1]:9090",
		"0000000000000000FFFF00000100007F:1F90": "127.0.0.1:8080",
	} {
		if got, err := address(text); err != nil || got != netip.MustParseAddrPort(want) {
			t.Errorf("%s: got %s, %v, want %s", text, got, err, want)
		}
	}
}
