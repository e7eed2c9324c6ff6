package kit

import (
	"context"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/text"
)

// Words are the service's words in the language that the caller prefers; English where nobody asks.
func (e *Env) Words(ctx context.Context) text.Words { return e.texts.In(call.From(ctx).Language) }

// English are the service's words for what has no reader yet: the public state in an event, a record in ServiceNow.
func (e *Env) English() text.Words { return e.texts.In("") }

// Say renders a text for the caller.
func (e *Env) Say(ctx context.Context, t text.Text) string { return e.Words(ctx).Say(t) }

// Instruct renders what is to be done, and where, for the caller.
func (e *Env) Instruct(ctx context.Context, t text.Text) (what, where string) {
	return e.Words(ctx).Instruct(t)
}

// words are those of a hosted service; a method of none of them, as the operations service's, has no words of its own.
func (p *Process) words(ctx context.Context, service string) text.Words {
	for _, e := range p.hosted {
		if e.Name == service {
			return e.Words(ctx)
		}
	}
	return text.Bare{}
}
