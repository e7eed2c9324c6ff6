package text

const plainPrefix = "plain:"

// Plain carries a sentence as it stands, for a service whose words are not in a file yet. It goes with the last use.
func Plain(what string, where ...string) Text {
	t := Text{Key: plainPrefix + what}
	if len(where) > 0 {
		t = t.With("where", where[0])
	}
	return t
}
