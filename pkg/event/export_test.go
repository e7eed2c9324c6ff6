package event

// Subscriptions is how many subscriptions the process has at its NATS server.
func (b *Bus) Subscriptions() int { return b.conn.NumSubscriptions() }

// FollowedKinds is how many kinds somebody in the process follows.
func (b *Bus) FollowedKinds() int {
	b.kinds.mu.Lock()
	defer b.kinds.mu.Unlock()
	return len(b.kinds.followed)
}
