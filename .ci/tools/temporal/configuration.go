package main

import (
	"fmt"
	"time"

	"go.temporal.io/server/common/cluster"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/log"
)

// configuration is of all four roles in one process, on loopback, with workflows and visibility in PostgreSQL.
func configuration(main, visibility string, logger log.Logger) (*config.Config, error) {
	cfg := &config.Config{Services: map[string]config.Service{}}
	frontend := ""
	for _, role := range []string{"frontend", "history", "matching", "worker"} {
		grpc, err := free()
		if err != nil {
			return nil, err
		}
		membership, err := free()
		if err != nil {
			return nil, err
		}
		cfg.Services[role] = config.Service{RPC: config.RPC{GRPCPort: grpc, MembershipPort: membership, BindOnLocalHost: true}}
		if role == "frontend" {
			frontend = fmt.Sprintf("127.0.0.1:%d", grpc)
		}
	}
	cfg.PublicClient.HostPort = frontend
	cfg.Global.Membership = config.Membership{MaxJoinDuration: 30 * time.Second, BroadcastAddress: "127.0.0.1"}
	cfg.DCRedirectionPolicy.Policy = "noop"
	cfg.Archival.History.State, cfg.Archival.Visibility.State = "disabled", "disabled"
	cfg.NamespaceDefaults.Archival.History.State, cfg.NamespaceDefaults.Archival.Visibility.State = "disabled", "disabled"
	cfg.ClusterMetadata = &cluster.Config{
		FailoverVersionIncrement: 10, MasterClusterName: "active", CurrentClusterName: "active",
		ClusterInformation: map[string]cluster.ClusterInformation{
			"active": {Enabled: true, InitialFailoverVersion: 1, RPCAddress: frontend},
		},
	}
	cfg.Persistence = config.Persistence{
		DefaultStore: "workflows", VisibilityStore: "visibility", NumHistoryShards: 4, DataStores: map[string]config.DataStore{},
	}
	for _, s := range []struct {
		name, schema, address string
		connections           int
	}{{"workflows", "temporal", main, 40}, {"visibility", "visibility", visibility, 10}} {
		of, err := store(s.address, s.connections)
		if err != nil {
			return nil, err
		}
		if err := setUp(of, s.schema, logger); err != nil {
			return nil, err
		}
		cfg.Persistence.DataStores[s.name] = config.DataStore{SQL: of}
	}
	return cfg, nil
}
