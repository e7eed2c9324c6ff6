package accounttransfer

import (
	"context"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/notice"
	"example.com/handover/pkg/store"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/consent"
	"example.com/handover/services/accounttransfer/internal/journey"
)

// consentEffects are what a consent has done outside: mails, reminders and cases, because AWS has no API for it.
func consentEffects(o *outside) *kit.Effects[consent.Consent] {
	return &kit.Effects[consent.Consent]{
		All: []kit.Effect[consent.Consent]{notice.Effect(o.notices, notice.Set[consent.Consent]{
			Wanted: (*consent.Consent).Wanted, Kept: func(k *consent.Consent) *intent.Wishes { return &k.Wishes },
		})},
		Ledger: func(k *consent.Consent) *intent.Ledger { return &k.Intents },
		Dates:  (*consent.Consent).Next,
		Tick:   func(k *consent.Consent, _ string, now time.Time) ([]fact.Fact, error) { return k.Tick(now), nil },
	}
}

// saveConsent saves what came of an effect or a date of a consent, and what follows for its transfer.
func (t *tables) saveConsent(ctx context.Context, c *store.Claim[consent.Consent], s kit.Saving[consent.Consent]) error {
	return t.db.InTx(ctx, func(tx *store.Tx) error {
		p, err := t.lockPair(tx, c.Doc.TransferID)
		if err != nil {
			return err
		}
		made, err := applyEach(&p, s, func(change kit.Change[consent.Consent]) decide {
			return ofConsent(&p, func(k *consent.Consent, _ time.Time) ([]fact.Fact, error) { return change(k) })
		}, tx.Now())
		if err != nil {
			return err
		}
		if _, err := t.saveConnectionOf(tx, p, made); err != nil {
			return err
		}
		if err := settled(tx, c, s, p.consent.Doc, made.Consent); err != nil {
			return err
		}
		_, err = t.transfers.Update(tx, pairs(), p.transfer.ID, "", replaced(p.transfer.Doc, made.Transfer))
		return err
	})
}

// ofConsent is the change of a pair that changes its consent.
func ofConsent(p *pair, change func(*consent.Consent, time.Time) ([]fact.Fact, error)) decide {
	return func(_ *journey.Transfer, _ *connection.Connection, now time.Time) (journey.Changes, error) {
		facts, err := change(p.consent.Doc, now)
		return journey.Changes{Consent: facts}, err
	}
}

// changeConsent changes a consent that the scope sees, and the transfer that follows it. More rows are locked with theirs.
func (t *tables) changeConsent(
	tx *store.Tx, scope call.Scope, consentID, etag string, change func(*consent.Consent, time.Time) ([]fact.Fact, error),
	more ...store.Locked,
) (store.Row[consent.Consent], error) {
	found, err := t.consents.GetTx(tx, scope, consentID)
	if err != nil {
		return found, err
	}
	p, err := t.lockPair(tx, found.Doc.TransferID, more...)
	if err != nil {
		return found, err
	}
	if _, err := t.consents.Update(tx, scope, consentID, etag, nil); err != nil { // a stale etag is refused before anything else
		return found, err
	}
	made, err := p.apply(ofConsent(&p, change), tx.Now())
	if err != nil {
		return found, err
	}
	saved, err := t.savePair(tx, p, made)
	return saved.consent, err
}
