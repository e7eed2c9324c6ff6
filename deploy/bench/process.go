package main

import (
	"context"
	"fmt"
	"time"

	"google.golang.org/grpc"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/rpc"
)

// process is a running part of the suite and a caller's connection to it.
type process struct {
	*kit.Process
	conn   *grpc.ClientConn
	issuer *auth.Issuer
	keys   string // folder of the issuer
}

// start hosts services until the end of the scope.
func (b *bench) start(ctx context.Context, c kit.Config, services ...kit.Service) (*process, error) {
	hosted, err := kit.Start(ctx, c, services...)
	if err != nil {
		return nil, err
	}
	b.defers(func(context.Context) error { return hosted.Stop() })
	p := &process{Process: hosted, keys: c.Platform.Auth.Development}
	if p.issuer, err = auth.OpenIssuer(c.Platform.Auth.Development); err != nil {
		return nil, err
	}
	if p.conn, err = rpc.Dial("dns:///"+hosted.GRPCAddress(), rpc.DialOptions{Timeout: time.Minute}); err != nil {
		return nil, fmt.Errorf("dial: %w", err)
	}
	b.defers(func(context.Context) error { return p.conn.Close() })
	return p, nil
}
