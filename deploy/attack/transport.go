package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health/grpc_health_v1"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/rpc"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
)

func (t *target) credentials() credentials.TransportCredentials { return credentials.NewTLS(t.tls()) }

// plainText calls every listener that must be encrypted without it.
func plainText(ctx context.Context, t *target, o *outcome) error {
	for service, address := range t.grpc {
		conn, err := grpc.NewClient("passthrough:///"+address, grpc.WithTransportCredentials(insecure.NewCredentials()))
		if err != nil {
			return err
		}
		_, err = grpc_health_v1.NewHealthClient(conn).Check(ctx, &grpc_health_v1.HealthCheckRequest{})
		o.want("gRPC of "+service, err, "UNAVAILABLE", "Unavailable")
		_ = conn.Close()
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+t.http+"/livez", nil)
	if err != nil {
		return err
	}
	response, err := (&http.Client{Timeout: waits}).Do(request)
	if err != nil {
		o.refused("connection closed")
		return nil
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if response.StatusCode != http.StatusBadRequest || !strings.Contains(string(text), "HTTPS") {
		o.gotIn("HTTP: %s %s", response.Status, text)
		return err
	}
	o.refused(response.Status)
	return err
}

// foreignCertificates shows what another authority has signed, and what the own one has and is over.
func foreignCertificates(ctx context.Context, t *target, o *outcome) error {
	foreign, err := newAuthority(filepath.Join(t.folder, "foreign"))
	if err != nil {
		return err
	}
	if err := foreign.issue("orders", life); err != nil {
		return err
	}
	shown := map[string]string{"a foreign authority's": foreign.folder}
	if t.ours != nil {
		over := &authority{filepath.Join(t.folder, "expired"), t.ours.signs}
		if err := errors.Join(os.MkdirAll(over.folder, 0o700), over.issue("orders", -life)); err != nil {
			return err
		}
		shown["an expired one"] = over.folder
	}
	for what, folder := range shown {
		certificate, err := pair(folder, "orders")
		if err != nil {
			return err
		}
		for service := range t.grpc {
			conn, err := t.dial(service, certificate)
			if err != nil {
				return err
			}
			o.want(what+" at "+service, cancelTransfer(ctx, conn), "UNAVAILABLE", "Unavailable")
		}
		if t.nats != "" {
			answer, err := t.signIn(ctx, "orders", t.tls(certificate))
			o.signedIn(what+" at NATS", answer, err)
		}
	}
	return nil
}

// mismatch shows the certificate of one service and the token of another one.
func mismatch(ctx context.Context, t *target, o *outcome) error {
	certificate, err := pair(t.secrets, "orders")
	if err != nil {
		return err
	}
	conn, err := t.dial("accounttransfer", certificate)
	if err != nil {
		return err
	}
	for _, other := range []string{"billing", "gateway", "sandbox"} {
		token, err := t.issuer.Workload(other)(ctx)
		if err != nil {
			return err
		}
		o.want("the token of "+other, cancelTransfer(bearing(ctx, auth.HeaderWorkload, token), conn), "UNAUTHENTICATED")
	}
	person, err := t.issuer.Person(auth.Principal{Subject: "anna", Role: auth.Customer}, time.Hour)
	if err != nil {
		return err
	}
	o.want("a person's token as a service's", cancelTransfer(bearing(ctx, auth.HeaderWorkload, person), conn), "UNAUTHENTICATED")
	return nil
}

// cancelTransfer is a call that orders may make.
func cancelTransfer(ctx context.Context, conn grpc.ClientConnInterface) error {
	_, err := accounttransferv1.NewTransferServiceClient(conn).CancelTransfer(rpc.WithKey(ctx, id.New("key")),
		&accounttransferv1.CancelTransferRequest{TransferId: id.New("trf"), Reason: "attack"})
	return err
}
