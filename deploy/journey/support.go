package journey

import (
	"fmt"
	"time"

	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
)

// supported works in ServiceNow as the people who set the channel up.
func (l *Life) supported() error {
	record, err := l.record()
	if err != nil {
		return err
	}
	l.print("  ServiceNow has %s: %s", record.GetNumber(), record.GetFields()["short_description"])
	_, err = l.sandbox.UpdateServiceNowRecord(once(l.operator), &sandboxv1.UpdateServiceNowRecordRequest{
		SysId: record.GetSysId(), Fields: map[string]string{"state": "10", "comments": "We are setting it up."},
	})
	if err != nil {
		return fmt.Errorf("work in ServiceNow: %w", err)
	}
	if err := l.Pass(time.Hour); err != nil {
		return err
	}
	return l.ResolveChannel()
}

// ResolveChannel resolves the case of the support channel in ServiceNow and lets the suite find out.
func (l *Life) ResolveChannel() error {
	record, err := l.record()
	if err != nil {
		return err
	}
	_, err = l.sandbox.ResolveServiceNowRecord(once(l.operator), &sandboxv1.ResolveServiceNowRecordRequest{
		SysId: record.GetSysId(), Notes: "The channel is open.",
	})
	if err != nil {
		return fmt.Errorf("resolve in ServiceNow: %w", err)
	}
	return l.Pass(6 * time.Hour)
}

// record is the one record of the channel's case in ServiceNow.
func (l *Life) record() (*sandboxv1.ServiceNowRecord, error) {
	if err := l.quiet(); err != nil {
		return nil, err
	}
	t, err := l.transfer()
	if err != nil {
		return nil, err
	}
	channel, err := l.channels.GetChannel(l.operator, &supportv1.GetChannelRequest{ChannelId: t.GetChannelId()})
	if err != nil {
		return nil, fmt.Errorf("support channel: %w", err)
	}
	got, err := l.sandbox.ListServiceNowRecords(l.operator, &sandboxv1.ListServiceNowRecordsRequest{
		CorrelationId: channel.GetChannel().GetCaseId(),
	})
	if err != nil {
		return nil, err
	}
	if n := len(got.GetRecords()); n != 1 {
		return nil, fmt.Errorf("ServiceNow has %d records of the case %s", n, channel.GetChannel().GetCaseId())
	}
	return got.GetRecords()[0], nil
}
