package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/reflect/protoreflect"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/auth"
	optionsv1 "example.com/handover/proto/gen/handover/options/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// workloads are all services that may show an identity, and one that is none.
func workloads() []string { return append(actors.Services(), "gateway", "sandbox", "somebody") }

// foreignVerbs calls every method as every service that the contract does not name for it, by its token and, where there are
// certificates, by its certificate.
func foreignVerbs(ctx context.Context, t *target, o *outcome) error {
	for _, me := range workloads() {
		token, err := t.issuer.Workload(me)(ctx)
		if err != nil {
			return err
		}
		conns, err := t.connsAs(me)
		if err != nil {
			return err
		}
		shown := bearing(ctx, auth.HeaderWorkload, token)
		err = eachMethod(func(d protoreflect.MethodDescriptor, access *optionsv1.Access, service string) error {
			open := slices.Contains(access.GetRoles(), optionsv1.Role_ROLE_LINK_BEARER)
			if open || slices.Contains(access.GetServices(), me) {
				return nil
			}
			request := message(d.Input())
			o.want(string(d.FullName())+" as "+me, invoke(shown, t.honest[service], d, request), "SERVICE_DENIED", "UNAUTHENTICATED")
			if conn := conns[service]; conn != nil {
				o.want(string(d.FullName())+" by the certificate of "+me, invoke(ctx, conn, d, request), "SERVICE_DENIED")
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// sandboxVerbs calls the sandbox as everybody but an operator with its rights.
func sandboxVerbs(ctx context.Context, t *target, o *outcome) error {
	for name, who := range map[string]auth.Principal{
		"a customer":                    actors.PersonOf("anna", t.world.own.customer),
		"a partner":                     {Subject: "paul", Role: auth.Partner, Partner: "par-1"},
		"a support reader":              {Subject: "rita", Role: auth.SupportReader},
		"a link bearer":                 {Subject: "lea", Role: auth.LinkBearer},
		"an operator without its right": {Subject: "olga", Role: auth.Operator, Rights: slices.DeleteFunc(auth.OperatorRights(), ofSandbox)},
	} {
		token, err := t.issuer.Person(who, time.Hour)
		if err != nil {
			return err
		}
		err = eachMethod(func(d protoreflect.MethodDescriptor, access *optionsv1.Access, service string) error {
			if service == "sandbox" && (who.Role != auth.Operator || access.GetRight() != "") {
				err := invoke(bearing(ctx, auth.HeaderPerson, token), t.honest[service], d, message(d.Input()))
				o.want(string(d.FullName())+" as "+name, err, "ROLE_DENIED", "RIGHT_MISSING")
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return eachMethod(func(d protoreflect.MethodDescriptor, _ *optionsv1.Access, service string) error {
		if service == "sandbox" {
			o.want(string(d.FullName())+" as nobody", invoke(ctx, t.honest[service], d, message(d.Input())), "UNAUTHENTICATED")
		}
		return nil
	})
}

func ofSandbox(right string) bool { return strings.Contains(right, "sandbox") }

// killForeign asks the sandbox to kill what is not of its deployment: a process of ours, this one, and the system's first.
func killForeign(ctx context.Context, t *target, o *outcome) error {
	victim := exec.CommandContext(ctx, "sleep", "60")
	if err := victim.Start(); err != nil {
		return err
	}
	defer func() { _ = errors.Join(victim.Process.Kill(), victim.Wait()) }() // it is ours, and ends here
	for _, pid := range []int{victim.Process.Pid, os.Getpid(), 1, 0, -1} {
		_, err := t.Sandbox.SetFault(t.world.operator.Once(ctx), &sandboxv1.SetFaultRequest{Fault: &sandboxv1.Fault{
			Service: "organizations", Kind: sandboxv1.FaultKind_FAULT_KIND_KILL_CALLER,
			Moment: sandboxv1.FaultMoment_FAULT_MOMENT_REQUEST_RECEIVED, Pid: int32(pid), Times: 1,
		}})
		o.want("a fault for a foreign process", err, "FAULT_INVALID", "REQUEST_INVALID")
	}
	return nil
}

// acting is a context of somebody with a token and, where a write needs one, a key.
func acting(ctx context.Context, bearer, key string) context.Context {
	ctx = metadata.AppendToOutgoingContext(ctx, auth.HeaderPerson, bearer)
	if key != "" {
		ctx = metadata.AppendToOutgoingContext(ctx, "idempotency-key", key)
	}
	return ctx
}
