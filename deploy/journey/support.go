package journey

import (
	"fmt"
	"slices"
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
	if err := l.CommentInServiceNow("We are setting it up."); err != nil {
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

// CommentChannel says something in the case of the support channel, as an operator.
func (l *Life) CommentChannel(text string) error {
	caseID, err := l.channelCase()
	if err != nil {
		return err
	}
	_, err = l.cases.CommentCase(once(l.operator), &supportv1.CommentCaseRequest{CaseId: caseID, Text: text})
	if err != nil {
		return fmt.Errorf("comment: %w", err)
	}
	return l.Quiet()
}

// CommentInServiceNow says something in the record of that case, as somebody who works there, and lets the suite hear it.
func (l *Life) CommentInServiceNow(text string) error {
	record, err := l.record()
	if err != nil {
		return err
	}
	_, err = l.sandbox.UpdateServiceNowRecord(once(l.operator), &sandboxv1.UpdateServiceNowRecordRequest{
		SysId: record.GetSysId(), Fields: map[string]string{"state": "10", "comments": text},
	})
	if err != nil {
		return fmt.Errorf("work in ServiceNow: %w", err)
	}
	return l.Pass(6 * time.Hour)
}

// ResolveChannelHere has the suite resolve that case in ServiceNow.
func (l *Life) ResolveChannelHere() error {
	caseID, err := l.channelCase()
	if err != nil {
		return err
	}
	_, err = l.cases.ResolveCase(once(l.operator), &supportv1.ResolveCaseRequest{CaseId: caseID, Notes: "The channel is open."})
	if err != nil {
		return fmt.Errorf("resolve: %w", err)
	}
	return l.Quiet()
}

// record is the one record of the channel's case in ServiceNow that counts.
func (l *Life) record() (*sandboxv1.ServiceNowRecord, error) {
	caseID, err := l.channelCase()
	if err != nil {
		return nil, err
	}
	got, err := l.sandbox.ListServiceNowRecords(l.operator, &sandboxv1.ListServiceNowRecordsRequest{CorrelationId: caseID})
	if err != nil {
		return nil, err
	}
	counts := slices.DeleteFunc(got.GetRecords(), func(r *sandboxv1.ServiceNowRecord) bool {
		return slices.Contains([]string{"3", "7"}, r.GetFields()["state"]) // closed or cancelled
	})
	if n := len(counts); n != 1 {
		return nil, fmt.Errorf("ServiceNow has %d records of the case %s", n, caseID)
	}
	return counts[0], nil
}

// channelCase waits until the world is quiet and returns the id of the case in which people set the channel up.
func (l *Life) channelCase() (string, error) {
	if err := l.Quiet(); err != nil {
		return "", err
	}
	t, err := l.transfer()
	if err != nil {
		return "", err
	}
	channel, err := l.channels.GetChannel(l.operator, &supportv1.GetChannelRequest{ChannelId: t.GetChannelId()})
	if err != nil {
		return "", fmt.Errorf("support channel: %w", err)
	}
	return channel.GetChannel().GetCaseId(), nil
}
