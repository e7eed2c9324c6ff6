package store

// ClaimSQL shows the statement whose plan is tested.
func (t *Table[T]) ClaimSQL() string { return t.claimSQL() }
