package support

import (
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/text"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/support/internal/cases"
)

// actions is what the reseller's people must see to: the cases that they have, that stand still for too long, or that ServiceNow lacks.
func actions(t *tables) kit.Actions {
	return kit.Actions{
		Parked: text.New("wait.parked"), Dead: text.New("wait.dead_letter"),
		Refused: text.New("wait.refused"), Of: []kit.ActionsOf{
			kit.ActionsIn(typev1.ActionKind_ACTION_KIND_CASE, t.cases, func(w text.Words, k *cases.Case) (*typev1.Action, bool) {
				return &typev1.Action{Waiting: toWaiting(w, k.Waiting())}, k.Intents.Refused()
			}),
		},
	}
}
