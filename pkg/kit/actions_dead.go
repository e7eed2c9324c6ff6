package kit

import (
	"context"

	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	"example.com/handover/pkg/wire"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// deadLetters are the events that a service's consumers refused too often: what they tell is not done before somebody replays them.
func deadLetters(e *Env) ActionsOf {
	const kind = typev1.ActionKind_ACTION_KIND_DEAD_LETTER
	return ActionsOf{Kind: kind, tell: func(ctx context.Context, words text.Words, ids []string, into map[string]told) error {
		letters, err := store.DeadLettersOf(ctx, e.DB, ids...)
		for _, l := range letters {
			w := &typev1.Waiting{Owner: typev1.Party_PARTY_RESELLER, Escalated: true}
			w.What, w.Where = words.Instruct(e.actions.Dead.With("consumer", l.Consumer, "subject", l.Subject))
			into[l.ID] = told{Action: &typev1.Action{
				ResourceId: l.ID, Kind: kind, Waiting: w, Parked: true, CreateTime: wire.Time(l.FirstAt.Time()),
			}}
		}
		return err
	}}
}
