package store

// Seen keeps the last revision of an aggregate that a consumer has applied, in the transaction that applies it. True
// says that this revision is older or equal: drop the message.
func (tx *Tx) Seen(consumer, aggregate string, revision int64) (bool, error) {
	n, err := tx.Exec("INSERT INTO inbox (consumer, aggregate, revision, updated_at) VALUES ($1, $2, $3, $4) "+
		"ON CONFLICT (consumer, aggregate) DO UPDATE SET revision = excluded.revision, updated_at = excluded.updated_at "+
		"WHERE inbox.revision < excluded.revision", consumer, aggregate, revision, int64(tx.machine))
	return n == 0, err
}
