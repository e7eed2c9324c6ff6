package limit

// Keys is how many buckets are kept.
func (c *Calls) Keys() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.buckets)
}
