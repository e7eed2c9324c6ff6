package auth

import (
	"context"
	"log/slog"
	"slices"

	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
)

// Guard decides about calls. It has no state but what it has already verified and read.
type Guard struct {
	verifier *Verifier
	rules    rules
	security *slog.Logger

	certificates []string // patterns of the identities of services
}

// NewGuard reads the issuers' key files. Denials, privileged reads and operations go to log, in its group "security".
func NewGuard(ctx context.Context, c Config, log *slog.Logger) (*Guard, error) {
	v, err := NewVerifier(ctx, c)
	if err != nil {
		return nil, err
	}
	return &Guard{verifier: v, security: log.WithGroup("security"), certificates: c.Certificates}, nil
}

// Check compiles the rules of whole services at start, so that a declaration that says nothing, or nonsense, is found
// before the first call. Without it such a method is denied when it is called.
func (g *Guard) Check(methods ...string) error {
	for _, m := range methods {
		if Exempt(m) {
			continue
		}
		if _, err := g.rules.of(m); err != nil {
			return err
		}
	}
	return nil
}

// Admit decides by role and right, and of a service by its name, before a request is read. It fails with PERMISSION_DENIED.
func (g *Guard) Admit(ctx context.Context, method string) error {
	if Exempt(method) {
		return nil
	}
	r, err := g.rules.of(method)
	if err != nil {
		return errs.Wrap(err, errs.Denied, "ACCESS_UNDECLARED", "nobody may call this method")
	}
	p, _ := From(ctx)
	if p.Role == Service {
		if !slices.Contains(r.services, p.Workload) {
			return errs.New(errs.Denied, "SERVICE_DENIED", "service %s may not call this method for itself", p.Workload)
		}
		return nil
	}
	if !slices.Contains(r.roles, p.Role) {
		return errs.New(errs.Denied, "ROLE_DENIED", "role %s may not call this method", p.Role)
	}
	if p.Role == Operator && r.right != "" && !slices.Contains(p.Rights, r.right) {
		return errs.New(errs.Denied, "RIGHT_MISSING", "this needs the right %s", r.right).WithMeta("right", r.right)
	}
	return nil
}

// Belongs reports whether a customer belongs to a partner, as the service that serves the call knows it.
type Belongs func(ctx context.Context, customer, partner string) (bool, error)

func (b Belongs) sees(ctx context.Context, s call.Scope, customer string) (bool, error) {
	if s.OfPartner() == "" || b == nil {
		return s.Sees(customer), nil
	}
	return b(ctx, customer, s.OfPartner())
}

// AdmitRequest holds a request to the caller's customers and notes privileged reads and operations. It fails with
// PERMISSION_DENIED when the request names somebody else's customer; a resource of somebody else is found nowhere,
// because the store looks within the scope. Which customers are a partner's is known to belongs alone; without it none is.
func (g *Guard) AdmitRequest(ctx context.Context, method string, request proto.Message, belongs Belongs) error {
	if Exempt(method) {
		return nil
	}
	r, err := g.rules.of(method)
	if err != nil {
		return errs.Wrap(err, errs.Denied, "ACCESS_UNDECLARED", "nobody may call this method")
	}
	p, _ := From(ctx)
	scope, m := p.Scope(), request.ProtoReflect()
	customers := r.customer.values(m)
	for _, id := range customers {
		sees, err := belongs.sees(ctx, scope, id)
		if err != nil {
			return err
		}
		if !sees {
			return errs.New(errs.Denied, "CUSTOMER_DENIED", "you do not belong to customer %s", id).WithMeta("customer", id)
		}
	}
	switch {
	case !p.Role.privileged():
	case r.operations:
		g.noteOperation(ctx, p, r.reads, m)
	case r.reads && !r.none:
		g.noteRead(ctx, p, customers, r.resource.values(m))
	}
	return nil
}
