package kit

import (
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// Waiting is what a kind gives the store: whom a document waits for by its own rules (nil: for nobody), and the reseller before
// all others where a party refuses a patient effect again and again. Such an effect holds up nothing else and is asked for
// once a day, so that nobody would ever hear of it.
func (es *Effects[T]) Waiting(own func(doc *T) store.Waiting) func(doc *T) store.Waiting {
	return func(doc *T) store.Waiting {
		if (*es.Ledger(doc)).Refused() {
			return store.Waiting{Owner: wire.Name(typev1.Party_PARTY_RESELLER), Escalated: true}
		}
		if own == nil {
			return store.Waiting{}
		}
		return own(doc)
	}
}
