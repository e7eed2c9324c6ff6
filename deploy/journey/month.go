package journey

import (
	"fmt"
	"time"

	"example.com/handover/pkg/calendar"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// Live lets time pass until the transfer takes effect: from then on the reseller pays AWS.
func (l *Life) Live() error {
	t, err := l.transfer()
	if err != nil {
		return err
	}
	return l.PassTo(t.GetConnection().GetStartTime().AsTime())
}

// Use lets the customer use AWS, and the running month pass. On the first of the next one AWS issues its invoices.
func (l *Life) Use(lines ...*sandboxv1.UsageLine) ([]*sandboxv1.AwsInvoice, error) {
	now, err := l.now()
	if err != nil {
		return nil, err
	}
	month := calendar.MonthOf(now)
	if err := l.aws.RecordUsage(l.ctx, l.accountID, month, lines...); err != nil {
		return nil, fmt.Errorf("use AWS: %w", err)
	}
	if err := l.PassTo(month.Next().Start()); err != nil {
		return nil, err
	}
	issued, err := l.aws.CloseMonth(l.ctx, month)
	if err != nil {
		return nil, fmt.Errorf("close the month at AWS: %w", err)
	}
	return issued, nil
}

// PassToNoon lets time pass until noon of a day of the running month.
func (l *Life) PassToNoon(day int) error {
	now, err := l.now()
	if err != nil {
		return err
	}
	return l.PassTo(calendar.MonthOf(now).Start().AddDate(0, 0, day-1).Add(12 * time.Hour))
}
