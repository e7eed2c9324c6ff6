package accounttransfer

import (
	"testing"

	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/consent"
	"example.com/handover/services/accounttransfer/internal/journey"
	"example.com/handover/services/accounttransfer/internal/process"
)

func column[T any](t *testing.T, kind store.Kind[T], name string, doc *T) any {
	t.Helper()
	for _, c := range kind.Columns {
		if c.Name == name {
			return c.Value(doc)
		}
	}
	t.Fatalf("%s has no column %s", kind.Noun, name)
	return nil
}

// TestRefusedIsListed: what is refused a case or a mail is listed by itself, also while its consent or its journey lists what it waits for.
func TestRefusedIsListed(t *testing.T) {
	t.Parallel()
	refusals := intent.Ledger{"case": {Refusals: 3}}
	transfers := transferKind(&kit.Effects[journey.Transfer]{}, text.Bare{})
	connections := connectionKind(&kit.Effects[connection.Connection]{}, text.Bare{})
	for name, tt := range map[string]struct {
		intents intent.Ledger
		want    bool
	}{"refused": {refusals, true}, "not refused": {nil, false}} {
		tr := &journey.Transfer{ID: "trf_1", ConsentID: "cta_1", State: journey.InProgress, Intents: tt.intents}
		tr.Steps = []process.Step{{TemplateStep: process.TemplateStep{
			Key: "request-consent", Owner: process.Customer, CompletedBy: process.Observation,
			Condition: consent.Condition,
		}, State: process.Open}}
		if got := column(t, transfers, "own_wait", tr); got != tt.want {
			t.Errorf("a transfer, %s: %v", name, got)
		}
		c := &connection.Connection{ID: "con_1", TransferID: "trf_1", State: connection.Proposed, Intents: tt.intents}
		if got := column(t, connections, "own_wait", c); got != tt.want {
			t.Errorf("a connection, %s: %v", name, got)
		}
	}
}
