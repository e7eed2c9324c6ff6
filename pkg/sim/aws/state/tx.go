package state

import "time"

// Tx is one look at the state, with the changes made during it. It lives as long as the function it was given to.
type Tx struct {
	now           time.Time
	Accounts      *Rows[Account]
	Organizations *Rows[Organization]
	Roles         *Rows[Role]
	Handshakes    *Rows[Handshake]
	Transfers     *Rows[Transfer]
	Creations     *Rows[Creation]
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
	}
}

// Now is the business time of the transaction.
func (tx *Tx) Now() time.Time { return tx.now }

type changes interface {
	records() ([]Record, error)
	apply()
}

func (tx *Tx) changes() []changes {
	return []changes{tx.Accounts, tx.Organizations, tx.Roles, tx.Handshakes, tx.Transfers, tx.Creations}
}

func (tx *Tx) records() ([]Record, error) {
	var all []Record
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
