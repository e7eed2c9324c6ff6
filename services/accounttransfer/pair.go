package accounttransfer

import (
	"context"
	"errors"
	"slices"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/store"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/consent"
	"example.com/handover/services/accounttransfer/internal/journey"
	"example.com/handover/services/accounttransfer/internal/payer"
)

// pair is a transfer and its connection, and AWS's consent where the transfer needs one: lives that are saved together, so that
// each has followed the others.
type pair struct {
	transfer   store.Row[journey.Transfer]
	connection store.Row[connection.Connection]
	consent    store.Row[consent.Consent] // without a document: none is needed
	begun      bool                       // the consent is not stored yet
	held       []string                   // the accounts that the connection held when it was read
}

// decide changes both documents and returns what is to be told of each.
type decide func(t *journey.Transfer, c *connection.Connection, now time.Time) (journey.Changes, error)

// changePair changes a transfer that the scope sees together with its connection. More rows are locked with theirs.
func (t *tables) changePair(
	tx *store.Tx, scope call.Scope, transferID, etag string, change decide, more ...store.Locked,
) (pair, error) {
	found, err := t.transfers.GetTx(tx, scope, transferID)
	if err != nil {
		return pair{}, err
	}
	p, err := t.lockFound(tx, found.Doc, more...)
	if err != nil {
		return p, err
	}
	if etag != "" { // a stale one is refused before anything else
		if _, err := t.transfers.Update(tx, scope, transferID, etag, nil); err != nil {
			return p, err
		}
	}
	made, err := p.apply(change, tx.Now())
	if err != nil {
		return p, err
	}
	return t.savePair(tx, p, made)
}

// changeConnection changes a connection, together with the transfer or the request for an account that began it.
func (t *tables) changeConnection(
	tx *store.Tx, con *connection.Connection, etag string, change func(c *connection.Connection, now time.Time) ([]fact.Fact, error),
) (store.Row[connection.Connection], error) {
	if con.TransferID == "" {
		if err := tx.Lock(t.connections.Row(con.ID), t.requests.Row(con.AccountRequestID)); err != nil {
			return store.Row[connection.Connection]{}, err
		}
		var before []string
		row, err := t.connections.Update(tx, pairs(), con.ID, etag, func(c *connection.Connection) ([]fact.Fact, error) {
			before = connection.AccountsHeld(c)
			return change(c, tx.Now())
		})
		if err != nil {
			return row, err
		}
		if err := t.hold(tx, row.Doc, before); err != nil {
			return row, err
		}
		return row, t.followAccount(tx, row.Doc)
	}
	p, err := t.changePair(tx, pairs(), con.TransferID, "", func(
		_ *journey.Transfer, c *connection.Connection, now time.Time,
	) (journey.Changes, error) {
		if _, err := t.connections.Update(tx, pairs(), con.ID, etag, nil); err != nil { // a stale etag is refused before anything else
			return journey.Changes{}, err
		}
		facts, err := change(c, now)
		return journey.Changes{Connection: facts}, err
	})
	return p.connection, err
}

// lockPair locks the rows of a transfer, its connection and its consent, and more, and reads what is newest. Which rows these
// are is chosen when the transfer is created.
func (t *tables) lockPair(tx *store.Tx, transferID string, more ...store.Locked) (p pair, err error) {
	found, err := t.transfers.GetTx(tx, pairs(), transferID)
	if err != nil {
		return p, err
	}
	return t.lockFound(tx, found.Doc, more...)
}

// lockFound is lockPair of a transfer that was read without a lock.
func (t *tables) lockFound(tx *store.Tx, found *journey.Transfer, more ...store.Locked) (p pair, err error) {
	rows, err := t.rowsOf(tx, found)
	if err != nil {
		return p, err
	}
	if err := tx.Lock(append(more, rows...)...); err != nil {
		return p, err
	}
	return t.readPair(tx, found)
}

// rowsOf are the rows that change together with a transfer.
func (t *tables) rowsOf(tx *store.Tx, found *journey.Transfer) ([]store.Locked, error) {
	con, err := t.connections.GetTx(tx, pairs(), found.ConnectionID)
	if err != nil {
		return nil, err
	}
	return t.rows(members{found.ID, found.ConnectionID, found.ConsentID, con.Doc.ReplacesID}), nil
}

// readPair reads what is newest of rows that are locked.
func (t *tables) readPair(tx *store.Tx, found *journey.Transfer) (pair, error) {
	return t.read(tx, members{transfer: found.ID, connection: found.ConnectionID, consent: found.ConsentID})
}

// members are the ids of the rows that change together with a transfer, and of the membership that its connection replaces: what that
// holds decides where an account goes that is given back. An empty id is of none.
type members struct{ transfer, connection, consent, replaced string }

func (t *tables) rows(m members) []store.Locked {
	return []store.Locked{
		t.connections.Row(m.connection), t.consents.Row(m.consent), t.transfers.Row(m.transfer), t.connections.Row(m.replaced),
	}
}

func (t *tables) read(tx *store.Tx, m members) (p pair, err error) {
	if p.connection, err = t.connections.GetForUpdate(tx, pairs(), m.connection); err != nil {
		return p, err
	}
	p.held = connection.AccountsHeld(p.connection.Doc)
	if m.consent != "" {
		if p.consent, err = t.consents.GetForUpdate(tx, pairs(), m.consent); err != nil {
			return p, err
		}
	}
	p.transfer, err = t.transfers.GetForUpdate(tx, pairs(), m.transfer)
	return p, err
}

// inPair runs do on a transfer and what changes with it. Most have no consent and replace nothing, so that a claimed row knows which rows
// these are: they are locked without being looked for, and for a transfer that has others it is done again.
func (t *tables) inPair(ctx context.Context, m members, do func(tx *store.Tx, p pair) error) error {
	others := false
	err := t.db.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.Lock(t.rows(m)...); err != nil {
			return err
		}
		p, err := t.read(tx, m)
		if err != nil {
			return err
		}
		if others = p.transfer.Doc.ConsentID != m.consent || p.connection.Doc.ReplacesID != m.replaced; others {
			return errOthers
		}
		return do(tx, p)
	})
	if !others {
		return err
	}
	return t.db.InTx(ctx, func(tx *store.Tx) error {
		p, err := t.lockPair(tx, m.transfer)
		if err != nil {
			return err
		}
		return do(tx, p)
	})
}

var errOthers = errors.New("the transfer has other rows than those that were locked")

// hold notes which accounts a connection holds, frees those that it held before, and tells the membership that it replaces. Refused with
// ACCOUNT_IN_TRANSFER when another connection was faster, and with ACCOUNT_IS_PAYER for an account that is a payer of others.
func (t *tables) hold(tx *store.Tx, c *connection.Connection, before []string) error {
	now := connection.AccountsHeld(c)
	for _, account := range before {
		if slices.Contains(now, account) {
			continue
		}
		if _, err := tx.Exec("DELETE FROM held_accounts WHERE account = $1 AND holder = $2", account, c.ID); err != nil {
			return err
		}
		if err := t.holdAgain(tx, account, c.ReplacesID); err != nil {
			return err
		}
	}
	for _, account := range now {
		if slices.Contains(before, account) {
			continue
		}
		if err := t.holdFor(tx, account, c); err != nil {
			return err
		}
	}
	return t.followReplaced(tx, c)
}

// followReplaced tells the membership that a connection replaces how that stands. Its row is locked with the connection's.
func (t *tables) followReplaced(tx *store.Tx, by *connection.Connection) error {
	if by.ReplacesID == "" {
		return nil
	}
	row, err := t.connections.GetForUpdate(tx, pairs(), by.ReplacesID)
	if err != nil || !connection.FollowReplacement(row.Doc, by) {
		return err
	}
	_, err = t.connections.Update(tx, pairs(), by.ReplacesID, "", func(c *connection.Connection) ([]fact.Fact, error) {
		connection.FollowReplacement(c, by)
		return nil, nil
	})
	return err
}

// holdFor gives an account to a connection: one that nobody has, or the master account of its customer's own organization, which the
// payer has held; once that is closed, it can come in any way.
func (t *tables) holdFor(tx *store.Tx, account string, c *connection.Connection) error {
	taken, err := heldBy(tx, account, c.ID)
	if err != nil || taken {
		return err
	}
	if c.ReplacesID != "" { // the membership goes on, and has it back when nothing comes of its replacement
		n, err := tx.Exec("UPDATE held_accounts SET holder = $1 WHERE account = $2 AND holder = $3", c.ID, account, c.ReplacesID)
		if err != nil || n > 0 {
			return err
		}
	}
	p, err := t.payerOfAccount(tx, account)
	switch {
	case err != nil:
		return err
	case p == nil:
		return connection.AccountInTransfer(account, "")
	case p.CustomerID != c.CustomerID, p.State != payer.Closed && (c.Basis != connection.Membership || c.PayerID != "" && c.PayerID != p.ID):
		return connection.AccountIsPayer(account)
	}
	n, err := tx.Exec("UPDATE held_accounts SET holder = $1 WHERE account = $2 AND holder = $3", c.ID, account, p.ID)
	if err == nil && n == 0 {
		err = connection.AccountInTransfer(account, "")
	}
	return err
}

// holdAgain gives an account that a connection has freed back to the membership that it was to replace, or to the payer that it is.
func (t *tables) holdAgain(tx *store.Tx, account, replaces string) error {
	if replaces != "" {
		row, err := t.connections.GetForUpdate(tx, pairs(), replaces)
		if err == nil && slices.Contains(connection.AccountsHeld(row.Doc), account) {
			_, err = heldBy(tx, account, replaces)
			return err
		}
		if err != nil {
			return err
		}
	}
	p, err := t.payerOfAccount(tx, account)
	if err == nil && p != nil {
		_, err = heldBy(tx, account, p.ID)
	}
	return err
}

// heldBy reports whether the holder has got an account, which nobody had.
func heldBy(tx *store.Tx, account, holder string) (bool, error) {
	n, err := tx.Exec("INSERT INTO held_accounts (account, holder) VALUES ($1, $2) ON CONFLICT (account) DO NOTHING", account, holder)
	return n > 0, err
}

// payerOfAccount returns the payer that an account is; nil when it is none.
func (t *tables) payerOfAccount(tx *store.Tx, account string) (*payer.Payer, error) {
	page, err := t.payers.ListTx(tx, payersBelongToNobody(), store.Query{Where: []store.Cond{store.Eq("account", account)}, Size: 1})
	if err != nil || len(page.Rows) == 0 {
		return nil, err
	}
	return page.Rows[0].Doc, nil
}

// holder returns the id of the connection, or of the payer, that holds an account; "" when none does.
func (t *tables) holder(tx *store.Tx, account string) (holder string, err error) {
	rows, err := tx.Query("SELECT holder FROM held_accounts WHERE account = $1", account)
	if err != nil {
		return "", err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := rows.Scan(&holder); err != nil {
			return "", err
		}
	}
	return holder, rows.Err()
}

// apply makes a change and lets each follow the others.
func (p *pair) apply(change decide, now time.Time) (journey.Changes, error) {
	made, err := change(p.transfer.Doc, p.connection.Doc, now)
	if err != nil {
		return made, err
	}
	more := journey.Concur(p.transfer.Doc, p.connection.Doc, p.consent.Doc, now)
	if journey.LacksConsent(p.transfer.Doc) {
		p.begins(&more, now)
	}
	return journey.Changes{
		Transfer: append(made.Transfer, more.Transfer...), Connection: append(made.Connection, more.Connection...),
		Consent: append(made.Consent, more.Consent...),
	}, nil
}

// begins gives a transfer the consent that it has come to need.
func (p *pair) begins(made *journey.Changes, now time.Time) {
	t := p.transfer.Doc
	t.ConsentID, p.begun = id.New(prefixConsent), true
	p.consent.ID = t.ConsentID
	p.consent.Doc, made.Consent = consent.New(consent.Subject{
		ID: t.ConsentID, TransferID: t.ID, OrderID: t.OrderID, CustomerID: t.CustomerID, SellerID: t.SellerID, AccountID: t.AccountID,
	}, t.ConsentPolicy)
	more := journey.Concur(t, p.connection.Doc, p.consent.Doc, now)
	made.Transfer, made.Connection = append(made.Transfer, more.Transfer...), append(made.Connection, more.Connection...)
	made.Consent = append(made.Consent, more.Consent...)
}

// savePair saves all but what a claim saves.
func (t *tables) savePair(tx *store.Tx, p pair, made journey.Changes) (saved pair, err error) {
	if saved.connection, err = t.saveConnectionOf(tx, p, made); err != nil {
		return saved, err
	}
	if saved.consent, err = t.saveConsentOf(tx, p, made); err != nil {
		return saved, err
	}
	saved.transfer, err = t.transfers.Update(tx, pairs(), p.transfer.ID, "", replaced(p.transfer.Doc, made.Transfer))
	return saved, err
}

func (t *tables) saveConnectionOf(tx *store.Tx, p pair, made journey.Changes) (row store.Row[connection.Connection], err error) {
	if err := t.hold(tx, p.connection.Doc, p.held); err != nil {
		return row, err
	}
	return t.connections.Update(tx, pairs(), p.connection.ID, "", replaced(p.connection.Doc, made.Connection))
}

func (t *tables) saveConsentOf(tx *store.Tx, p pair, made journey.Changes) (row store.Row[consent.Consent], err error) {
	switch {
	case p.consent.Doc == nil:
		return row, nil
	case p.begun:
		return t.consents.Create(tx, p.consent.ID, p.consent.Doc, made.Consent...)
	}
	return t.consents.Update(tx, pairs(), p.consent.ID, "", replaced(p.consent.Doc, made.Consent))
}

// replaced is the change that puts a document in the place of what was read under the same lock.
func replaced[T any](doc *T, facts []fact.Fact) func(*T) ([]fact.Fact, error) {
	return func(newest *T) ([]fact.Fact, error) {
		*newest = *doc
		return facts, nil
	}
}

// settled saves a claimed row as it has become.
func settled[T any](tx *store.Tx, c *store.Claim[T], s kit.Saving[T], doc *T, facts []fact.Fact) error {
	return c.SettleTx(tx, replaced(doc, facts), s.Then)
}

// applyEach makes changes one after the other, each as a decision about the pair, and lets each follow the others in between.
func applyEach[T any](
	p *pair, s kit.Saving[T], decided func(kit.Change[T]) decide, now time.Time,
) (all journey.Changes, err error) {
	for _, change := range s.Changes {
		made, err := p.apply(decided(change), now)
		if err != nil {
			return all, err
		}
		all.Transfer, all.Connection = append(all.Transfer, made.Transfer...), append(all.Connection, made.Connection...)
		all.Consent = append(all.Consent, made.Consent...)
	}
	return all, nil
}

// saveConnection saves what came of an effect of a connection, and what follows for its transfer.
func (t *tables) saveConnection(ctx context.Context, c *store.Claim[connection.Connection], s kit.Saving[connection.Connection]) error {
	if c.Doc.TransferID == "" {
		return t.db.InTx(ctx, func(tx *store.Tx) error { return t.saveMember(tx, c, s) })
	}
	known := members{transfer: c.Doc.TransferID, connection: c.ID, replaced: c.Doc.ReplacesID}
	return t.inPair(ctx, known, func(tx *store.Tx, p pair) error {
		made, err := applyEach(&p, s, func(change kit.Change[connection.Connection]) decide {
			return func(_ *journey.Transfer, con *connection.Connection, _ time.Time) (journey.Changes, error) {
				facts, err := change(con)
				return journey.Changes{Connection: facts}, err
			}
		}, tx.Now())
		if err != nil {
			return err
		}
		if err := t.hold(tx, p.connection.Doc, p.held); err != nil {
			return err
		}
		if err := settled(tx, c, s, p.connection.Doc, made.Connection); err != nil {
			return err
		}
		if _, err := t.saveConsentOf(tx, p, made); err != nil {
			return err
		}
		_, err = t.transfers.Update(tx, pairs(), p.transfer.ID, "", replaced(p.transfer.Doc, made.Transfer))
		return err
	})
}

// saveTransfer saves what came of an effect of a transfer, and what follows for its connection.
func (t *tables) saveTransfer(ctx context.Context, c *store.Claim[journey.Transfer], s kit.Saving[journey.Transfer]) error {
	known := members{transfer: c.ID, connection: c.Doc.ConnectionID, consent: c.Doc.ConsentID}
	return t.inPair(ctx, known, func(tx *store.Tx, p pair) error {
		made, err := applyEach(&p, s, func(change kit.Change[journey.Transfer]) decide {
			return func(j *journey.Transfer, _ *connection.Connection, _ time.Time) (journey.Changes, error) {
				facts, err := change(j)
				return journey.Changes{Transfer: facts}, err
			}
		}, tx.Now())
		if err != nil {
			return err
		}
		if _, err := t.saveConnectionOf(tx, p, made); err != nil {
			return err
		}
		if _, err := t.saveConsentOf(tx, p, made); err != nil {
			return err
		}
		return settled(tx, c, s, p.transfer.Doc, made.Transfer)
	})
}
