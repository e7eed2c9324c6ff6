package event

// Subscriptions is how many subscriptions the process has at its NATS server.
func (b *Bus) Subscriptions() int { return b.conn.NumSubscriptions() }
