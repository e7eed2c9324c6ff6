package journey

import "time"

// now is the business time.
func (l *Life) now() (time.Time, error) { return l.clock.Now(l.ctx) }

// Quiet waits until nothing is under way.
func (l *Life) Quiet() error { return l.clock.Settle(l.ctx) }

// Pass lets business time pass, and returns when nothing is under way.
func (l *Life) Pass(d time.Duration) error {
	now, err := l.now()
	if err != nil {
		return err
	}
	return l.PassTo(now.Add(d))
}

// PassTo lets business time pass until an instant; one that is over already is no error.
func (l *Life) PassTo(to time.Time) error {
	if now, err := l.now(); err != nil || !to.After(now) {
		return err
	}
	instants, err := l.clock.AdvanceTo(l.ctx, to)
	if err != nil {
		return err
	}
	l.print("  %s after %d instants", to.UTC().Format("2006-01-02 15:04"), instants)
	return nil
}
