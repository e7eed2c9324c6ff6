package event

// signal wakes one waiter. Pokes that nobody has taken yet are one.
type signal chan struct{}

func newSignal() signal { return make(signal, 1) }

// poke never blocks.
func (s signal) poke() {
	select {
	case s <- struct{}{}:
	default:
	}
}
