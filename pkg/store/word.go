package store

// The table found_by says by which words an aggregate is found. A search by one reads the rows that have it, however many others there
// are. A release whose kinds have other words empties the table in its migration, and fills it by Reindex.

// Worded holds where the aggregate has this word.
func Worded(word string) Cond { return Among("id", "found_by", Eq("word", word)) }

// Prefix is how the ids of the kind begin; empty: they are not checked.
func (t *Table[T]) Prefix() string { return t.kind.Prefix }

func (t *Table[T]) words(doc *T) []string {
	if t.kind.Words == nil {
		return nil
	}
	return t.kind.Words(doc)
}

// reword writes what has changed of the words of a row that the transaction has locked. Nothing in it reads them.
func (t *Table[T]) reword(tx *Tx, id string, before, after []string) error {
	had := map[string]bool{}
	for _, word := range before {
		had[clean(word)] = true
	}
	for _, word := range after {
		word = clean(word)
		if kept, known := had[word]; kept || known {
			had[word] = false // it stays
			continue
		}
		had[word] = false
		err := tx.later(statement{
			query: "INSERT INTO found_by (word, id) VALUES ($1, $2) ON CONFLICT (word, id) DO NOTHING", args: []any{word, id},
		})
		if err != nil {
			return err
		}
	}
	for word, gone := range had {
		if !gone {
			continue
		}
		if err := tx.later(statement{query: "DELETE FROM found_by WHERE word = $1 AND id = $2", args: []any{word, id}}); err != nil {
			return err
		}
	}
	return nil
}
