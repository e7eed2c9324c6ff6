package orders

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"google.golang.org/grpc"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/rpc"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/orders/internal/order"
)

// timelineLimit bounds how many events of one service a timeline reads. A journey has some dozens.
const timelineLimit = 2000

type timelineServer struct {
	ordersv1.UnimplementedTimelineServiceServer
	tables  *tables
	sources []string
	conn    func(service string) grpc.ClientConnInterface
}

// GetTimeline merges what every service recorded under the order, in the order in which it happened, for the reader's
// audience. A service that does not answer, or is not deployed, is named instead of hiding the others.
func (s *timelineServer) GetTimeline(ctx context.Context, req *ordersv1.GetTimelineRequest) (*ordersv1.GetTimelineResponse, error) {
	row, err := s.tables.orders.Get(ctx, call.From(ctx).Scope, req.GetOrderId())
	if err != nil {
		return nil, err
	}
	resp := &ordersv1.GetTimelineResponse{}
	for _, service := range s.sources {
		events, err := s.told(ctx, service, row)
		if kind := errs.KindOf(err); kind == errs.Unavailable || kind == errs.Deadline {
			resp.MissingServices = append(resp.MissingServices, service)
			continue
		}
		if err != nil {
			return nil, err
		}
		resp.Entries = append(resp.Entries, events...)
	}
	slices.SortStableFunc(resp.Entries, inOrder)
	return pageOf(resp, req)
}

// told are the events of a service that belong to an order: those under its correlation, and of what a termination ends, which another
// order began, how that has ended since.
func (s *timelineServer) told(ctx context.Context, service string, row store.Row[order.Order]) ([]*typev1.Event, error) {
	ask := func(correlation, aggregateID string) *opsv1.ListEventsRequest {
		return &opsv1.ListEventsRequest{
			Correlation: correlation, AggregateId: aggregateID, CustomerId: row.Customer, Audience: audience(ctx), PageSize: 500,
		}
	}
	all, err := s.eventsOf(ctx, service, ask(row.ID, ""))
	if err != nil || row.Doc.Termination == nil {
		return all, err
	}
	ends := map[string]string{"accounttransfer": row.Doc.Termination.ConnectionID, name: row.Doc.AgreementID}
	if ends[service] == "" {
		return all, nil
	}
	more, err := s.eventsOf(ctx, service, ask("", ends[service]))
	for _, e := range more {
		if tellsOfEnd(e.GetName()) && !e.GetOccurTime().AsTime().Before(row.Doc.SubmittedAt) {
			all = append(all, e)
		}
	}
	return all, err
}

// tellsOfEnd reports whether a fact of a connection, or of an agreement, tells how it ends.
func tellsOfEnd(name string) bool {
	return slices.Contains([]string{
		"end_requested", "end_dropped", "withdrawal_requested", "withdrawal_refused", "revocation_requested", "revocation_answered",
		"consent_needless", "member_left", "account_closed", "returned", "ending", "ended", "terminated",
	}, name)
}

// inOrder sorts by business time, and what happened at the same business instant by when it was recorded. What one save
// recorded of several aggregates, an order and its agreement, is in the order of the ids, which sort by creation.
func inOrder(a, b *typev1.Event) int {
	recorded := cmp.Or(
		a.GetOccurTime().AsTime().Compare(b.GetOccurTime().AsTime()),
		a.GetRecordTime().AsTime().Compare(b.GetRecordTime().AsTime()),
	)
	if a.GetAggregateId() != b.GetAggregateId() {
		return cmp.Or(recorded, cmp.Compare(a.GetEventId(), b.GetEventId()))
	}
	return cmp.Or(recorded, cmp.Compare(a.GetRevision(), b.GetRevision()), cmp.Compare(a.GetOrdinal(), b.GetOrdinal()))
}

func (s *timelineServer) eventsOf(ctx context.Context, service string, wanted *opsv1.ListEventsRequest) (out []*typev1.Event, err error) {
	ops := opsv1.NewOperationsServiceClient(s.conn(service))
	wanted.Service, wanted.PageToken = service, ""
	for {
		page, err := ops.ListEvents(rpc.AsWorkload(ctx), wanted)
		if err != nil {
			return nil, err
		}
		out = append(out, page.GetEvents()...)
		if wanted.PageToken = page.GetNextPageToken(); wanted.PageToken == "" || len(out) >= timelineLimit {
			return out, nil
		}
	}
}

// audience is the widest circle that the reader belongs to.
func audience(ctx context.Context) typev1.Audience {
	switch p, _ := auth.From(ctx); p.Role {
	case auth.Operator, auth.SupportReader:
		return typev1.Audience_AUDIENCE_OPERATOR
	default:
		return typev1.Audience_AUDIENCE_CUSTOMER
	}
}

// pageOf cuts one page out of the merged entries. The token is the order's id and the place to go on at.
func pageOf(all *ordersv1.GetTimelineResponse, req *ordersv1.GetTimelineRequest) (*ordersv1.GetTimelineResponse, error) {
	from := 0
	if token := req.GetPageToken(); token != "" {
		place, ok := strings.CutPrefix(token, req.GetOrderId()+".")
		n, err := strconv.Atoi(place)
		if !ok || err != nil || n < 0 || n > len(all.GetEntries()) {
			return nil, errs.InvalidField("page_token", "PAGE_TOKEN_INVALID", "the token belongs to another list")
		}
		from = n
	}
	to := min(from+wire.PageSize(req.GetPageSize()), len(all.GetEntries()))
	if to < len(all.GetEntries()) {
		all.NextPageToken = req.GetOrderId() + "." + strconv.Itoa(to)
	}
	all.Entries = all.Entries[from:to]
	return all, nil
}
