package support

import (
	"strings"

	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/support/internal/cases"
	"example.com/handover/services/support/internal/channel"
)

// found are what people find by a number of ServiceNow, and by their own id of it. A case is about something of another service, which its
// subject names.
func found(t *tables) []kit.Found {
	of := kit.FoundIn(typev1.HitKind_HIT_KIND_CASE, t.cases, func(w text.Words, k *cases.Case) *typev1.Hit {
		hit := &typev1.Hit{State: string(k.State)}
		hit.Title, _ = k.Words(w)
		if k.Record != nil {
			hit.Number = k.Record.Number
		}
		for prefix, leads := range map[string]*string{"agr_": &hit.AgreementId, "trf_": &hit.TransferId, "con_": &hit.ConnectionId} {
			if strings.HasPrefix(k.SubjectID, prefix) {
				*leads = k.SubjectID
			}
		}
		return hit
	})
	of.Only = []store.Cond{store.Eq("audience", cases.ForCustomer)}
	of.By = map[typev1.MatchedBy]kit.Sought{
		typev1.MatchedBy_MATCHED_BY_CASE_NUMBER: kit.ByWord(typev1.MatchedBy_MATCHED_BY_CASE_NUMBER),
		typev1.MatchedBy_MATCHED_BY_RECORD_ID:   kit.ByWord(typev1.MatchedBy_MATCHED_BY_RECORD_ID),
		typev1.MatchedBy_MATCHED_BY_EXTERNAL_ID: kit.ByColumn("external_id"),
	}
	return []kit.Found{of, kit.FoundIn(typev1.HitKind_HIT_KIND_CHANNEL, t.channels, func(_ text.Words, c *channel.Channel) *typev1.Hit {
		return &typev1.Hit{State: string(c.State), OrderId: c.OrderID}
	})}
}
