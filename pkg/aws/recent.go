package aws

import (
	"container/list"
	"sync"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
)

// recent keeps the credentials of the payers that were used last. A payer whose role or external id changed is
// another payer to it.
type recent struct {
	mu      sync.Mutex
	limit   int
	order   *list.List // of kept, the latest first
	byPayer map[Payer]*list.Element
}

type kept struct {
	payer       Payer
	credentials sdk.CredentialsProvider
}

func newRecent(limit int) *recent {
	return &recent{limit: limit, order: list.New(), byPayer: map[Payer]*list.Element{}}
}

func (r *recent) get(p Payer, enter func(Payer) sdk.CredentialsProvider) sdk.CredentialsProvider {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e, ok := r.byPayer[p]; ok {
		r.order.MoveToFront(e)
		return e.Value.(kept).credentials
	}
	if r.order.Len() >= r.limit {
		last := r.order.Back()
		delete(r.byPayer, r.order.Remove(last).(kept).payer)
	}
	k := kept{p, enter(p)}
	r.byPayer[p] = r.order.PushFront(k)
	return k.credentials
}
