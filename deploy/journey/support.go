package journey

import (
	"fmt"
	"time"

	supportv1 "example.com/handover/proto/gen/handover/support/v1"
)

// supported works in ServiceNow as the people who set the channel up.
func supported(l *Life) error {
	caseID, err := channelCase(l)
	if err != nil {
		return err
	}
	record, err := l.agent.Record(l.ctx, caseID)
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
	caseID, err := channelCase(l)
	if err != nil {
		return err
	}
	if err := l.agent.ResolveCase(l.ctx, caseID, "The channel is open."); err != nil {
		return fmt.Errorf("resolve in ServiceNow: %w", err)
	}
	return l.Pass(6 * time.Hour)
}

// CommentChannel says something in the case of the support channel, as an operator.
func (l *Life) CommentChannel(text string) error {
	caseID, err := channelCase(l)
	if err != nil {
		return err
	}
	if err := l.operator.CommentCase(l.ctx, caseID, text); err != nil {
		return fmt.Errorf("comment: %w", err)
	}
	return l.Quiet()
}

// CommentInServiceNow says something in the record of that case, as somebody who works there, and lets the suite hear it.
func (l *Life) CommentInServiceNow(text string) error {
	caseID, err := channelCase(l)
	if err != nil {
		return err
	}
	if err := l.agent.Comment(l.ctx, caseID, text); err != nil {
		return fmt.Errorf("work in ServiceNow: %w", err)
	}
	return l.Pass(6 * time.Hour)
}

// ResolveChannelHere has the suite resolve that case in ServiceNow.
func (l *Life) ResolveChannelHere() error {
	caseID, err := channelCase(l)
	if err != nil {
		return err
	}
	if err := l.operator.ResolveCase(l.ctx, caseID, "The channel is open."); err != nil {
		return fmt.Errorf("resolve: %w", err)
	}
	return l.Quiet()
}

// channelCase waits until the world is quiet and returns the id of the case in which people set the channel up.
func channelCase(l *Life) (string, error) {
	if err := l.Quiet(); err != nil {
		return "", err
	}
	t, err := l.transfer()
	if err != nil {
		return "", err
	}
	channel, err := l.Channels.GetChannel(l.asOperator(), &supportv1.GetChannelRequest{ChannelId: t.GetChannelId()})
	if err != nil {
		return "", fmt.Errorf("support channel: %w", err)
	}
	return channel.GetChannel().GetCaseId(), nil
}
