package event

import (
	"fmt"
	"io"
	"strings"
)

// WriteAccounts writes accounts as a NATS server's configuration has them. A user without a key is left out, so that nobody
// can be it.
func WriteAccounts(w io.Writer, accounts []Account) error {
	var b strings.Builder
	b.WriteString("accounts {\n")
	for _, a := range accounts {
		fmt.Fprintf(&b, "  %s {\n", a.Name)
		if a.Name != SetUpUser {
			b.WriteString("    jetstream: enabled\n")
		}
		b.WriteString("    users: [\n")
		for _, u := range a.Users {
			u.write(&b)
		}
		b.WriteString("    ]\n    exports: [\n")
		for _, g := range a.grants {
			g.export(&b)
		}
		b.WriteString("    ]\n    imports: [\n")
		for _, g := range a.granted {
			g.imported(&b)
		}
		b.WriteString("    ]\n  }\n")
	}
	b.WriteString("}\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func (u User) write(b *strings.Builder) {
	for _, key := range u.Keys {
		fmt.Fprintf(b, "      { nkey: %q, permissions: {\n", key)
		only(b, "publish", u.Publish)
		only(b, "subscribe", u.Subscribe)
		if u.Answers {
			b.WriteString("        allow_responses: { max: 1 }\n")
		}
		b.WriteString("      } }\n")
	}
}

// only opens the subjects and nothing else. To a server an empty list would mean everything.
func only(b *strings.Builder, verb string, subjects []string) {
	if len(subjects) == 0 {
		fmt.Fprintf(b, "        %s: { deny: [ \">\" ] }\n", verb)
		return
	}
	fmt.Fprintf(b, "        %s: { allow: [\n", verb)
	for _, s := range subjects {
		fmt.Fprintf(b, "          %q\n", s)
	}
	b.WriteString("        ] }\n")
}

func (g Grant) export(b *strings.Builder) {
	switch {
	case g.Heard:
		fmt.Fprintf(b, "      { stream: %q, accounts: [ %s ] }\n", g.Subject, g.To)
	case g.Many:
		fmt.Fprintf(b, "      { service: %q, response_type: stream, accounts: [ %s ] }\n", g.Subject, g.To)
	default:
		fmt.Fprintf(b, "      { service: %q, accounts: [ %s ] }\n", g.Subject, g.To)
	}
}

func (g Grant) imported(b *strings.Builder) {
	kind, to := "service", ""
	if g.Heard {
		kind = "stream"
	} else if local := g.local(); local != g.Subject {
		to = fmt.Sprintf(", to: %q", local)
	}
	fmt.Fprintf(b, "      { %s: { account: %s, subject: %q }%s }\n", kind, g.Owner, g.Subject, to)
}
