package state

import (
	"slices"
	"time"

	"example.com/handover/pkg/sim/journal"
)

// Tx is one look at the state, with the changes made during it. It lives as long as the function it was given to.
type Tx struct {
	now           time.Time
	letters       []Letter
	Accounts      *Rows[Account]
	Organizations *Rows[Organization]
	Roles         *Rows[Role]
	Handshakes    *Rows[Handshake]
	Transfers     *Rows[Transfer]
	Creations     *Rows[Creation]
	BillingGroups *Rows[BillingGroup]
	Usage         *Rows[Usage]
	Closings      *Rows[Closing]
	Currencies    *Rows[PaymentCurrency]
	Adjustments   *Rows[Adjustment]
	Programs      *Rows[ProgramAccount]
	Relationships *Rows[Relationship]
	Proposals     *Rows[ChannelHandshake]
	fulfilled     *Rows[Fulfilled]
}

func (s *State) begin() *Tx {
	return &Tx{
		now:           s.now().UTC(),
		Accounts:      &Rows[Account]{base: s.accounts},
		Organizations: &Rows[Organization]{base: s.organizations},
		Roles:         &Rows[Role]{base: s.roles},
		Handshakes:    &Rows[Handshake]{base: s.handshakes},
		Transfers:     &Rows[Transfer]{base: s.transfers},
		Creations:     &Rows[Creation]{base: s.creations},
		BillingGroups: &Rows[BillingGroup]{base: s.billingGroups},
		Usage:         &Rows[Usage]{base: s.usage},
		Closings:      &Rows[Closing]{base: s.closings},
		Currencies:    &Rows[PaymentCurrency]{base: s.currencies},
		Adjustments:   &Rows[Adjustment]{base: s.adjustments},
		Programs:      &Rows[ProgramAccount]{base: s.programs},
		Relationships: &Rows[Relationship]{base: s.relationships},
		Proposals:     &Rows[ChannelHandshake]{base: s.proposals},
		fulfilled:     &Rows[Fulfilled]{base: s.fulfilled},
	}
}

// Now is the business time of the transaction.
func (tx *Tx) Now() time.Time { return tx.now }

type changes interface {
	changed() bool
	records() ([]journal.Record, error)
	apply()
}

func (tx *Tx) changes() []changes {
	return []changes{
		tx.Accounts, tx.Organizations, tx.Roles, tx.Handshakes, tx.Transfers, tx.Creations,
		tx.BillingGroups, tx.Usage, tx.Closings, tx.Currencies, tx.Adjustments,
		tx.Programs, tx.Relationships, tx.Proposals, tx.fulfilled,
	}
}

func (tx *Tx) changed() bool { return slices.ContainsFunc(tx.changes(), changes.changed) }

func (tx *Tx) records() ([]journal.Record, error) {
	var all []journal.Record
	for _, c := range tx.changes() {
		records, err := c.records()
		if err != nil {
			return nil, err
		}
		all = append(all, records...)
	}
	return all, nil
}

func (tx *Tx) apply() {
	for _, c := range tx.changes() {
		c.apply()
	}
}
