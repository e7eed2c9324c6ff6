package journey

import (
	"cmp"
	"fmt"
	"strings"

	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// printTimeline prints who did what, when and why, as an operator sees it, and returns the number of entries.
func printTimeline(l *Life) (int, error) {
	resp, err := l.Timeline.GetTimeline(l.asOperator(), &ordersv1.GetTimelineRequest{OrderId: l.orderID, PageSize: 500})
	if err != nil {
		return 0, fmt.Errorf("timeline: %w", err)
	}
	if missing := resp.GetMissingServices(); len(missing) > 0 {
		return 0, fmt.Errorf("the timeline lacks %v", missing)
	}
	l.print("— the timeline")
	for _, e := range resp.GetEntries() {
		l.print("  %s  %-30s %-30s %s", e.GetOccurTime().AsTime().Format("2006-01-02 15:04"), who(e.GetActor()),
			e.GetKind()+"."+e.GetName(), cmp.Or(e.GetNote(), e.GetReason()))
	}
	return len(resp.GetEntries()), nil
}

// who names the actor, and for whom a service acted.
func who(a *typev1.Actor) string {
	name := strings.TrimPrefix(a.GetSubject(), "service:")
	if behalf := a.GetOnBehalfOf(); behalf != "" && !strings.HasPrefix(behalf, "service:") {
		name += " for " + behalf
	}
	return name
}
