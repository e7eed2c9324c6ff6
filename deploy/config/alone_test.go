package config_test

import (
	"io"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health/grpc_health_v1"

	"example.com/handover/pkg/kit"
)

// Every service of the suite starts and is healthy without any other one: its peers are absent, and nobody waits for them.
func TestEveryServiceRunsAlone(t *testing.T) {
	for name, service := range services() {
		if name == "sandbox" {
			continue // it calls nobody, and listens where the shipped file says
		}
		t.Run(name, func(t *testing.T) {
			c := kit.Loopback(t.TempDir(), time.Date(2026, time.February, 16, 9, 0, 0, 0, time.UTC))
			c.Platform.Telemetry.Log.Out = io.Discard
			p, err := kit.Start(t.Context(), c, service)
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := p.Stop(); err != nil {
					t.Error(err)
				}
			}()
			conn, err := grpc.NewClient(p.GRPCAddress(), grpc.WithTransportCredentials(insecure.NewCredentials()))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			health, err := grpc_health_v1.NewHealthClient(conn).Check(t.Context(), &grpc_health_v1.HealthCheckRequest{Service: name})
			if err != nil || health.GetStatus() != grpc_health_v1.HealthCheckResponse_SERVING {
				t.Errorf("%s, %v", health.GetStatus(), err)
			}
		})
	}
}
