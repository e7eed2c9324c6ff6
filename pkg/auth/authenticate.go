package auth

import (
	"context"
	"net/url"
	"strings"
	"unicode"

	"google.golang.org/grpc/metadata"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
)

// Metadata keys that say who calls and why.
const (
	HeaderPerson     = "authorization"           // "Bearer <token>" of a person
	HeaderWorkload   = "x-handover-workload"     // "Bearer <token>" of the calling service
	HeaderOnBehalfOf = "x-handover-on-behalf-of" // subject whose wish a workload carries out; believed from a workload only
	HeaderCause      = "x-handover-cause"        // id of what led to the call; believed from a workload only
	HeaderReason     = "x-handover-reason"       // the actor's words, percent-encoded outside of visible ASCII
)

// anybody is the subject of a LINK_BEARER that showed no token: a link does not say whose hands it is in.
const anybody = "link bearer"

// maxWords bounds what a header may add to an event row, in bytes.
const maxWords = 1000

// Authenticate verifies the identities in the incoming metadata and puts the Principal, and who acts within which
// scope into the call.Call, into the context. A person decides the role. Who shows no person is a LINK_BEARER where the
// contract lets one in, for its request holds the link; elsewhere a workload alone is a SERVICE, which is good for the
// methods that name it. It fails with UNAUTHENTICATED when there is no identity, and when one is not believed, and leaves
// exempt methods as they are.
func (g *Guard) Authenticate(ctx context.Context, method string) (context.Context, error) {
	if Exempt(method) {
		return ctx, nil
	}
	p, err := g.identify(ctx, method)
	if err != nil {
		return ctx, err
	}
	c := call.From(ctx)
	c.Method, c.Scope, c.KeyOwner = method, p.Scope(), p.Owner()
	c.Actor = call.Actor{Subject: p.Subject, Role: string(p.Role)}
	c.Reason = words(ctx, HeaderReason)
	if p.Workload != "" {
		c.Cause = words(ctx, HeaderCause)
	}
	if p.Role == Service {
		c.Actor.OnBehalfOf = words(ctx, HeaderOnBehalfOf)
	}
	return With(call.With(ctx, c), p), nil
}

// Believe says whose the person's token in the incoming metadata is, as Principal.Owner does, if it is good: for a caller's own,
// before its request is read. It fails with UNAUTHENTICATED.
func (g *Guard) Believe(ctx context.Context) (owner string, err error) {
	person, shown, err := g.token(ctx, HeaderPerson)
	if err == nil && (!shown || person.claims.Workload != "") {
		err = unknown("show the token of a person in %s", HeaderPerson)
	}
	return person.owner(), err
}

// identify reads certificate and tokens; each that is shown must verify and be of its kind.
func (g *Guard) identify(ctx context.Context, method string) (Principal, error) {
	w, err := g.workload(ctx)
	if err != nil {
		return Principal{}, err
	}
	person, hasPerson, err := g.token(ctx, HeaderPerson)
	if err != nil {
		return Principal{}, err
	}
	switch {
	case hasPerson && person.claims.Workload != "":
		return Principal{}, wrongKind()
	case hasPerson:
		c := person.claims
		return Principal{
			Subject: person.subject, Role: c.Role, Customers: c.Customers, Partner: c.Partner,
			Rights: c.Rights, Regions: c.Regions, Workload: w.name, Expiry: person.expiry,
			owner: person.owner(),
		}, nil
	case g.rules.open(method):
		return Principal{Subject: anybody, Role: LinkBearer, Workload: w.name, owner: anybody}, nil
	case w.name != "":
		return Principal{Subject: w.name, Role: Service, Workload: w.name, Expiry: w.expiry, owner: "workload " + w.name}, nil
	}
	return Principal{}, unknown("no token: show one in %s", HeaderPerson)
}

// token returns the identity in one header; false when the header is absent.
func (g *Guard) token(ctx context.Context, header string) (identity, bool, error) {
	values := metadata.ValueFromIncomingContext(ctx, header)
	if len(values) == 0 {
		return identity{}, false, nil
	}
	scheme, raw, _ := strings.Cut(values[0], " ")
	if len(values) > 1 || !strings.EqualFold(scheme, "bearer") || raw == "" {
		return identity{}, false, unknown("%s must be one \"Bearer <token>\"", header)
	}
	i, err := g.verifier.verify(ctx, strings.TrimSpace(raw))
	return i, err == nil, err
}

func unknown(format string, args ...any) error {
	return errs.New(errs.Unauthenticated, "UNAUTHENTICATED", format, args...)
}

// words reads free text from a header. What is not percent-encoded is taken as it is: people type it into grpcurl.
func words(ctx context.Context, header string) string {
	values := metadata.ValueFromIncomingContext(ctx, header)
	if len(values) == 0 {
		return ""
	}
	text, err := url.PathUnescape(values[0])
	if err != nil {
		text = values[0]
	}
	return strings.Map(withoutControl, strings.ToValidUTF8(text[:min(len(text), maxWords)], ""))
}

// withoutControl drops what no text of people has and a database may refuse.
func withoutControl(r rune) rune {
	if unicode.IsControl(r) {
		return -1
	}
	return r
}
