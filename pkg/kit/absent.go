package kit

import (
	"context"
	"fmt"
	"slices"

	"google.golang.org/grpc"

	"example.com/handover/pkg/errs"
)

// absent is the connection to a service that the deployment lacks. Its calls fail as if the service were away for a
// while, so that a caller asks again, and a service runs alone without knowing it.
type absent struct{ err *errs.Error }

func absentPeer(service string) absent {
	return absent{errs.New(errs.Unavailable, "PEER_ABSENT", "%s is not part of this deployment", service)}
}

// undeclared is the connection to a service that the caller's Spec does not name: an error of the program.
func undeclared(from, service string) absent {
	return absent{errs.New(errs.Internal, "INTERNAL", "%s calls %s and does not name it among its peers", from, service)}
}

// Invoke implements grpc.ClientConnInterface.
func (a absent) Invoke(context.Context, string, any, any, ...grpc.CallOption) error { return a.err }

// NewStream implements grpc.ClientConnInterface.
func (a absent) NewStream(context.Context, *grpc.StreamDesc, string, ...grpc.CallOption) (grpc.ClientStream, error) {
	return nil, a.err
}

// absentPeers says, one sentence each, which services the hosted ones call although the deployment has none.
func (c Config) absentPeers(hosted []Service) []string {
	var warnings []string
	for _, s := range hosted {
		for _, peer := range s.peers {
			if !c.reaches(hosted, peer) {
				warnings = append(warnings, fmt.Sprintf(
					"%s calls %s, which this process neither hosts nor has an address for (platform.peers.%s): those calls answer PEER_ABSENT",
					s.Name, peer, peer))
			}
		}
	}
	return warnings
}

// reaches says whether a process that hosts these services can call the service.
func (c Config) reaches(hosted []Service, service string) bool {
	_, addressed := c.Platform.Peers[service]
	return addressed || slices.ContainsFunc(hosted, func(s Service) bool { return s.Name == service })
}
