package rpc

import (
	"strings"

	"google.golang.org/grpc/resolver"
)

// several is the scheme of a target that lists its addresses.
const several = "several"

// Target names a service for Dial: a host and port, whose name may stand for several addresses, or several of them with
// commas between. Calls take turns over all addresses that answer.
func Target(addresses string) string {
	if !strings.Contains(addresses, ",") {
		return "dns:///" + addresses
	}
	return several + ":///" + addresses
}

// listed resolves a target to the addresses it lists.
type listed struct{}

// Scheme implements resolver.Builder.
func (listed) Scheme() string { return several }

// Build implements resolver.Builder.
func (listed) Build(target resolver.Target, conn resolver.ClientConn, _ resolver.BuildOptions) (resolver.Resolver, error) {
	var state resolver.State
	for address := range strings.SplitSeq(target.Endpoint(), ",") {
		address = strings.TrimSpace(address)
		state.Addresses = append(state.Addresses, resolver.Address{Addr: address, ServerName: address}) // each shows its own certificate
	}
	return listed{}, conn.UpdateState(state)
}

// ResolveNow implements resolver.Resolver: a list does not change.
func (listed) ResolveNow(resolver.ResolveNowOptions) {}

// Close implements resolver.Resolver.
func (listed) Close() {}
